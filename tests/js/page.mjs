/** A page of jsdom with a mounted panel and a host whose answers the test decides. */

import { JSDOM } from "jsdom";
import { preview } from "./answers.mjs";

const PANEL = new URL("../../xero_connector/public/panel/index.js", import.meta.url);
const GLOBALS = ["document", "navigator", "Node", "DOMParser"];

const { window } = new JSDOM("<!doctype html><body></body>", {
	url: "https://site.example/app/crm-deal/D-1",
	pretendToBeVisual: true,
});
// newer Node has a navigator of its own, which cannot be assigned
for (const name of GLOBALS) Object.defineProperty(globalThis, name, { value: window[name], configurable: true });
// jsdom has dialogs but does not show them
window.HTMLDialogElement.prototype.showModal = function () {
	this.open = true;
};
window.HTMLDialogElement.prototype.close = function () {
	this.open = false;
};

let pages = 0;

export { window };

/** The modules as a page has them that was just opened: the panel remembers answers for as long as its page lives. */
export function openPage() {
	pages += 1;
	return import(`${PANEL}?v=${pages}`);
}

/** Lets promises that are settled run on. */
export async function settled() {
	for (let turn = 0; turn < 30; turn++) await Promise.resolve();
}

/** The sentence with {0} filled in, as Frappe's `__` does. */
export function t(text, values = []) {
	return text.replace(/\{(\d)\}/g, (_, index) => values[index]);
}

/** What the panel asks for by itself, in tests that are about something else. */
const UNASKED = { "links.suggest": { contacts: [] }, "drafts.preview": () => preview() };

/**
 * `answers` is {method: value or function(args) → value or promise}; every call is kept in `calls`.
 */
export function fakeHost(answers) {
	const host = {
		calls: [],
		saved: [],
		toasts: [],
		opened: [],
		handlers: {},
		locale: "en-NZ",
		t,
		async call(method, args) {
			host.calls.push([method, args]);
			const answer = answers[method] ?? UNASKED[method];
			return typeof answer === "function" ? answer(args) : answer;
		},
		async download(method, args) {
			await host.call(method, args);
			host.saved.push(method);
		},
		called: (method) => host.calls.filter(([name]) => name === method).map(([, args]) => args),
		toast: (message, kind) => host.toasts.push([kind, message]),
		confirm: async () => true,
		open: (address) => host.opened.push(address),
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
	const { mount } = await openPage();
	const handle = mount(element, host, { doctype: "CRM Deal", name: "D-1" });
	await settled();
	const root = () => element.firstElementChild.shadowRoot;
	const all = (selector) => [...root().querySelectorAll(selector)];
	return {
		host,
		handle,
		element,
		mount,
		all,
		one: (selector) => all(selector)[0] ?? null,
		text: () => root().textContent,
		/** The button, tab or link that reads or is labelled like this. */
		control(label) {
			const reads = (node) => node.getAttribute("aria-label") === label || node.textContent.trim().startsWith(label);
			return all("button, a").find(reads) ?? null;
		},
		/** A key as it is struck in the node that has the focus. */
		async strike(key) {
			const [{ shadowRoot }] = element.children;
			shadowRoot.activeElement.dispatchEvent(new window.KeyboardEvent("keydown", { key, bubbles: true }));
			await settled();
		},
		focused: () => element.firstElementChild.shadowRoot.activeElement,
		async submit(selector) {
			this.one(selector).dispatchEvent(new window.Event("submit", { bubbles: true, cancelable: true }));
			await settled();
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
