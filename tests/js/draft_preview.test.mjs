/** What Xero will make of a draft, told while it is filled in. */

import assert from "node:assert/strict";
import test from "node:test";
import { choices, draft, draftValues, line, outcome, preview, sale } from "./answers.mjs";
import { choose, EXISTING, INVOICE, opened, pass, previewed, problemOf, sendButton, submit, tick } from "./draft_page.mjs";
import { settled } from "./page.mjs";

const PARTS = ["all", "percent", "amount", "rest"];
const section = (shown) => shown.one("section.preview");
const sums = (shown) => shown.all(".preview dl > *").map((node) => node.textContent);
const PROBLEM = { field: "lines.0.account_code", message: "The account 200 is archived." };
const OVER = { code: "OVER_VALUE", message: "More than the deal is worth. Bill it?" };

/** Answers that the test gives when it wants to, in any order. */
function waiting() {
	const asked = [];
	const ask = (args) => new Promise((resolve, reject) => asked.push({ ...args, resolve, reject }));
	return { asked, ask };
}

test("the sums are the site's, to the cent, with the tax by rate", async () => {
	const answer = preview({ discount: "150.00", taxes: [{ label: "GST 15%", amount: "1875.00" }, { label: "Zero", amount: "0.00" }] });
	const shown = await opened({ "drafts.preview": answer });
	assert.deepEqual(shown.host.called("drafts.preview"), [
		{ doctype: "CRM Deal", name: "D-1", values: draftValues() },
	]);
	assert.deepEqual(sums(shown), [
		...["Discount included", "$150.00", "Sub total", "$12,500.00"],
		...["GST 15%", "$1,875.00", "Zero", "$0.00", "Total (NZD)", "$14,375.00"],
	]);
	assert.equal(shown.one("td.amount span:last-child").textContent, "$12,500.00");
});

test("it says which contact and which document, and what the site remarks", async () => {
	const says = async (change, prepared) =>
		section(await opened({ "drafts.preview": preview(change), "drafts.prepare": draft(prepared) })).textContent;
	const contact = (action) => ({ contact: { action, id: "", name: "Acme" } });
	assert.match(await says({ ...contact("use"), remarks: ["HOST is updated."] }), /new invoice.*It goes to Acme\..*HOST is updated\./);
	assert.match(await says(contact("find")), /It goes to Acme\./);
	assert.match(await says(contact("create")), /A new contact Acme will be created\./);
	const update = { mode: "update", existing: EXISTING };
	assert.match(await says({ action: "update" }, update), /INV-0009 will be updated\./);
});

test("while somebody types it is asked for once, after a pause", async () => {
	const shown = await opened();
	await shown.type('[name="reference"]', "P");
	await pass(300);
	await shown.type('[name="reference"]', "PO");
	await pass(399);
	assert.equal(shown.host.called("drafts.preview").length, 1);
	await pass(1);
	assert.deepEqual(shown.host.called("drafts.preview").map(({ values }) => values.reference), ["", "PO"]);
});

test("an answer about what was there before is dropped", async () => {
	const { asked, ask } = waiting();
	const shown = await opened({ "drafts.preview": ask });
	await shown.type('[name="lines.0.quantity"]', "2");
	asked[0].resolve(preview({ total: "1.00" }));
	await settled();
	assert.deepEqual(sums(shown), []);
	assert.equal(section(shown).getAttribute("aria-busy"), "true");
	await previewed();
	await shown.type('[name="lines.0.quantity"]', "3");
	await previewed();
	asked[2].resolve(preview({ total: "3.00" }));
	await settled();
	asked[1].resolve(preview({ total: "2.00" }));
	await settled();
	assert.equal(sums(shown).at(-1), "$3.00");
	assert.equal(section(shown).getAttribute("aria-busy"), "false");
});

test("a problem stands beside its field and keeps the draft from being sent until it is edited", async () => {
	const answers = { "drafts.preview": preview({ problems: [PROBLEM] }), "drafts.send": outcome("Sent", { document: INVOICE }) };
	const shown = await opened(answers);
	assert.equal(problemOf(shown, "lines.0.account_code"), PROBLEM.message);
	assert.equal(sendButton(shown).disabled, true);
	await submit(shown);
	assert.deepEqual(shown.host.called("drafts.send"), []);
	assert.equal(shown.focused().name, "lines.0.account_code");
	await choose(shown, '[name="lines.0.account_code"]', "260");
	assert.equal(problemOf(shown, "lines.0.account_code"), null);
	assert.equal(sendButton(shown).disabled, false, "the site has the last word while it has not answered");
});

test("a problem that has no field stands above, one of all lines below them", async () => {
	const problems = [
		{ field: "", message: "The books are locked." },
		{ field: "lines", message: "There are no lines." },
	];
	const shown = await opened({ "drafts.preview": preview({ problems }) });
	assert.deepEqual(shown.all(".notice.bad").map((notice) => notice.textContent), ["The books are locked."]);
	assert.equal(shown.one(".lines > .error").textContent, "There are no lines.");
	assert.equal(sendButton(shown).disabled, true);
});

test("problems that come and go do not take the focus from who is typing", async () => {
	const answers = {};
	const shown = await opened(answers);
	shown.one('[name="reference"]').focus();
	for (const problems of [[PROBLEM], [PROBLEM, { field: "", message: "The books are locked." }], []]) {
		answers["drafts.preview"] = preview({ problems });
		await shown.type('[name="reference"]', `PO ${problems.length}`);
		await previewed();
		assert.equal(shown.all(".error, .notice.bad").length, problems.length);
		assert.equal(shown.focused().name, "reference");
	}
});

