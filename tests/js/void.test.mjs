/** Voiding a document in Xero, and what Xero says of a record that is an invoice itself. */

import assert from "node:assert/strict";
import test from "node:test";
import { outcome, page, panel, row } from "./answers.mjs";
import { pass } from "./draft_page.mjs";
import { show } from "./page.mjs";

const able = { ...panel().can, send: true };
const ROW = { doctype: "CRM Deal", name: "D-1" };

async function unfolded(change, { can = able, ...answers } = {}) {
	const shown = await show({ "panel.get": () => panel({ can, list: page({ rows: [row(change)] }) }), ...answers });
	await shown.press("PDF, online invoice and notes of INV-0001");
	return shown;
}

test("only who may send voids, and only what is not paid", async () => {
	const isOffered = async (change, answers) => Boolean((await unfolded(change, answers)).control("Void in Xero"));
	assert.equal(await isOffered({}), true);
	for (const status of ["Draft", "Submitted"]) assert.equal(await isOffered({ status, pdf: false, online: false }), true, status);
	for (const status of ["Paid", "Voided"]) assert.equal(await isOffered({ status }), false, status);
	const payments = [{ date: "2026-10-02", amount: "1.00", kind: "Payment", reference: "" }];
	assert.equal(await isOffered({ payments }), false);
	assert.equal(await isOffered({}, { can: panel().can }), false);
});

test("voiding needs a reason, is followed, and the panel shows the result", async () => {
	const done = outcome("Sent", { message: "It is in Xero." });
	const shown = await unfolded({}, { "documents.void": outcome("Queued"), "documents.void_progress": done });
	await shown.press("Void in Xero");
	assert.equal(shown.focused().name, "reason");
	await shown.submit("form.void");
	assert.match(shown.one(".field .error").textContent, /Fill this in/);
	assert.deepEqual(shown.host.called("documents.void"), []);
	await shown.type('[name="reason"]', " Sent twice ");
	await shown.submit("form.void");
	assert.deepEqual(shown.host.called("documents.void"), [{ ...ROW, document_id: "d1", reason: "Sent twice" }]);
	await pass(1000);
	assert.deepEqual(shown.host.called("documents.void_progress"), [{ ...ROW, outbox: "o1" }]);
	assert.match(shown.one("dialog").textContent, /INV-0001 is void in Xero\./);
	assert.equal(shown.host.called("panel.get").length, 2);
});

test("what Xero does not void is told, and the reason stays", async () => {
	const refuse = () => Promise.reject(new Error("A payment is booked on it."));
	const shown = await unfolded({}, { "documents.void": refuse });
	await shown.press("Void in Xero");
	await shown.type('[name="reason"]', "Sent twice");
	await shown.submit("form.void");
	assert.match(shown.one(".notice.bad").textContent, /A payment is booked/);
	assert.equal(shown.one('[name="reason"]').value, "Sent twice");
});

test("a sales invoice tells its own state in Xero above everything else", async () => {
	const own = { state: "Part Paid", outstanding: "580.00", sent_on: "2026-11-20T23:10:00", number: "INV-0012", currency: "NZD" };
	const record = { ...panel().record, own_document: { ...own, url: "https://go.xero.com/d12" } };
	const shown = await show({ "panel.get": panel({ record }) });
	assert.match(shown.one(".own").textContent, /INV-0012.*Part paid.*Outstanding in Xero: \$580\.00.*sent 20 Nov 2026/);
	assert.equal(shown.one(".own a").href, "https://go.xero.com/d12");
	assert.doesNotMatch(shown.text(), /Cancelled here/);
	assert.equal((await show({ "panel.get": panel() })).one(".own"), null);
	const left = await show({ "panel.get": panel({ record: { ...record, own_document: { ...own, cancelled_here: true } } }) });
	assert.match(left.one(".own").textContent, /Cancelled here, still in Xero/);
});

test("a sales invoice is sent, and updated once it is in Xero; of anything else a draft is made", async () => {
	const own_document = { state: "Created", outstanding: "9.00", number: "INV-0012", currency: "NZD", url: "https://go.xero.com/d12" };
	const labels = [
		[{ is_document: true, own_document: null }, "Send to Xero"],
		[{ is_document: true, own_document }, "Update in Xero"],
		[{ is_document: false, own_document: null }, "New draft invoice"],
	];
	for (const [flags, label] of labels) {
		const shown = await show({ "panel.get": panel({ record: { ...panel().record, ...flags } }) });
		assert.match(shown.one(".header .actions .primary").textContent, new RegExp(label));
	}
});
