import assert from "node:assert/strict";
import test, { mock } from "node:test";
import { contact, page, panel, row } from "./answers.mjs";
import { settled, show } from "./page.mjs";

mock.timers.enable({ apis: ["setTimeout"] });

const TWO = [
	{ date: "2026-10-02", amount: "345.00", kind: "Payment", reference: "BNZ 88121" },
	{ date: "2026-11-01", amount: "225.00", kind: "Credit Note", reference: "CN-1" },
];
const RECORD = { doctype: "CRM Deal", name: "D-1" };

const listing = (change, answers) => show({ "panel.get": () => panel({ list: page({ rows: [row(change)] }) }), ...answers });

test("the status tells how many instalments are paid, of those that are made and the balance", async () => {
	const [one] = TWO;
	const rows = [
		row({ id: "a", payments: TWO }),
		row({ id: "b", payments: TWO, amount_due: "0.00", status: "Paid" }),
		row({ id: "c", payments: [one] }),
		row({ id: "d", payments: [one], amount_due: "0.00", status: "Paid" }),
	];
	const shown = await show({ "panel.get": panel({ list: page({ rows }) }) });
	assert.deepEqual(
		shown.all("td.status .disclosure").map((button) => button.textContent.trim()),
		["2 of 3 paid", "2 of 2 paid", "1 of 2 paid", "1 of 1 paid"],
	);
});

test("the payments open with number, day, kind, reference and amount, and the balance that is left", async () => {
	const shown = await listing({ payments: TWO, amount_due: "580.00" });
	assert.doesNotMatch(shown.text(), /BNZ/);
	await shown.press("2 of 3 paid");
	assert.equal(shown.control("2 of 3 paid").getAttribute("aria-expanded"), "true");
	assert.deepEqual(
		shown.all("tr.payments li").map((line) => [...line.children].map((part) => part.textContent)),
		[
			["1", "2 Oct 2026", "Payment · BNZ 88121", "$345.00"],
			["2", "1 Nov 2026", "Credit note · CN-1", "$225.00"],
			["3", "1 Dec 2026", "Balance due", "$580.00"],
		],
	);
	await shown.press("2 of 3 paid");
	assert.equal(shown.one("tr.payments"), null);
});

test("what is paid in full has no balance among its payments", async () => {
	const shown = await listing({ payments: TWO, amount_due: "0.00", status: "Paid" });
	await shown.press("2 of 2 paid");
	assert.equal(shown.all("tr.payments li").length, 2);
});

test("hovering over the instalments tells of each", async () => {
	const shown = await listing({ payments: TWO, amount_due: "580.00" });
	assert.equal(
		shown.control("2 of 3 paid").title,
		"1 · 2 Oct 2026 · Payment · BNZ 88121 · $345.00\n2 · 1 Nov 2026 · Credit note · CN-1 · $225.00\n3 · 1 Dec 2026 · Balance due · $580.00",
	);
});

test("Escape closes what is open below a row and gives the focus back", async () => {
	const shown = await listing({ payments: TWO });
	shown.control("2 of 3 paid").focus();
	await shown.press("2 of 3 paid");
	await shown.strike("Escape");
	assert.equal(shown.one("tr.payments"), null);
	await shown.press("PDF, online invoice and notes of INV-0001");
	shown.control("Download PDF").focus();
	await shown.strike("Escape");
	assert.equal(shown.one("tr.actions"), null);
	assert.equal(shown.focused().getAttribute("aria-label"), "PDF, online invoice and notes of INV-0001");
});

test("a button names what it opens, and only while that is there", async () => {
	const shown = await listing({ payments: TWO });
	for (const button of shown.all("[aria-expanded]")) assert.equal(button.hasAttribute("aria-controls"), false);
	await shown.press("2 of 3 paid");
	await shown.press("PDF, online invoice and notes of INV-0001");
	const controls = shown.all("[aria-expanded=true]").map((button) => button.getAttribute("aria-controls"));
	assert.equal(controls.length, 2);
	for (const id of controls) assert.ok(shown.one(`[id="${id}"]`), id);
});

