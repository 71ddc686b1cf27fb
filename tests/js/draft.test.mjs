import assert from "node:assert/strict";
import test, { mock } from "node:test";
import { contact, draft, outcome, page, panel, row } from "./answers.mjs";
import { settled, show, window } from "./page.mjs";

mock.timers.enable({ apis: ["setTimeout"] });

const INVOICE = { id: "d9", number: "INV-0009", url: "https://go.xero.com/d9", status: "Draft" };

async function pass(ms) {
	mock.timers.tick(ms);
	await settled();
}

async function opened(answers) {
	const drafts = ({ view }) => page({ view, rows: [row({ number: "INV-0009", status: "Draft" })] });
	const known = { "panel.get": () => panel(), "panel.list_documents": drafts, "drafts.prepare": draft() };
	const shown = await show({ ...known, ...answers });
	await shown.press("New draft invoice");
	return shown;
}

function submit(shown) {
	shown.one("form.draft").dispatchEvent(new window.Event("submit", { bubbles: true, cancelable: true }));
	return settled();
}

test("the form comes filled in and every field can be edited", async () => {
	const { one, all } = await opened();
	const values = Object.fromEntries(all(".draft [name]").map((field) => [field.name, field.value]));
	assert.deepEqual(values, {
		contact_name: "Aotearoa Widgets",
		date: "2026-11-21",
		due_date: "2026-12-21",
		reference: "",
		description: "Website rebuild",
		amount: "12500.00",
	});
	assert.match(one(".draft").textContent, /Amount \(NZD\)/);
	assert.ok(one("dialog").open);
	assert.ok(all(".draft [name]").every((field) => !field.disabled));
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
	assert.equal(shown.one('.draft .foot button[class~="primary"]').disabled, true);
});

test("what was edited is what is sent", async () => {
	const shown = await opened({ "drafts.send": outcome("Sent", { document: INVOICE }) });
	await shown.type('[name="amount"]', "99.50");
	await shown.type('[name="reference"]', "PO 778");
	await submit(shown);
	const [{ values, doctype, name }] = shown.host.called("drafts.send");
	assert.deepEqual([doctype, name], ["CRM Deal", "D-1"]);
	assert.equal(values.amount, "99.50");
	assert.equal(values.reference, "PO 778");
	assert.equal(values.contact_id, "c1");
	assert.equal("existing" in values, false);
});

test("another name is another contact, and a suggested name is that contact", async () => {
	const found = [contact({ id: "c7", name: "Acme Ltd" })];
	const shown = await opened({
		"links.search_contacts": { contacts: found },
		"drafts.send": outcome("Sent", { document: INVOICE }),
	});
	await shown.type('[name="contact_name"]', "Acme");
	assert.match(shown.one(".draft").textContent, /if there is none, it is created/);
	await pass(250);
	assert.equal(shown.one("datalist option").value, "Acme Ltd");
	await shown.type('[name="contact_name"]', "Acme Ltd");
	await submit(shown);
	assert.equal(shown.host.called("drafts.send")[0].values.contact_id, "c7");
});

test("a wrong amount or due date is told before anything is sent", async () => {
	const shown = await opened();
	await shown.type('[name="amount"]', "1,200");
	await shown.type('[name="due_date"]', "2026-11-01");
	await submit(shown);
	assert.match(shown.one(".draft").textContent, /digits and a point only/);
	assert.match(shown.one(".draft").textContent, /cannot be before the date/);
	assert.deepEqual(shown.host.called("drafts.send"), []);
	assert.equal(shown.one(".draft").getRootNode().activeElement.name, "due_date");
});

test("a draft that has arrived is told with its number and a link", async () => {
	const shown = await opened({
		"drafts.send": outcome("Queued"),
		"drafts.progress": outcome("Sent", { document: INVOICE }),
	});
	await submit(shown);
	assert.match(shown.text(), /on its way to Xero/);
	await pass(1000);
	assert.match(shown.text(), /Draft invoice INV-0009 is in Xero\./);
	assert.equal(shown.control("Open in Xero").href, "https://go.xero.com/d9");
	assert.equal(shown.host.called("panel.get").length, 2);
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
	const shown = await opened({ "drafts.send": () => Promise.reject(new Error("Amount is missing.")) });
	await shown.type('[name="description"]', "Typed by hand");
	await submit(shown);
	assert.match(shown.one(".notice.bad").textContent, /Amount is missing\./);
	assert.equal(shown.one('[name="description"]').value, "Typed by hand");
	assert.equal(shown.one('.draft .foot button[class~="primary"]').disabled, false);
});

test("Escape closes the form and stops following", async () => {
	const shown = await opened({ "drafts.send": outcome("Queued"), "drafts.progress": outcome("Sending") });
	await submit(shown);
	shown.one("dialog").dispatchEvent(new window.Event("cancel", { cancelable: true }));
	await pass(10000);
	assert.equal(shown.one("dialog"), null);
	assert.equal(shown.host.called("drafts.progress").length, 0);
});

test("a record that has its invoice says so and sends no other", async () => {
	const shown = await opened({ "drafts.prepare": draft({ existing: INVOICE, problems: ["No account is set."] }) });
	assert.match(shown.text(), /No account is set\./);
	assert.match(shown.text(), /already in Xero: INV-0009/);
	assert.ok(shown.all("form.draft [name]").every((field) => field.disabled));
	await submit(shown);
	assert.deepEqual(shown.host.called("drafts.send"), []);
});

test("a form that cannot be prepared says why", async () => {
	const shown = await opened({ "drafts.prepare": () => Promise.reject(new Error("No invoice can be made here.")) });
	assert.match(shown.one("dialog").textContent, /No invoice can be made here\./);
	await shown.press("Close");
	assert.equal(shown.one("dialog"), null);
});
