/**
 * The Xero panel of a record, the same in every host. `host` is
 *
 *     {call(method, args) → Promise, toast(message, kind), confirm(message) → Promise<boolean>,
 *      t(text, values) → string, openRecord(doctype, name), subscribe(event, handler) → unsubscribe, locale}
 *
 * where `call("panel.get", {…})` rejects with an Error that has a sentence (`message`) and a `status`; `kind` is
 * "success", "info" or "error".
 *
 * Only this module imports, with the version that it was asked for itself (?v=…): browsers keep assets for a year,
 * and a nested import does not inherit the version. Every other module gets what it needs as an argument.
 */

const { search: version } = new URL(import.meta.url);
const MODULES = ["dom", "format", "state", "api", "ui", "controller"];
const ACTIONS = ["panel", "list", "link", "draft"];
const STYLES = ["base", "frame", "overview", "list", "narrow", "dialog"];
const VIEWS = ["panel", "header", "overview", "charts", "list", "rows", "connect", "link", "draft"];

const [[dom, format, states, { createApi }, { createUi }, { createController }], actions, drawn] = await Promise.all([
	load("", MODULES),
	load("actions/", ACTIONS),
	load("views/", VIEWS),
]);
const makers = ACTIONS.map((name, index) => actions[index][`${name}Actions`]);
const views = Object.assign({}, ...drawn);

/**
 * Puts the panel of one record into `element` and keeps it fresh until `unmount`. `update` points it at another
 * record, or brings the same one up to date.
 *
 * @param {Element} element
 * @param {{doctype: string, name: string}} target
 * @returns {{update: function({doctype: string, name: string}), unmount: function()}}
 */
export function mount(element, host, target) {
	const { frame, canvas } = makeFrame();
	const ui = createUi({ host, dom, format, views });
	const paint = (state, act) => paintOn(canvas, dom.h("div", null, views.panelView(ui, state, act)));
	const controller = createController({ host, api: createApi(host), states, format, makers, target, paint });
	const { act, get } = controller;
	const unsubscribe = host.subscribe("xero_updated", (message) => {
		const shown = get().panel?.organisation?.name;
		if (shown === undefined || shown === message?.organisation) act.reloadSoon();
	});
	element.append(frame);
	act.load();

	return {
		update({ doctype, name }) {
			const shown = get().target;
			if (shown.doctype === doctype && shown.name === name) return act.reload();
			controller.retarget({ doctype, name });
			return act.load();
		},

		unmount() {
			controller.stop();
			unsubscribe();
			frame.remove();
		},
	};
}

function load(folder, names) {
	return Promise.all(names.map((name) => import(`./${folder}${name}.js${version}`)));
}

/** A shadow root keeps the host's styles out; its custom properties (colours, fonts) come in. */
function makeFrame() {
	const frame = document.createElement("div");
	const canvas = document.createElement("div");
	const sheets = STYLES.map(styleSheet);
	canvas.hidden = true;
	Promise.all(sheets.map(({ loaded }) => loaded)).then(() => (canvas.hidden = false));
	canvas.addEventListener("keydown", keepFromHost);
	frame.attachShadow({ mode: "open" }).append(...sheets.map(({ link }) => link), canvas);
	return { frame, canvas };
}

/** `loaded` also without success: a panel without its looks is better than none. */
function styleSheet(name) {
	const link = document.createElement("link");
	const loaded = new Promise((resolve) => (link.onload = link.onerror = resolve));
	link.rel = "stylesheet";
	link.href = new URL(`styles/${name}.css${version}`, import.meta.url).href;
	return { link, loaded };
}

/** Seen from outside a shadow root, typing does not come from a field, and the host would take it for shortcuts. */
function keepFromHost(event) {
	const isTyping = event.target.matches("input, textarea, select") && !event.ctrlKey && !event.metaKey;
	if (isTyping || event.target.closest("dialog")) event.stopPropagation();
}

function paintOn(canvas, next) {
	const shown = canvas.querySelector("dialog");
	// closing gives the focus back to where it was before the dialog opened; removing would not
	if (shown?.open && !next.querySelector("dialog")) shown.close();
	const before = new Set(canvas.querySelectorAll("[data-focus]"));
	dom.patch(canvas, next);
	const dialog = canvas.querySelector("dialog");
	if (dialog && !dialog.open) dialog.showModal();
	const [appeared] = [...canvas.querySelectorAll("[data-focus]")].filter((node) => !before.has(node));
	appeared?.focus();
}
