/**
 * A tab in the main row of tabs of a record's page. No release has a means for it yet, so it is built beside the
 * CRM's own: a button at the end of the list, and a panel beside the CRM's panels that hides them while it is open
 * (`crm.css`). The CRM's state is not touched; any of its tabs takes the page back.
 *
 * Where the page is not as we know it (no single row of tabs, or a tab "Xero" there already) nothing is done.
 */

const PAGE = /^\/crm\/(deals|leads|contacts|organizations)\/([^/]+)\/?$/;
const DOCTYPES = { deals: "CRM Deal", leads: "CRM Lead", contacts: "Contact", organizations: "CRM Organization" };
const ID = "xero-main-tab";

export function createMainTab(label) {
	const served = new Set();
	let tab = null;
	/** The address at which the tab was opened: the CRM may draw the same page anew under it. */
	let openAt = null;

	function keep() {
		const target = targetOfPage(served);
		const list = target && rowOfTabs(label);
		if (openAt !== location.href) openAt = null;
		if (tab && !tab.isFor(list, target)) {
			tab.remove();
			tab = null;
		}
		if (list && !tab) {
			tab = addTab(list, target, label, (isOpen) => (openAt = isOpen ? location.href : null));
			if (openAt) tab.open();
		}
	}

	return {
		keep,

		/** From now on, records of this doctype have the tab. */
		serve(doctype) {
			served.add(doctype);
			keep();
		},
	};
}

function targetOfPage(served) {
	const [, route, name] = PAGE.exec(location.pathname) ?? [];
	const doctype = DOCTYPES[route];
	return served.has(doctype) ? { doctype, name: decodeURIComponent(name) } : null;
}

/** The one visible list of tabs of the page itself, if it has no tab of this name. */
function rowOfTabs(label) {
	const lists = [...document.querySelectorAll("[role=tablist]")].filter(
		(list) => !list.closest("[role=tabpanel], [role=dialog]") && list.getClientRects().length,
	);
	const [list] = lists;
	const theirs = lists.length === 1 ? tabsOf(list).filter((tab) => tab.id !== ID) : [];
	const isTaken = theirs.some((tab) => tab.textContent.trim() === label);
	return theirs.length && !isTaken ? list : null;
}

function tabsOf(list) {
	return [...list.querySelectorAll("[role=tab]")];
}

/** `onChange(isOpen)` tells what the reader does. */
function addTab(list, target, label, onChange) {
	const button = makeButton(list, label);
	const panel = makePanel(list.parentElement, target);
	/** The tab that the CRM takes for selected, while ours is open. */
	let theirs = null;

	function open() {
		if (theirs) return;
		button.style.setProperty("--to-edge", `${list.clientHeight - button.offsetTop - button.offsetHeight}px`);
		theirs = tabsOf(list).find((tab) => tab !== button && isSelected(tab)) ?? button;
		setSelected(theirs, false);
		setSelected(button, true);
		panel.show();
		onChange(true);
	}

	/** The CRM marks the tab that was pressed, but not if it takes that one for selected already. */
	function close(pressed) {
		if (!theirs) return;
		setSelected(button, false);
		if (pressed === theirs) setSelected(theirs, true);
		theirs = null;
		panel.hide();
		onChange(false);
	}

	function onClick(event) {
		const pressed = event.target.closest("[role=tab]");
		if (pressed === button) open();
		else if (pressed) close(pressed);
	}

	/** The CRM's tabs know nothing of ours: steps from it and to it are made here. */
	function onKeydown(event) {
		const next = tabByKey(tabsOf(list), event);
		if (!next || (next !== button && event.target !== button)) return;
		event.preventDefault();
		event.stopPropagation();
		next.focus();
		next.click();
	}

	list.append(button);
	list.addEventListener("click", onClick);
	list.addEventListener("keydown", onKeydown, { capture: true });

	return {
		open,

		isFor(otherList, other) {
			return otherList === list && button.isConnected && other.doctype === target.doctype && other.name === target.name;
		},

		/** Without `onChange`: the page has gone, the reader has not chosen another tab. */
		remove() {
			list.removeEventListener("click", onClick);
			list.removeEventListener("keydown", onKeydown, { capture: true });
			if (theirs) setSelected(theirs, true);
			panel.hide();
			button.remove();
		},
	};
}

/** The tab that this key leads to, round the ends; undefined for any other key. */
function tabByKey(tabs, { key, target }) {
	const index = tabs.indexOf(target.closest("[role=tab]"));
	const isMirrored = target.closest("[dir]")?.dir === "rtl";
	const [forth, back] = isMirrored ? ["ArrowLeft", "ArrowRight"] : ["ArrowRight", "ArrowLeft"];
	const steps = { [forth]: (index + 1) % tabs.length, [back]: index - 1, Home: 0, End: -1 };
	return index < 0 ? undefined : tabs.at(steps[key] ?? tabs.length);
}

/** A tab of the CRM's looks. */
function makeButton(list, label) {
	const tabs = tabsOf(list);
	const button = document.createElement("button");
	button.type = "button";
	button.id = ID;
	button.className = (tabs.find((tab) => !isSelected(tab)) ?? tabs[0]).className;
	button.append(makeIcon(), label);
	button.setAttribute("role", "tab");
	button.setAttribute("aria-controls", `${ID}-panel`);
	setSelected(button, false);
	return button;
}

/** A bill, in the strokes of the CRM's icons. */
function makeIcon() {
	const [svg, path] = ["svg", "path"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));
	svg.setAttribute("viewBox", "0 0 16 16");
	svg.setAttribute("aria-hidden", "true");
	path.setAttribute("d", "M3.5 14V2.5h9V14l-2.25-1.5L8 14l-2.25-1.5zM6 5.5h4M6 8.5h4");
	svg.append(path);
	return svg;
}

function isSelected(tab) {
	return tab.getAttribute("aria-selected") === "true";
}

function setSelected(tab, isOn) {
	tab.setAttribute("aria-selected", isOn);
	if (tab.id === ID) tab.tabIndex = isOn ? 0 : -1;
}

/** Our panel beside those of the CRM; in it, while it is shown, a place for the panel of the record. */
function makePanel(area, target) {
	const panel = document.createElement("div");
	panel.id = `${ID}-panel`;
	panel.setAttribute("role", "tabpanel");
	panel.setAttribute("aria-labelledby", ID);
	return {
		show() {
			panel.replaceChildren(makePlace(target));
			area.append(panel);
			area.dataset.xeroOpen = "";
		},

		hide() {
			panel.remove();
			delete area.dataset.xeroOpen;
		},
	};
}

/** Where `watch.js` mounts the panel of the record. */
function makePlace({ doctype, name }) {
	const place = document.createElement("div");
	place.dataset.xeroPanel = doctype;
	place.dataset.xeroName = encodeURIComponent(name);
	return place;
}
