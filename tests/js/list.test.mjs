import assert from "node:assert/strict";
import test, { mock } from "node:test";
import { overview, page, panel, row } from "./answers.mjs";
import { settled, show, window } from "./page.mjs";

mock.timers.enable({ apis: ["setTimeout"] });

const CUSTOMERS = { unpaid: "777.00" };
const answered = (change) => ({
	"panel.get": () => panel(),
	"panel.list_documents": ({ overview: isWanted, ...query }) =>
		page({ ...query, ...(isWanted ? { overview: overview(CUSTOMERS) } : {}) }),
	...change,
});

async function pass(ms) {
	mock.timers.tick(ms);
	await settled();
}

test("Total unpaid filters the list, and pressed again shows what is open", async () => {
	const shown = await show(answered());
	await shown.press("Total unpaid");
	assert.equal(shown.control("Total unpaid").getAttribute("aria-pressed"), "true");
	assert.equal(shown.control("Total paid").getAttribute("aria-pressed"), "false");
	await shown.press("Total unpaid");
	assert.equal(shown.control("Total unpaid").getAttribute("aria-pressed"), "false");
	assert.deepEqual(shown.host.called("panel.list_documents").map(({ view }) => view), ["unpaid", "open"]);
});

test("the saved views are tabs with their counts", async () => {
	const shown = await show(answered());
	const tabs = shown.all('[role="tab"]');
	assert.deepEqual(
		tabs.map((tab) => tab.textContent),
		["Open3", "Unpaid5", "Overdue1", "Due today0", "Paid4", "Drafts1", "Pinned1", "All12"],
	);
	assert.equal(tabs.filter((tab) => tab.getAttribute("aria-selected") === "true").length, 1);
});

test("arrow keys move through the saved views and keep the focus", async () => {
	const shown = await show(answered());
	const [open] = shown.all('[role="tab"]');
	open.focus();
	open.dispatchEvent(new window.KeyboardEvent("keydown", { key: "ArrowLeft", bubbles: true }));
	await settled();
	assert.equal(shown.host.called("panel.list_documents")[0].view, "all");
	const all = shown.all('[role="tab"]').at(-1);
	assert.equal(all.getAttribute("aria-selected"), "true");
	assert.equal(all.getRootNode().activeElement, all);
});

test("typing searches once, after a pause, and keeps the field and its focus", async () => {
	const shown = await show(answered());
	const field = shown.one('.list input[type="search"]');
	field.focus();
	await shown.type('.list input[type="search"]', "INV");
	await pass(100);
	await shown.type('.list input[type="search"]', "INV-7");
	await pass(249);
	assert.equal(shown.host.called("panel.list_documents").length, 0);
	await pass(1);
	assert.deepEqual(shown.host.called("panel.list_documents").map(({ search }) => search), ["INV-7"]);
	assert.equal(shown.one('.list input[type="search"]'), field);
	assert.equal(field.getRootNode().activeElement, field);
	assert.equal(field.value, "INV-7");
});

test("an answer to what was typed before does not replace the newer one", async () => {
	const waiting = [];
	const shown = await show(answered({ "panel.list_documents": () => new Promise((resolve) => waiting.push(resolve)) }));
	await shown.press("Paid");
	await shown.press("All");
	waiting[1](page({ rows: [row({ number: "NEWER" })] }));
	await settled();
	waiting[0](page({ rows: [row({ number: "OLDER" })] }));
	await settled();
	assert.match(shown.text(), /NEWER/);
	assert.doesNotMatch(shown.text(), /OLDER/);
});

test("dates wait for Apply", async () => {
	const shown = await show(answered());
	const [from] = shown.all('input[type="date"]');
	from.value = "2026-01-01";
	from.dispatchEvent(new window.Event("input", { bubbles: true }));
	await settled();
	assert.equal(shown.host.called("panel.list_documents").length, 0);
	shown.one(".dates").dispatchEvent(new window.Event("submit", { bubbles: true, cancelable: true }));
	await settled();
	const [query] = shown.host.called("panel.list_documents");
	assert.deepEqual([query.from_date, query.to_date], ["2026-01-01", null]);
	await shown.press("Clear");
	assert.equal(shown.host.called("panel.list_documents")[1].from_date, null);
	assert.equal(from.value, "");
});

test("Show more asks for the rows below and goes when all are there", async () => {
	const first = page({ rows: Array.from({ length: 20 }, (_, index) => row({ id: `a${index}` })), total: 21 });
	const second = page({ rows: [row({ id: "b" })], total: 21 });
	const shown = await show({ "panel.get": panel({ list: first }), "panel.list_documents": second });
	await shown.press("Show more");
	assert.equal(shown.host.called("panel.list_documents")[0].start, 20);
	assert.equal(shown.all("tbody tr").length, 21);
	assert.equal(shown.control("Show more"), null);
});

