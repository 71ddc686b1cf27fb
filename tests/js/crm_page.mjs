/** A page of jsdom that is a record's page of Frappe CRM, as far as our places in it go. */

import { JSDOM } from "jsdom";

const GLOBALS = ["document", "location", "navigator", "Node"];

export const { window } = new JSDOM("<!doctype html><body></body>", { url: "https://site.example/crm/deals/D-1" });
for (const name of GLOBALS) Object.defineProperty(globalThis, name, { value: window[name], configurable: true });
globalThis.window = window;
// jsdom draws nothing: what is in the document counts as visible unless it is hidden
window.Element.prototype.getClientRects = function () {
	return this.isConnected && !this.closest("[hidden]") ? [{}] : [];
};

const observers = [];
globalThis.MutationObserver = class extends window.MutationObserver {
	constructor(callback) {
		super(callback);
		observers.push(this);
	}
};

let frames = [];
globalThis.requestAnimationFrame = (callback) => frames.push(callback);

/** Lets what has changed on the page be noticed, and the next frame come; tells how many callbacks it had. */
export async function nextFrame() {
	await new Promise((resolve) => setTimeout(resolve));
	const due = frames;
	frames = [];
	for (const callback of due) callback();
	return due.length;
}

/** A page that was just opened: nothing of the one before looks at it. */
export function openPage(path, ...nodes) {
	for (const observer of observers.splice(0)) observer.disconnect();
	frames = [];
	delete window.xero_connector_crm;
	document.body.replaceChildren(...nodes);
	go(path);
}

export function go(path) {
	window.history.pushState(null, "", path);
}

export const one = (selector) => document.querySelector(selector);
export const all = (selector) => [...document.querySelectorAll(selector)];

/** A row of tabs with a panel each, of which the first is selected; pressing one selects it, as in the CRM. */
export function tabs(...labels) {
	const area = document.createElement("div");
	const list = document.createElement("div");
	list.setAttribute("role", "tablist");
	area.append(list);
	const select = (chosen) => {
		for (const tab of list.querySelectorAll("[role=tab].theirs")) tab.setAttribute("aria-selected", tab === chosen);
	};
	for (const label of labels) {
		const [tab, panel] = [document.createElement("button"), document.createElement("div")];
		tab.setAttribute("role", "tab");
		tab.className = "theirs";
		tab.textContent = label;
		tab.addEventListener("click", () => select(tab));
		panel.setAttribute("role", "tabpanel");
		panel.textContent = `${label} of the CRM`;
		list.append(tab);
		area.append(panel);
	}
	select(list.firstChild);
	return area;
}

export const selected = () => all("[role=tab][aria-selected=true]").map((tab) => tab.textContent);

export function press(key, target = document.activeElement) {
	target.dispatchEvent(new window.KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
}