test("a question has to be ticked before the draft is sent, and its code goes with it", async () => {
	const shown = await opened({
		"drafts.preview": preview({ questions: [OVER] }),
		"drafts.send": outcome("Sent", { document: INVOICE }),
	});
	assert.equal(sendButton(shown).disabled, true);
	await tick(shown, '[name="confirmed.OVER_VALUE"]');
	assert.equal(sendButton(shown).disabled, false);
	assert.equal(shown.host.called("drafts.preview").length, 1, "ticking changes no sum");
	await submit(shown);
	assert.deepEqual(shown.host.called("drafts.send")[0].values.confirmed, ["OVER_VALUE"]);
});

test("a tick holds as long as the question is the same", async () => {
	const answers = { "drafts.preview": () => preview({ questions: [OVER] }) };
	const shown = await opened(answers);
	await tick(shown, '[name="confirmed.OVER_VALUE"]');
	await shown.type('[name="reference"]', "PO");
	await previewed();
	assert.deepEqual(shown.host.called("drafts.preview").at(-1).values.confirmed, []);
	assert.equal(shown.one('[name="confirmed.OVER_VALUE"]').checked, true);
	answers["drafts.preview"] = preview({ questions: [{ ...OVER, message: "Even more than that. Bill it?" }] });
	await shown.type('[name="lines.0.quantity"]', "9");
	await previewed();
	assert.equal(shown.one('[name="confirmed.OVER_VALUE"]').checked, false);
	assert.equal(sendButton(shown).disabled, true);
});

test("a preview that fails says why, can be asked for again, and does not keep anyone from sending", async () => {
	const answers = { "drafts.preview": () => Promise.reject(new Error("The site is busy.")) };
	const shown = await opened(answers);
	assert.match(section(shown).textContent, /The site is busy\./);
	assert.equal(sendButton(shown).disabled, false);
	answers["drafts.preview"] = preview();
	await shown.press("Try again");
	assert.equal(sums(shown).at(-1), "$14,375.00");
});

test("a part has a value of its own, and the lines that Xero gets are told", async () => {
	const share = { description: "30 % of Website rebuild", amount: "3750.00" };
	const answers = { "drafts.prepare": draft({ sale: sale({ drafted: "500.00" }), choices: choices({ parts: PARTS }) }) };
	const shown = await opened(answers);
	assert.match(shown.one(".part").textContent, /Invoiced \$4,000\.00 of \$10,000\.00 · \$500\.00 in drafts · \$6,000\.00 left/);
	assert.equal(shown.one('[name="part.value"]'), null);
	await choose(shown, '[name="part.kind"]', "percent");
	answers["drafts.preview"] = preview({ lines: [share] });
	await shown.type('[name="part.value"]', "30");
	await previewed();
	assert.deepEqual(shown.host.called("drafts.preview").at(-1).values.part, { kind: "percent", value: "30" });
	assert.equal(shown.one(".part-lines").textContent, "30 % of Website rebuild$3,750.00");
	assert.equal(shown.one("td.amount span:last-child").textContent, "");
	await choose(shown, '[name="part.kind"]', "rest");
	assert.equal(shown.one('[name="part.value"]'), null);
});

test("the parts are those that can be billed; where it is all or nothing there is no choice", async () => {
	const kinds = (shown) => shown.all('[name="part.kind"] option').map(({ value }) => value);
	assert.deepEqual(kinds(await opened()), ["all", "percent", "amount"]);
	const sold = await opened({ "drafts.prepare": draft({ sale: sale(), choices: choices({ parts: PARTS }) }) });
	assert.deepEqual(kinds(sold), PARTS);
	const credit = await opened({ "drafts.prepare": draft({ choices: choices({ parts: ["all"] }) }) });
	assert.equal(credit.one(".part"), null);
});

test("what is refused at sending is looked at again", async () => {
	const answers = { "drafts.send": () => Promise.reject(Object.assign(new Error("Confirm it first."), { status: 417 })) };
	const shown = await opened(answers);
	answers["drafts.preview"] = preview({ questions: [OVER] });
	await submit(shown);
	assert.match(shown.one(".questions").textContent, /More than the deal is worth/);
	assert.match(shown.one(".notice.bad").textContent, /Confirm it first\./);
});

test("several problems of one field are all told", async () => {
	const problems = [PROBLEM, { ...PROBLEM, message: "It has no tax rate." }];
	const shown = await opened({ "drafts.preview": preview({ problems }) });
	assert.equal(problemOf(shown, PROBLEM.field), "The account 200 is archived. It has no tax rate.");
});

test("the amounts of lines that are gone are not shown on others", async () => {
	const lines = [line(), line({ description: "Second" })];
	const amounts = ["10.00", "20.00"].map((amount) => ({ description: "", amount }));
	const shown = await opened({
		"drafts.prepare": draft({ values: draftValues({ lines }) }),
		"drafts.preview": () => preview({ lines: amounts }),
	});
	const told = () => shown.all("td.amount span:last-child").map((cell) => cell.textContent);
	assert.deepEqual(told(), ["$10.00", "$20.00"]);
	await shown.press("Remove line 1");
	assert.deepEqual(told(), [""]);
});