test("the PDF is saved, once", async () => {
	const shown = await listing({}, { "documents.pdf": null });
	await shown.press("PDF, online invoice and notes of INV-0001");
	shown.control("Download PDF").click();
	shown.control("Download PDF").click();
	await settled();
	assert.deepEqual(shown.host.called("documents.pdf"), [{ ...RECORD, document_id: "d1" }]);
	assert.deepEqual(shown.host.saved, ["documents.pdf"]);
});

test("the online invoice becomes a link to open and to copy", async () => {
	const shown = await listing({}, { "documents.online_invoice": { url: "https://in.xero.com/abc" } });
	await shown.press("PDF, online invoice and notes of INV-0001");
	await shown.press("Online invoice");
	assert.deepEqual(shown.host.called("documents.online_invoice"), [{ ...RECORD, document_id: "d1" }]);
	assert.equal(shown.control("Open online invoice").href, "https://in.xero.com/abc");
	assert.equal(shown.focused().textContent.trim(), "Open online invoice");
	let copied = null;
	Object.defineProperty(navigator, "clipboard", { value: { writeText: async (text) => (copied = text) }, configurable: true });
	await shown.press("Copy link");
	assert.equal(copied, "https://in.xero.com/abc");
	Object.defineProperty(navigator, "clipboard", { value: undefined, configurable: true });
	await shown.press("Copy link");
	assert.match(shown.host.toasts.at(-1)[1], /does not allow copying/);
});

test("what Xero refuses is told, and the menu stays", async () => {
	const shown = await listing({}, { "documents.online_invoice": () => Promise.reject(new Error("Xero has none.")) });
	await shown.press("PDF, online invoice and notes of INV-0001");
	await shown.press("Online invoice");
	assert.deepEqual(shown.host.toasts, [["error", "Xero has none."]]);
	assert.equal(shown.control("Online invoice").disabled, false);
});

test("a draft says why there is neither PDF nor online invoice, and a bill offers neither", async () => {
	const draft = await listing({ status: "Draft", number: "", pdf: false, online: false });
	await draft.press("PDF, online invoice and notes of Invoice");
	assert.match(draft.one("tr.actions").textContent, /once a document is approved/);
	const bill = await listing({ type: "Bill", pdf: false, online: false });
	assert.equal(bill.control("PDF, online invoice and notes"), null);
});

test("a customer has a statement of account to print and to save", async () => {
	const shown = await show({ "panel.get": panel(), "statements.pdf": null });
	await shown.press("Statement");
	const page = shown.control("Printable page");
	assert.equal(
		page.href,
		"https://site.example/api/method/xero_connector.api.statements.page?doctype=CRM+Deal&name=D-1&contact_id=c1",
	);
	assert.equal(page.target, "_blank");
	await shown.press("Download PDF");
	assert.deepEqual(shown.host.called("statements.pdf"), [{ ...RECORD, contact_id: "c1" }]);
	assert.equal(shown.one(".menu ul"), null);
});

test("the menu goes with Escape and when the focus leaves it", async () => {
	const shown = await show({ "panel.get": panel() });
	await shown.press("Statement");
	shown.control("Printable page").focus();
	await shown.strike("Escape");
	assert.equal(shown.one(".menu ul"), null);
	assert.equal(shown.focused().textContent.trim(), "Statement");
	await shown.press("Statement");
	shown.control("Printable page").focus();
	shown.control("Refresh").focus();
	await settled();
	assert.equal(shown.one(".menu ul"), null);
});

test("a supplier has no statement", async () => {
	const shown = await show({ "panel.get": panel({ contacts: [contact({ is_customer: false, is_supplier: true })] }) });
	assert.equal(shown.control("Statement"), null);
});
