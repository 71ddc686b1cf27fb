/** The lines of a draft. */

import assert from "node:assert/strict";
import test from "node:test";
import { draft, draftValues, line, outcome } from "./answers.mjs";
import { choose, INVOICE, opened, previewed, submit } from "./draft_page.mjs";

const LINES = [line(), line({ description: "Training", account_code: "260", tax_type: "ZERORATED" })];
const two = () => draft({ values: draftValues({ lines: structuredClone(LINES) }) });
const rows = (shown) => shown.all(".lines tbody tr").length;
const heads = (shown) => shown.all(".lines th").map((head) => head.textContent);

async function sentLines(shown) {
	await submit(shown);
	return shown.host.called("drafts.send").at(-1).values.lines;
}

test("a line is added with the usual account and tax rate, gets the focus, and is sent", async () => {
	const shown = await opened({ "drafts.send": outcome("Sent", { document: INVOICE }) });
	await shown.press("Add a line");
	assert.equal(rows(shown), 2);
	assert.equal(shown.focused().name, "lines.1.item_code");
	await shown.type('[name="lines.1.description"]', "Support");
	await shown.type('[name="lines.1.unit_amount"]', "80");
	await previewed();
	assert.equal(shown.host.called("drafts.preview").at(-1).values.lines.length, 2);
	const [, added] = await sentLines(shown);
	assert.deepEqual(added, line({ description: "Support", unit_amount: "80" }));
});

test("a line is removed, and the others keep what they say", async () => {
	const shown = await opened({ "drafts.prepare": two, "drafts.send": outcome("Sent", { document: INVOICE }) });
	await shown.press("Remove line 1");
	assert.equal(rows(shown), 1);
	assert.equal(shown.one('[name="lines.0.description"]').value, "Training");
	assert.deepEqual(await sentLines(shown), [LINES[1]]);
});

test("removing the last line leaves the focus in the dialog", async () => {
	const shown = await opened({ "drafts.prepare": two });
	shown.control("Remove line 2").focus();
	await shown.press("Remove line 2");
	assert.equal(shown.focused().nodeName, "DIALOG");
});

test("an item fills what is empty, and its account and tax rate go before the usual ones", async () => {
	const shown = await opened();
	await shown.press("Add a line");
	await choose(shown, '[name="lines.1.item_code"]', "HOST");
	const value = (name) => shown.one(`[name="lines.1.${name}"]`).value;
	const filled = ["description", "quantity", "unit_amount", "account_code", "tax_type"].map(value);
	assert.deepEqual(filled, ["Hosting, a year", "1", "240.00", "260", "ZERORATED"]);
});

test("an item leaves alone what somebody has written or chosen", async () => {
	const lines = [line({ account_code: "200", tax_type: "OUTPUT2" }), line({ description: "By hand", unit_amount: "5", account_code: "300" })];
	const shown = await opened({ "drafts.prepare": draft({ values: draftValues({ lines }) }) });
	await choose(shown, '[name="lines.1.item_code"]', "HOST");
	const value = (name) => shown.one(`[name="lines.1.${name}"]`).value;
	assert.deepEqual(["description", "unit_amount", "account_code"].map(value), ["By hand", "5", "300"]);
});

test("a code that is no item fills nothing", async () => {
	const shown = await opened();
	await choose(shown, '[name="lines.0.item_code"]', "HOS");
	assert.equal(shown.one('[name="lines.0.description"]').value, "Website rebuild");
	assert.equal(shown.one("#draft-items option").value, "HOST");
});

test("an account brings its tax rate, unless another one was chosen", async () => {
	const shown = await opened({ "drafts.prepare": two });
	await choose(shown, '[name="lines.0.account_code"]', "260");
	assert.equal(shown.one('[name="lines.0.tax_type"]').value, "ZERORATED");
	await choose(shown, '[name="lines.1.tax_type"]', "OUTPUT2");
	await choose(shown, '[name="lines.1.account_code"]', "200");
	assert.equal(shown.one('[name="lines.1.tax_type"]').value, "OUTPUT2");
	await choose(shown, '[name="lines.1.account_code"]', "");
	assert.equal(shown.one('[name="lines.1.tax_type"]').value, "OUTPUT2");
});

test("an amount of discount has its column where the record has one", async () => {
	assert.deepEqual(heads(await opened()), [
		...["Item", "Description", "Quantity", "Price", "Discount %", "Account", "Tax rate", "Amount", "Remove"],
	]);
	const lines = [line({ discount_amount: "12.50" })];
	const shown = await opened({ "drafts.prepare": draft({ values: draftValues({ lines }) }) });
	assert.ok(heads(shown).includes("Discount amount"));
	await shown.type('[name="lines.0.discount_amount"]', "");
	assert.ok(shown.one('[name="lines.0.discount_amount"]'), "it stays while it is emptied");
});

test("a credit note has its own words, and neither discounts nor a due date", async () => {
	const document = { ...INVOICE, number: "CN-0003" };
	const shown = await opened({
		"drafts.prepare": draft({ document_type: "Credit Note", values: draftValues({ due_date: "" }) }),
		"drafts.send": outcome("Sent", { document }),
	});
	assert.equal(shown.one("dialog h2").textContent, "New draft credit note");
	assert.deepEqual(heads(shown).filter((head) => /Discount/.test(head)), []);
	assert.equal(shown.one('[name="due_date"]'), null);
	await submit(shown);
	assert.match(shown.one("dialog").textContent, /Draft credit note CN-0003 is in Xero\./);
});

test("without tax there are no tax rates to choose", async () => {
	const shown = await opened();
	await choose(shown, '[name="line_amount_types"]', "NoTax");
	assert.equal(shown.one('[name="lines.0.tax_type"]'), null);
});
