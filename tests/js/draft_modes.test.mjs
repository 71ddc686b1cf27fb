/** A draft that is updated, closed, made once more, of another organisation, or for a sale of a person. */

import assert from "node:assert/strict";
import test from "node:test";
import { choices, draft, draftValues, line, outcome, panel } from "./answers.mjs";
import { choose, EXISTING, INVOICE, opened, pass, previewed, sendButton, submit } from "./draft_page.mjs";

const DEAL = { doctype: "CRM Deal", name: "D-1", organisation: "ORG1" };
const organisations = [
	{ name: "ORG1", title: "Kiwi Test Ltd" },
	{ name: "ORG2", title: "Aussie Test Pty" },
];
const AUSSIE = draft({
	organisation: "ORG2",
	organisations,
	values: draftValues({
		organisation: "ORG2",
		contact_id: "a1",
		contact_name: "Widgets Sydney",
		due_date: "2026-12-05",
		lines: [line({ account_code: "41", tax_type: "AU10" })],
	}),
	choices: choices({ accounts: [{ value: "41", label: "41 Sales", tax_type: "AU10" }], tax_rates: [{ value: "AU10", label: "GST 10%", rate: "10" }] }),
});
const both = ({ organisation }) => (organisation === "ORG2" ? AUSSIE : draft({ organisations }));
const prepared = (shown) => shown.host.called("drafts.prepare");
const value = (shown, name) => shown.one(`[name="${name}"]`).value;

test("another organisation brings its own contact, choices and defaults; what was typed stays", async () => {
	const shown = await opened({ "drafts.prepare": both });
	assert.deepEqual(prepared(shown), [DEAL]);
	await shown.type('[name="reference"]', "PO 7");
	await shown.type('[name="lines.0.description"]', "By hand");
	await choose(shown, '[name="organisation"]', "ORG2");
	assert.deepEqual(prepared(shown)[1], { ...DEAL, organisation: "ORG2" });
	const names = ["organisation", "contact_name", "due_date", "reference", "lines.0.description", "lines.0.account_code", "lines.0.tax_type"];
	assert.deepEqual(
		names.map((name) => value(shown, name)),
		["ORG2", "Widgets Sydney", "2026-12-05", "PO 7", "By hand", "41", "AU10"],
	);
	await previewed();
	const { values } = shown.host.called("drafts.preview").at(-1);
	assert.deepEqual([values.organisation, values.contact_id], ["ORG2", "a1"]);
});

test("until it is there nothing is sent, and what is typed meanwhile stays too", async () => {
	let answer;
	const slow = ({ organisation }) => (organisation === "ORG2" ? new Promise((resolve) => (answer = resolve)) : draft({ organisations }));
	const shown = await opened({ "drafts.prepare": slow });
	await choose(shown, '[name="organisation"]', "ORG2");
	assert.equal(value(shown, "organisation"), "ORG2");
	assert.equal(sendButton(shown).disabled, true);
	await shown.type('[name="reference"]', "PO 8");
	answer(AUSSIE);
	await pass(0);
	assert.deepEqual([value(shown, "reference"), value(shown, "contact_name")], ["PO 8", "Widgets Sydney"]);
	assert.equal(sendButton(shown).disabled, false);
});

test("an organisation that cannot be prepared says why and the form stays as it was", async () => {
	const refuse = ({ organisation }) => (organisation === "ORG2" ? Promise.reject(new Error("It is gone.")) : draft({ organisations }));
	const shown = await opened({ "drafts.prepare": refuse });
	await choose(shown, '[name="organisation"]', "ORG2");
	assert.match(shown.one(".notice.bad").textContent, /It is gone\./);
	assert.equal(value(shown, "organisation"), "ORG1");
	assert.equal(sendButton(shown).disabled, false);
});

test("what was sent before is updated, in its organisation", async () => {
	const update = draft({ mode: "update", existing: EXISTING, organisations });
	const shown = await opened({ "drafts.prepare": update, "drafts.send": outcome("Sent", { document: INVOICE }) });
	assert.equal(shown.one("dialog h2").textContent, "Update draft invoice");
	assert.equal(sendButton(shown).textContent, "Update in Xero");
	assert.equal(shown.one('[name="organisation"]').disabled, true);
	assert.equal(shown.control("INV-0009").href, "https://go.xero.com/d9");
	await submit(shown);
	assert.equal(shown.host.called("drafts.send")[0].values.sequence, 1);
});

