/** A page of jsdom with a mounted panel and a host whose answers the test decides. */

import { JSDOM } from "jsdom";

const PANEL = new URL("../../xero_connector/public/panel/index.js?v=test", import.meta.url);
const GLOBALS = ["document", "navigator", "Node", "DOMParser"];

const { window } = new JSDOM("<!doctype html><body></body>", { url: "https://site.example/app/crm-deal/D-1" });
// newer Node has a navigator of its own, which cannot be assigned
for (const name of GLOBALS) Object.defineProperty(globalThis, name, { value: window[name], configurable: true });
// jsdom has dialogs but does not show them
window.HTMLDialogElement.prototype.showModal = function () {
	this.open = true;
};
window.HTMLDialogElement.prototype.close = function () {
	this.open = false;
};

const { mount } = await import(PANEL);

export { window };

/** Lets promises that are settled run on. */
export async function settled() {
	for (let turn = 0; turn < 30; turn++) await Promise.resolve();
}

/** The sentence with {0} filled in, as Frappe's `__` does. */
export function t(text, values = []) {
	return text.replace(/\{(\d)\}/g, (_, index) => values[index]);
}

/**
 * `answers` is {method: value or function(args) → value or promise}; every call is kept in `calls`.
 */
export function fakeHost(answers) {
	const host = {
		calls: [],
		toasts: [],
		opened: [],
		handlers: {},
		locale: "en-NZ",
		t,
		async call(method, args) {
			host.calls.push([method, args]);
			const answer = answers[method];
			return typeof answer === "function" ? answer(args) : answer;
		},
		called: (method) => host.calls.filter(([name]) => name === method).map(([, args]) => args),
		toast: (message, kind) => host.toasts.push([kind, message]),
		confirm: async () => true,
		openRecord: (...record) => host.opened.push(record),
		subscribe(event, handler) {
			host.handlers[event] = handler;
			return () => delete host.handlers[event];
		},
	};
	return host;
}

/** Mounts the panel of deal D-1 and waits for its first answers. */
export async function show(answers) {
	const host = fakeHost(answers);
	const element = document.createElement("div");
	document.body.replaceChildren(element);
	const handle = mount(element, host, { doctype: "CRM Deal", name: "D-1" });
	await settled();
	const root = () => element.firstElementChild.shadowRoot;
	const all = (selector) => [...root().querySelectorAll(selector)];
	return {
		host,
		handle,
		element,
		all,
		one: (selector) => all(selector)[0] ?? null,
		text: () => root().textContent,
		/** The button, tab or link that reads or is labelled like this. */
		control(label) {
			const reads = (node) => node.getAttribute("aria-label") === label || node.textContent.trim().startsWith(label);
			return all("button, a").find(reads) ?? null;
		},
		async press(label) {
			const control = this.control(label);
			if (!control) throw new Error(`no control reads ${label}`);
			control.click();
			await settled();
		},
		async type(selector, value) {
			const field = this.one(selector);
			field.value = value;
			field.dispatchEvent(new window.Event("input", { bubbles: true }));
			await settled();
		},
	};
}