test("an empty view says so", async () => {
	const empty = page({ rows: [], total: 0 });
	const shown = await show({ "panel.get": panel({ list: empty }), "panel.list_documents": empty });
	assert.match(shown.text(), /No open invoices\./);
	await shown.press("Pinned");
	assert.match(shown.text(), /Nothing is pinned/);
});

test("a failed list says why and leaves the figures", async () => {
	const shown = await show(answered({ "panel.list_documents": () => Promise.reject(new Error("Too slow.")) }));
	await shown.press("Paid");
	assert.match(shown.text(), /Too slow\./);
	assert.match(shown.text(), /\$48,312\.50/);
});

test("a status is told in the words of Xero's own pages", async () => {
	const paid = [{ date: "2026-10-02", amount: "1.00", kind: "Payment", reference: null }];
	const looks = [
		[{ status: "Authorised" }, "Awaiting payment"],
		[{ status: "Authorised", overdue: true }, "Overdue"],
		[{ status: "Authorised", payments: paid }, "Part paid"],
		[{ status: "Submitted" }, "Awaiting approval"],
		[{ status: "Draft" }, "Draft"],
		[{ status: "Paid", amount_due: "0.00" }, "Paid"],
		[{ status: "Voided" }, "Voided"],
		[{ status: "Something New" }, "Something New"],
	];
	const rows = looks.map(([change], index) => row({ id: `d${index}`, ...change }));
	const shown = await show({ "panel.get": panel({ list: page({ rows }) }) });
	assert.deepEqual(
		shown.all("td.status .badge").map((badge) => badge.textContent),
		looks.map(([, label]) => label),
	);
});

test("pinning an invoice links it to the record, once", async () => {
	const shown = await show(answered({ "links.link_document": {} }));
	shown.control("Pin INV-0001").click();
	shown.control("Pin INV-0001").click();
	await settled();
	assert.deepEqual(shown.host.called("links.link_document"), [
		{ doctype: "CRM Deal", name: "D-1", organisation: "ORG1", document_id: "d1" },
	]);
});

test("a pin that is refused says why and can be tried again", async () => {
	const shown = await show(answered({ "links.link_document": () => Promise.reject(new Error("Not allowed.")) }));
	await shown.press("Pin INV-0001");
	assert.deepEqual(shown.host.toasts, [["error", "Not allowed."]]);
	assert.equal(shown.control("Pin INV-0001").disabled, false);
});

test("all documents of the customer are one press away", async () => {
	const shown = await show(answered());
	await shown.press("All of this customer");
	assert.equal(shown.host.called("panel.list_documents")[0].scope, "customer");
});

test("the figures are those of the documents that the list shows, there and back", async () => {
	const shown = await show(answered());
	const unpaid = () => shown.control("Total unpaid").querySelector(".amount").textContent;
	assert.equal(unpaid(), "$48,312.50");
	await shown.press("All of this customer");
	assert.equal(unpaid(), "$777.00");
	await shown.press("Total unpaid");
	assert.equal(unpaid(), "$777.00");
	await shown.press("Linked here");
	assert.equal(unpaid(), "$48,312.50");
});

test("a deal without linked documents leads on to what its customer has", async () => {
	const record = { ...panel().record, view: "all", scope: "record" };
	const nothing = page({ view: "all", scope: "record", rows: [], total: 0 });
	const shown = await show(answered({ "panel.get": panel({ record, list: nothing }) }));
	assert.match(shown.text(), /Nothing is linked to this record yet\./);
	await shown.press("Show all of this customer");
	assert.equal(shown.host.called("panel.list_documents")[0].scope, "customer");
});

test("whose focused control has gone goes on at the beginning of the panel", async () => {
	const record = { ...panel().record, view: "all", scope: "record" };
	const nothing = page({ view: "all", scope: "record", rows: [], total: 0 });
	const shown = await show(answered({ "panel.get": panel({ record, list: nothing }) }));
	const button = shown.control("Show all of this customer");
	button.focus();
	await shown.press("Show all of this customer");
	assert.equal(button.isConnected, false);
	assert.equal(shown.one(".panel").getRootNode().activeElement, shown.one(".panel"));
});

test("counts of one scope are not shown for the other", async () => {
	const uncounted = page({ counts: undefined, scope: "customer" });
	const shown = await show(answered({ "panel.list_documents": uncounted }));
	await shown.press("All of this customer");
	assert.equal(shown.all('[role="tab"]')[0].textContent, "Open");
});
