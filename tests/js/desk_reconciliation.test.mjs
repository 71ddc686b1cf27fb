/** The form of a reconciliation in Desk: what it says, and what its buttons ask for. */

import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";

import { settled, t, window } from "./page.mjs";

mock.timers.enable({ apis: ["setTimeout"] });

const { mount, startReconciliation } = await import("../../xero_connector/public/desk/reconciliation.js?v=test");

const DONE = { run: "RUN-1", state: "Done", done: 4, total: 4, message: "" };
const ROW = {
	row: "row-1",
	kind: "Different",
	subject: "Invoice",
	title: "INV-<b>1</b>",
	currency: "NZD",
	here: "115.01",
	in_xero: "115.00",
	fixed: false,
	fields: [{ label: "Amount Due", here: "115.01", in_xero: "115" }],
	url: "https://xero.example/invoice",
};

function answer(change) {
	const figures = { receivable_here: "10.00", receivable_in_xero: "10.00", payable_here: "0.00", payable_in_xero: "0.00" };
	for (const name of ["contacts", "invoices", "credit_notes"]) Object.assign(figures, { [`${name}_here`]: 3, [`${name}_in_xero`]: 3 });
	return {
		reconciliation: "REC-1",
		organisation: "ORG-1",
		title: "Kiwi <i>Test</i>",
		state: "Agrees",
		agrees: true,
		as_of: "2026-11-21T13:00:00+00:00",
		currency: "NZD",
		differences: 0,
		fixed: 0,
		kept: 0,
		figures,
		currencies: [],
		customers: [],
		run: DONE,
		fixing: null,
		...change,
	};
}

const differs = (change) =>
	answer({
		state: "Differs",
		agrees: false,
		differences: 1,
		kept: 1,
		customers: [{ contact: "con-1", name: "Harbour <b>Works</b>", url: null, rows: [{ ...ROW, ...change }] }],
	});

let wrapper = null;
afterEach(() => wrapper.remove());

/** The form with `answers` one after the other, the last one again and again. */
async function show(...answers) {
	wrapper = document.createElement("div");
	document.body.append(wrapper);
	const calls = [];
	const frm = {
		docname: "REC-1",
		doc: { organisation: "ORG-1" },
		get_field: () => ({ $wrapper: { get: () => wrapper } }),
		page: { wrapper: { is: () => true } },
	};
	globalThis.__ = (text, values) => t(String(text), values);
	globalThis.frappe = {
		boot: { lang: "en" },
		set_route: (...route) => calls.push(["route", ...route]),
		xcall: async (path, args) => {
			const method = path.replace("xero_connector.api.", "");
			calls.push([method, args]);
			if (method === "tools.reconcile") return { reconciliation: "REC-2" };
			return answers.length > 1 ? answers.shift() : answers[0];
		},
	};
	await mount(frm);
	const control = (label) => [...wrapper.querySelectorAll("button")].find((node) => node.textContent === label) ?? null;
	const press = async (label) => {
		control(label).dispatchEvent(new window.Event("click", { bubbles: true }));
		await settled();
	};
	return { calls, control, press, text: () => wrapper.textContent };
}

test("one that agrees says so to the cent, with both sides of everything", async () => {
	const { text, control } = await show(answer());
	assert.match(text(), /Agrees with Xero to the cent at/);
	assert.match(text(), /Contacts33Agrees/);
	assert.equal(control("Fix all"), null);
});

test("what differs stands under its customer, as text, with what each side says", async () => {
	const { text } = await show(differs());
	assert.match(text(), /1 difference from Xero at/);
	assert.match(text(), /Harbour <b>Works<\/b> \(1\).*Invoice INV-<b>1<\/b>.*Amount Due: 115.01 → 115.*115\.01.*115\.00/s);
	assert.equal(wrapper.querySelector("b, i"), null);
});

test("one difference or all of them are read again", async () => {
	const { calls, press } = await show(differs());
	await press("Fix");
	await press("Fix all");
	assert.deepEqual(
		calls.filter(([method]) => method !== "reconciliation.get"),
		[
			["reconciliation.fix", { reconciliation: "REC-1", row: "row-1" }],
			["reconciliation.fix_all", { reconciliation: "REC-1" }],
		],
	);
});

test("what was read again offers nothing more", async () => {
	const { text, control } = await show({ ...differs({ fixed: true }), state: "Fixed", fixed: 1 });
	assert.match(text(), /What differed from Xero at .* was read again/);
	assert.deepEqual([control("Fix"), control("Fix all")], [null, null]);
});

test("while it goes on it says how far it is, can be stopped, and is looked at again", async () => {
	const going = answer({ state: "Comparing", as_of: null, run: { ...DONE, state: "Running", done: 1 } });
	const { calls, text, press } = await show(going, going, answer());
	assert.match(text(), /Not compared to the end.*Running · 1 of 4/s);
	await press("Stop");
	assert.deepEqual(calls[1], ["tools.stop", { run: "RUN-1" }]);
	mock.timers.tick(1000);
	await settled();
	assert.match(text(), /Agrees with Xero/);
	const asked = calls.length;
	mock.timers.tick(5000);
	await settled();
	assert.equal(calls.length, asked, "what is done is not asked for again");
});

test("what broke off tells why and can be gone on with", async () => {
	const broken = answer({ state: "Comparing", as_of: null, run: { ...DONE, state: "Failed", message: "Xero is not available." } });
	const { calls, text, press } = await show(broken);
	assert.match(text(), /Xero is not available\./);
	await press("Resume");
	assert.deepEqual(calls[1], ["tools.resume", { run: "RUN-1" }]);
});

test("comparing begins with a form where it can be watched", async () => {
	const { calls } = await show(answer());
	await startReconciliation("ORG-1");
	assert.deepEqual(calls.slice(-2), [
		["tools.reconcile", { organisation: "ORG-1" }],
		["route", "Form", "Xero Reconciliation", "REC-2"],
	]);
});
