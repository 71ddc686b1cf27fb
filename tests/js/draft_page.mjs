/** A panel with the form of a draft opened in it. */

import { draft, page, panel, row } from "./answers.mjs";
import { mock } from "node:test";
import { settled, show, window } from "./page.mjs";

mock.timers.enable({ apis: ["setTimeout"] });

export const INVOICE = { id: "d9", number: "INV-0009", url: "https://go.xero.com/d9", status: "Draft" };
export const EXISTING = { ...INVOICE, total: "115.00", amount_due: "115.00", currency: "NZD", state: "Created" };

export async function pass(ms) {
	mock.timers.tick(ms);
	await settled();
}

/** The preview is asked for after a pause. */
export const previewed = () => pass(400);

/** `answers` can be changed while the panel is there. */
export async function opened(answers = {}) {
	const drafts = ({ view }) => page({ view, rows: [row({ number: "INV-0009", status: "Draft" })] });
	const known = { "panel.get": () => panel(), "panel.list_documents": drafts, "drafts.prepare": () => draft() };
	const shown = await show(Object.assign(answers, { ...known, ...answers }));
	await shown.press("New draft invoice");
	return shown;
}

export async function choose(shown, selector, value) {
	const field = shown.one(selector);
	field.value = value;
	for (const type of ["input", "change"]) field.dispatchEvent(new window.Event(type, { bubbles: true }));
	await settled();
}

export async function tick(shown, selector) {
	shown.one(selector).click();
	await settled();
}

export const sendButton = (shown) => shown.one('.draft .foot button[class~="primary"]');
export const submit = (shown) => shown.submit("form.draft");

/** What stands beside a field because of what is wrong with it. */
export function problemOf(shown, path) {
	const field = shown.one(`[name="${path}"]`);
	const note = field.getAttribute("aria-invalid") && field.parentElement.querySelector(".error");
	return note ? note.textContent : null;
}

export function refusal(message, field) {
	return () => Promise.reject(Object.assign(new Error(message), { status: 417, field }));
}