test("the record's lines of now can be taken over", async () => {
	const record_lines = [line({ description: "New on the record" }), line({ description: "And this" })];
	const shown = await opened({ "drafts.prepare": draft({ mode: "update", existing: EXISTING, record_lines }) });
	await shown.press("Take over the record's lines");
	assert.deepEqual(shown.all(".lines textarea").map((field) => field.value), ["New on the record", "And this"]);
});

test("a draft that is closed says why and shows no fields", async () => {
	const closed = draft({ mode: "closed", reason: "It is paid.", existing: { ...EXISTING, status: "Paid" }, values: null });
	const shown = await opened({ "drafts.prepare": closed });
	assert.match(shown.one("dialog").textContent, /It is paid\..*INV-0009/);
	assert.deepEqual(shown.all(".draft [name]"), []);
	assert.equal(sendButton(shown), null);
	assert.deepEqual(shown.host.called("drafts.preview"), []);
});

test("another invoice asks first, beside no dialog of ours, and is prepared under its own number", async () => {
	const closed = draft({ mode: "closed", reason: "It is paid.", existing: EXISTING, values: null, next_sequence: 3 });
	const second = draft({ sequence: 3, values: draftValues({ sequence: 3 }), others: [EXISTING] });
	const shown = await opened({
		"drafts.prepare": ({ sequence }) => (sequence ? second : closed),
		"drafts.send": outcome("Sent", { document: INVOICE }),
	});
	const asked = [];
	shown.host.confirm = async (question) => {
		asked.push([question, shown.one("dialog")]);
		return true;
	};
	await shown.press("Another invoice");
	assert.match(asked[0][0], /another invoice/);
	assert.equal(asked[0][1], null);
	assert.deepEqual(prepared(shown)[1], { ...DEAL, sequence: 3 });
	assert.equal(shown.one("dialog h2").textContent, "New draft invoice");
	assert.match(shown.one(".made").textContent, /Also made from this record: ?INV-0009/);
	await submit(shown);
	assert.equal(shown.host.called("drafts.send")[0].values.sequence, 3);
});

test("a record that is itself an invoice has no other one", async () => {
	for (const mode of ["update", "closed"]) {
		const values = mode === "closed" ? null : draftValues();
		const shown = await opened({ "drafts.prepare": draft({ mode, existing: EXISTING, reason: "It is paid.", next_sequence: null, values }) });
		assert.doesNotMatch(shown.one("dialog").textContent, /Another invoice/, mode);
	}
});

test("who thinks better of it has the form as it was", async () => {
	const shown = await opened({ "drafts.prepare": draft({ mode: "update", existing: EXISTING }) });
	shown.host.confirm = async () => false;
	await shown.type('[name="reference"]', "PO 7");
	await shown.press("Another invoice");
	assert.equal(prepared(shown).length, 1);
	assert.equal(value(shown, "reference"), "PO 7");
});

test("a person's draft is for one of the sales, or for none", async () => {
	const sales = [{ doctype: "CRM Deal", name: "D-7", title: "Website rebuild" }];
	const record = { ...panel().record, title: "Aotearoa Widgets", sales };
	const shown = await opened({
		"panel.get": () => panel({ record }),
		"drafts.prepare": ({ name }) => draft({ values: draftValues({ contact_name: name }) }),
		"drafts.send": outcome("Queued"),
		"drafts.progress": outcome("Sent", { document: INVOICE }),
	});
	const choice = shown.one("#draft-for");
	assert.deepEqual([...choice.options].map(({ text }) => text), ["No deal, only Aotearoa Widgets", "Website rebuild · D-7"]);
	assert.equal(choice.value, "0");
	await choose(shown, "#draft-for", "1");
	assert.deepEqual(prepared(shown)[1], { ...DEAL, name: "D-7" });
	assert.equal(value(shown, "contact_name"), "D-7");
	await submit(shown);
	await pass(1000);
	for (const method of ["drafts.send", "drafts.progress"]) assert.equal(shown.host.called(method)[0].name, "D-7", method);
	assert.equal(shown.host.called("panel.get").at(-1).name, "D-1");
	assert.match(shown.one("dialog").textContent, /INV-0009 is in Xero/);
});
