/** A draft from a record: opened, filled in, sent and followed. */

import assert from "node:assert/strict";
import test from "node:test";
import { draft, draftValues, outcome, panel } from "./answers.mjs";
import { INVOICE, opened, pass, previewed, problemOf, refusal, sendButton, submit } from "./draft_page.mjs";
import { fakeHost, openPage, settled, show, window } from "./page.mjs";

const DEAL = { doctype: "CRM Deal", name: "D-1" };

test("the form comes filled in and every field can be edited", async () => {
	const { one, all } = await opened();
	const values = Object.fromEntries(all(".draft [name]").map((field) => [field.name, field.value]));
	const line = Object.entries(draftValues().lines[0]).filter(([name]) => name !== "discount_amount");
	assert.deepEqual(values, {
		contact_name: "Aotearoa Widgets",
		date: "2026-11-21",
		due_date: "2026-12-21",
		reference: "",
		currency: "NZD",
		line_amount_types: "Exclusive",
		branding_theme: "",
		status: "Draft",
		...Object.fromEntries(line.map(([name, value]) => [`lines.0.${name}`, value])),
		"part.kind": "all",
	});
	assert.ok(one("dialog").open);
	assert.ok(all(".draft [name]").every((field) => !field.disabled));
	assert.equal(one('[name="contact_name"]').getRootNode().activeElement.name, "contact_name");
});

test("every field has a name that can be heard", async () => {
	const { all } = await opened();
	for (const field of all(".draft [name]")) {
		const label = field.getAttribute("aria-label") ?? field.labels?.[0]?.textContent;
		assert.ok(label, field.name);
	}
});

test("a choice that is not offered any more is shown as it is", async () => {
	const values = draftValues({ branding_theme: "gone" });
	const { one } = await opened({ "drafts.prepare": draft({ values }) });
	assert.equal(one('[name="branding_theme"]').value, "gone");
});

test("who may not draft is not offered it", async () => {
	const role = await show({ "panel.get": panel({ can: { ...panel().can, draft: false } }) });
	assert.equal(role.control("New draft invoice"), null);
	const record = await show({ "panel.get": panel({ record: { ...panel().record, can_draft: false } }) });
	assert.equal(record.control("New draft invoice"), null);
});

test("a double click sends once", async () => {
	const shown = await opened({ "drafts.send": () => new Promise(() => {}) });
	submit(shown);
	submit(shown);
	await settled();
	assert.equal(shown.host.called("drafts.send").length, 1);
	assert.equal(sendButton(shown).disabled, true);
});

test("what was edited is what is sent", async () => {
	const shown = await opened({ "drafts.send": outcome("Sent", { document: INVOICE }) });
	await shown.type('[name="lines.0.unit_amount"]', "99.50");
	await shown.type('[name="reference"]', "PO 778");
	await submit(shown);
	const [{ values, doctype, name }] = shown.host.called("drafts.send");
	assert.deepEqual([doctype, name], ["CRM Deal", "D-1"]);
	const expected = draftValues({ reference: "PO 778" });
	expected.lines[0].unit_amount = "99.50";
	assert.deepEqual(values, expected);
});

test("a draft that has arrived is told with its number, a link and what Xero remarked", async () => {
	const shown = await opened({
		"drafts.send": outcome("Queued"),
		"drafts.progress": outcome("Sent", { document: INVOICE, remarks: "The account was archived." }),
	});
	await submit(shown);
	assert.match(shown.text(), /on its way to Xero/);
	await pass(1000);
	assert.match(shown.text(), /Draft invoice INV-0009 is in Xero\..*The account was archived\./);
	assert.equal(shown.control("Open in Xero").href, "https://go.xero.com/d9");
	assert.equal(shown.host.called("panel.get").length, 2);
	assert.deepEqual(shown.host.called("drafts.progress"), [{ ...DEAL, outbox: "o1" }]);
	await pass(60000);
	assert.equal(shown.host.called("drafts.progress").length, 1);
});

test("once a draft is in Xero the list shows the drafts, whatever it was filtered by", async () => {
	const shown = await opened({ "drafts.send": outcome("Sent", { document: INVOICE }) });
	await submit(shown);
	const [query] = shown.host.called("panel.list_documents");
	assert.deepEqual([query.kind, query.view, query.search, query.from_date], ["invoice", "drafts", null, null]);
	assert.equal(shown.one('.views [aria-selected="true"]').dataset.key, "drafts");
	assert.match(shown.one(".documents").textContent, /INV-0009/);
});

test("an approved invoice is no draft, and the list shows it", async () => {
	const document = { ...INVOICE, status: "Authorised" };
	const shown = await opened({ "drafts.send": outcome("Sent", { document }) });
	await submit(shown);
	assert.match(shown.one("dialog").textContent, /Invoice INV-0009 is in Xero\./);
	assert.equal(shown.host.called("panel.list_documents")[0].view, "all");
});

