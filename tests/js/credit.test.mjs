/** How a customer stands, and noting on an invoice that it is promised or disputed. */

import assert from "node:assert/strict";
import test, { mock } from "node:test";
import { credit, page, panel, remark, row } from "./answers.mjs";
import { show } from "./page.mjs";

mock.timers.enable({ apis: ["setTimeout"] });

const MORE = "PDF, online invoice and notes of INV-0001";
const RECORD = { doctype: "CRM Deal", name: "D-1" };
const LIMIT = { limit: "1000.00", limit_currency: "NZD", limit_compared: true };

const banner = async (change) => (await show({ "panel.get": panel({ credit: credit(change) }) })).one(".credit");

async function unfolded(change, answers = {}) {
	const shown = await show({ "panel.get": () => panel({ list: page({ rows: [row(change)] }) }), ...answers });
	await shown.press(MORE);
	return shown;
}

test("a customer of whom there is nothing to say has no banner", async () => {
	assert.equal(await banner({ ...LIMIT }), null);
	assert.equal((await show({ "panel.get": panel({ credit: null }) })).one(".credit"), null);
});

test("what is overdue is told with how long the oldest invoice has been", async () => {
	const late = await banner({ overdue: "1200.00", oldest_days: 41 });
	assert.match(late.textContent, /\$1,200\.00 is overdue, the oldest invoice for 41 days\./);
	assert.ok(late.classList.contains("bad"));
	assert.match((await banner({ overdue: "5.00", oldest_days: 1 })).textContent, /the oldest invoice for 1 day\./);
});

test("a sale that takes the customer over the limit says by how much", async () => {
	const over = await banner({ ...LIMIT, with_this: "1100.00", over_limit: "100.00" });
	assert.match(
		over.textContent,
		/owes \$800\.00, and \$1,100\.00 with the rest of this sale\. This is \$100\.00 over the credit limit of \$1,000\.00\./,
	);
	assert.ok(over.classList.contains("bad"));
});

test("who is over the limit already, or near it, is told without a sale", async () => {
	const over = await banner({ ...LIMIT, unpaid: "1300.00", with_this: "1300.00", over_limit: "300.00" });
	assert.match(over.textContent, /owes \$1,300\.00\. This is \$300\.00 over/);
	const near = await banner({ ...LIMIT, unpaid: "950.00", near_limit: true });
	assert.match(near.textContent, /owes \$950\.00\. The credit limit is \$1,000\.00\./);
	assert.ok(near.classList.contains("warning"));
});

test("a limit in another currency is told to be compared with nothing", async () => {
	const foreign = await banner({ limit: "1000.00", limit_currency: "USD", limit_compared: false });
	assert.match(foreign.textContent, /USD.1,000\.00 is in another currency than the books/);
	assert.ok(foreign.classList.contains("info"));
});

test("promises and disputes stand in the banner and beside the status of their row", async () => {
	const notes = [remark({ amount: "40.00" }), remark({ name: "r2", kind: "Dispute", promised_on: null, text: "Two boxes broke" })];
	const [promise, dispute] = notes;
	const list = page({ rows: [row({ remarks: notes })] });
	const shown = await show({ "panel.get": panel({ credit: credit({ promises: [promise], disputes: [dispute] }), list }) });
	assert.match(shown.one(".credit").textContent, /Promised for 3 Dec 2026INV-0001 \(\$40\.00\)By banknoted by Sally Seller on 20 Nov 2026/);
	assert.match(shown.one(".credit").textContent, /DisputedINV-0001Two boxes broke/);
	assert.match(shown.one("td.status").textContent, /Promised for 3 Dec 2026Disputed/);
});

test("a promise whose day went by is told as not kept", async () => {
	const late = await banner({ promises: [remark({ broken: true })] });
	assert.match(late.textContent, /Promise of 3 Dec 2026 not kept/);
	assert.ok(late.classList.contains("warning"));
});

test("what people wrote is never markup", async () => {
	const hostile = "<img src=x onerror=alert(1)>";
	const shown = await banner({ disputes: [remark({ kind: "Dispute", text: hostile, by: hostile, number: hostile })] });
	assert.equal(shown.querySelector("img"), null);
	assert.match(shown.textContent, /<img src=x/);
});

test("a promise needs its day, is noted, and the panel shows it", async () => {
	const shown = await unfolded({}, { "remarks.add": { remark: "r1" } });
	await shown.press("Note a promise to pay");
	assert.equal(shown.focused().name, "promised_on");
	assert.equal(shown.one('[name="promised_on"]').min, "2026-11-21");
	assert.match(shown.one("form.remark").textContent, /if it is for all of \$1,150\.00/);
	await shown.submit("form.remark");
	assert.match(shown.one(".field .error").textContent, /Fill this in/);
	assert.deepEqual(shown.host.called("remarks.add"), []);
	await shown.type('[name="promised_on"]', "2026-12-03");
	await shown.type('[name="amount"]', "40");
	await shown.submit("form.remark");
	const noted = { document_id: "d1", kind: "Promise", promised_on: "2026-12-03", amount: "40", text: "" };
	assert.deepEqual(shown.host.called("remarks.add"), [{ ...RECORD, ...noted }]);
	assert.equal(shown.one("dialog"), null);
	assert.equal(shown.host.called("panel.get").length, 2);
});

test("a dispute needs its reason, and has no day and no amount", async () => {
	const shown = await unfolded({}, { "remarks.add": { remark: "r1" } });
	await shown.press("Note a dispute");
	assert.equal(shown.one('[name="promised_on"]'), null);
	await shown.submit("form.remark");
	assert.deepEqual(shown.host.called("remarks.add"), []);
	await shown.type('[name="text"]', "Wrong price");
	await shown.submit("form.remark");
	assert.equal(shown.host.called("remarks.add")[0].kind, "Dispute");
});

test("what the site refuses is told beside its field", async () => {
	const refuse = () => Promise.reject(Object.assign(new Error("Amount: 9999 cannot be used."), { field: "amount" }));
	const shown = await unfolded({}, { "remarks.add": refuse });
	await shown.press("Note a promise to pay");
	await shown.type('[name="promised_on"]', "2026-12-03");
	await shown.submit("form.remark");
	assert.match(shown.one(".field .error").textContent, /9999 cannot be used/);
});

test("nothing is noted on what nobody owes, nor by who may not link", async () => {
	const isOffered = async (change) => Boolean((await unfolded(change)).control("Note a dispute"));
	assert.equal(await isOffered({}), true);
	assert.equal(await isOffered({ status: "Submitted" }), true);
	for (const change of [{ status: "Draft" }, { status: "Paid", amount_due: "0.00" }, { type: "Credit Note" }]) {
		assert.equal(await isOffered(change), false, JSON.stringify(change));
	}
	const can = { ...panel().can, link: false };
	const reader = await show({ "panel.get": panel({ can, credit: credit({ promises: [remark()] }) }) });
	assert.equal(reader.control("Withdraw: INV-0001"), null);
	await reader.press(MORE);
	assert.equal(reader.control("Note a dispute"), null);
});

test("a note is withdrawn, and the panel no longer shows it", async () => {
	let answer = panel({ credit: credit({ promises: [remark()] }) });
	const take = () => {
		answer = panel({ credit: credit() });
		return {};
	};
	const shown = await show({ "panel.get": () => answer, "remarks.withdraw": take });
	await shown.press("Withdraw: INV-0001");
	assert.deepEqual(shown.host.called("remarks.withdraw"), [{ ...RECORD, remark: "r1" }]);
	assert.equal(shown.one(".credit"), null);
});
