/**
 * Nodes without markup: everything that is data enters the page as text or as an attribute, never as HTML.
 *
 * `h` builds a node; `patch` carries what changed over to the nodes that are on the page already, so that focus,
 * caret, scroll position and an open date picker survive a new state.
 */

const SVG = "http://www.w3.org/2000/svg";
const SVG_TAGS = new Set(["svg", "path", "circle"]);
const FIELDS = new Set(["INPUT", "TEXTAREA", "SELECT"]);

/** node → {event type: handler}; one listener a type looks the handler up, so that a patch can exchange it. */
const handlers = new WeakMap();

/**
 * `h("a", {class: ["row", open && "open"], href, on: {click}}, "text", node, [nodes], null)`.
 *
 * null, undefined and false leave a property or a child out (aria-* properties are written as "false").
 * `key` names a node among its siblings; `style` takes custom properties only; `href` takes http(s) only.
 */
export function h(tag, props, ...children) {
	const node = SVG_TAGS.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag);
	const given = props ?? {};
	for (const [name, value] of Object.entries(given)) setProp(node, name, value);
	node.append(...children.flat(Infinity).filter(isShown).map(toNode));
	if (given.value !== undefined) node.value = given.value ?? "";
	return node;
}

/** The address if it is http(s), also when it is relative to the page; null for anything else (javascript:, data:). */
export function safeUrl(address) {
	if (!address) return null;
	try {
		const { protocol, href } = new URL(address, document.baseURI);
		return protocol === "https:" || protocol === "http:" ? href : null;
	} catch {
		return null;
	}
}

/**
 * Makes the children of `current` alike to those of `next`; `next` is used up. Children without a key are matched by
 * their place, so what comes and goes among others has a key, or they have.
 */
export function patch(current, next) {
	const wantedKeys = new Set([...next.children].map((child) => child.dataset.key));
	for (const child of [...current.children]) if (child.dataset.key && !wantedKeys.has(child.dataset.key)) child.remove();
	const keyed = new Map();
	for (const child of current.children) if (child.dataset.key) keyed.set(child.dataset.key, child);
	let cursor = current.firstChild;
	for (const wanted of [...next.childNodes]) {
		const match = counterpart(wanted, cursor, keyed);
		if (!match) {
			current.insertBefore(wanted, cursor);
		} else {
			if (match === cursor) cursor = cursor.nextSibling;
			else current.insertBefore(match, cursor);
			patchNode(match, wanted);
		}
	}
	while (cursor) {
		const following = cursor.nextSibling;
		cursor.remove();
		cursor = following;
	}
}

function isShown(child) {
	return child !== null && child !== undefined && child !== false && child !== "";
}

function toNode(child) {
	return typeof child === "object" ? child : document.createTextNode(String(child));
}

function setProp(node, name, value) {
	if (name === "value") return;
	if (name === "on") return listen(node, value);
	if (name === "key") return void (node.dataset.key = value);
	if (name === "style") return setStyle(node, value);
	if (name === "class") return setAttribute(node, "class", [value].flat().filter(Boolean).join(" "));
	setAttribute(node, name, name === "href" ? safeUrl(value) : value);
}

function setAttribute(node, name, value) {
	if (value === null || value === undefined) return;
	if (value === false && !name.startsWith("aria-")) return;
	node.setAttribute(name, value === true && !name.startsWith("aria-") ? "" : String(value));
}

function setStyle(node, properties) {
	for (const [name, value] of Object.entries(properties)) node.style.setProperty(name, String(value));
}

function listen(node, wanted) {
	const known = handlers.get(node) ?? {};
	for (const type of Object.keys(wanted)) if (!(type in known)) node.addEventListener(type, route);
	// a type that is no longer wanted keeps its listener, which then finds no handler
	const gone = Object.fromEntries(Object.keys(known).map((type) => [type, undefined]));
	handlers.set(node, { ...gone, ...wanted });
}

function route(event) {
	handlers.get(event.currentTarget)?.[event.type]?.(event);
}

function counterpart(wanted, cursor, keyed) {
	const key = wanted.dataset?.key;
	const match = key ? keyed.get(key) : cursor;
	if (!match || match.nodeName !== wanted.nodeName) return null;
	return key || !match.dataset?.key ? match : null;
}

function patchNode(current, next) {
	if (current.nodeType !== Node.ELEMENT_NODE) {
		if (current.data !== next.data) current.data = next.data;
		return;
	}
	patchAttributes(current, next);
	listen(current, handlers.get(next) ?? {});
	const value = next.value;
	patch(current, next);
	if (FIELDS.has(current.nodeName) && current.value !== value) current.value = value;
	// once somebody has ticked a box, the attribute says nothing any more
	if (current.type === "checkbox") current.checked = next.checked;
}

function patchAttributes(current, next) {
	for (const { name, value } of [...next.attributes]) {
		if (current.getAttribute(name) !== value) current.setAttribute(name, value);
	}
	for (const { name } of [...current.attributes]) {
		// the browser sets `open` on a dialog that is shown
		const isOwn = current.nodeName === "DIALOG" && name === "open";
		if (!isOwn && !next.hasAttribute(name)) current.removeAttribute(name);
	}
}