test("after a minute the panel says that sending goes on in the background", async () => {
	const shown = await opened({ "drafts.send": outcome("Queued"), "drafts.progress": outcome("Sending") });
	await submit(shown);
	for (let second = 0; second < 60; second++) await pass(1000);
	assert.equal(shown.host.called("drafts.progress").length, 60);
	assert.match(shown.text(), /goes on in the background/);
});

test("a lost answer about the progress is no failure of the draft", async () => {
	let asked = 0;
	const progress = () => (asked++ ? outcome("Sent", { document: INVOICE }) : Promise.reject(new Error("away")));
	const shown = await opened({ "drafts.send": outcome("Queued"), "drafts.progress": progress });
	await submit(shown);
	await pass(1000);
	await pass(1000);
	assert.match(shown.text(), /INV-0009 is in Xero/);
});

test("a refusal gives the form back with what was typed", async () => {
	const shown = await opened({ "drafts.send": refusal("Xero is closed for you.") });
	await shown.type('[name="reference"]', "Typed by hand");
	await submit(shown);
	assert.match(shown.one(".notice.bad").textContent, /Xero is closed for you\./);
	assert.equal(shown.one('[name="reference"]').value, "Typed by hand");
	assert.equal(sendButton(shown).disabled, false);
});

test("a refusal of a field stands beside it, the field has the focus, and editing takes it away", async () => {
	const shown = await opened({ "drafts.send": refusal("Quantity is missing.", "lines.0.quantity") });
	await submit(shown);
	assert.equal(problemOf(shown, "lines.0.quantity"), "Quantity is missing.");
	assert.equal(shown.focused().name, "lines.0.quantity");
	assert.equal(shown.one(".notice.bad"), null);
	await shown.type('[name="lines.0.quantity"]', "2");
	assert.equal(problemOf(shown, "lines.0.quantity"), null);
});

test("what Xero refused later is told in the same way, and a field that is not there is told above", async () => {
	const late = outcome("Needs Attention", { message: "The account is archived.", field: "lines.0.account_code" });
	const shown = await opened({ "drafts.send": outcome("Queued"), "drafts.progress": late });
	await submit(shown);
	await pass(1000);
	assert.equal(problemOf(shown, "lines.0.account_code"), "The account is archived.");
	const elsewhere = await opened({ "drafts.send": refusal("No such line.", "lines.7.quantity") });
	await submit(elsewhere);
	assert.match(elsewhere.one(".notice.bad").textContent, /No such line\./);
});

test("Escape closes the form and stops following", async () => {
	const shown = await opened({ "drafts.send": outcome("Queued"), "drafts.progress": outcome("Sending") });
	await submit(shown);
	shown.one("dialog").dispatchEvent(new window.Event("cancel", { cancelable: true }));
	await pass(10000);
	assert.equal(shown.one("dialog"), null);
	assert.equal(shown.host.called("drafts.progress").length, 0);
});

test("a form that cannot be prepared says why", async () => {
	const shown = await opened({ "drafts.prepare": refusal("No invoice can be made here.") });
	assert.match(shown.one("dialog").textContent, /No invoice can be made here\./);
	await shown.press("Close");
	assert.equal(shown.one("dialog"), null);
});

test("a host opens the form by its target or by its handle, for who may make a draft", async () => {
	const host = fakeHost({ "panel.get": () => panel(), "drafts.prepare": () => draft() });
	const { mount } = await openPage();
	const element = document.createElement("div");
	document.body.replaceChildren(element);
	const handle = mount(element, host, { ...DEAL, open: "draft" });
	await settled();
	const dialog = () => element.firstElementChild.shadowRoot.querySelector("dialog form.draft");
	assert.ok(dialog());
	assert.deepEqual(host.called("panel.get"), [DEAL]);
	handle.update({ ...DEAL, name: "D-2" });
	await settled();
	assert.equal(dialog(), null);
	await handle.openDraft();
	await settled();
	assert.ok(dialog());
	assert.equal(host.called("drafts.prepare").at(-1).name, "D-2");
});

test("a wish for a draft that the person may not make has no effect", async () => {
	const shown = await show({ "panel.get": panel({ can: { ...panel().can, draft: false } }) });
	await shown.handle.openDraft();
	assert.equal(shown.one("dialog"), null);
	assert.deepEqual(shown.host.called("drafts.prepare"), []);
});

test("a record that nothing can be sent of says so, and offers no sending", async () => {
	const shown = await opened({ "drafts.prepare": draft({ problems: ["Choose a sales account in Xero Settings."] }) });
	await previewed();
	assert.match(shown.one(".draft").textContent, /Choose a sales account/);
	assert.equal(sendButton(shown).disabled, true);
});
