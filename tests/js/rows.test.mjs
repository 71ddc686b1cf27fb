// A row of the list of documents: its columns, and that a cell says what Xero says, or nothing.
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { page, panel, row } from "./answers.mjs";
import { show } from "./page.mjs";

// the panel looks for news once a minute, for as long as its page lives
mock.timers.enable({ apis: ["setTimeout"] });

const listing = (change) => show({ "panel.get": panel({ list: page({ rows: [row(change)] }) }) });

const SHOWN = ["number", "date", "due", "type", "reference", "balance", "total"];

/** What the cells of the row say, without the labels that stand in for the headings on a phone. */
function cells(shown) {
	const said = (name) => {
		const cell = shown.one(`td.${name}`);
		return cell.textContent.replace(cell.querySelector(".cell-label")?.textContent ?? "", "").trim();
	};
	return Object.fromEntries(SHOWN.map((name) => [name, said(name)]));
}

test("the columns are those of an invoice, with the pin at the left and the way to Xero at the right", async () => {
	const shown = await listing();
	assert.deepEqual(
		shown.all('[role="columnheader"]').map((head) => head.textContent),
		["Pin", "Number", "Date", "Due", "Type", "Reference", "Balance", "Total", "Status", "View in Xero"],
	);
	const [first] = shown.all("tbody td");
	assert.equal(first.querySelector("button").getAttribute("aria-label"), "Pin INV-0001");
});

test("a row says what Xero says, and its number opens the document there", async () => {
	const shown = await listing({ amount_due: "230.00" });
	assert.deepEqual(cells(shown), {
		number: "INV-0001",
		date: "1 Nov 2026",
		due: "1 Dec 2026",
		type: "Invoice",
		reference: "PO 7",
		balance: "$230.00",
		total: "$1,150.00",
	});
	assert.equal(shown.one("td.number a").href, "https://go.xero.com/invoice/d1");
	assert.equal(shown.one("td.view a").href, "https://go.xero.com/invoice/d1");
});

test("what is empty in Xero is empty here, and what is zero is zero", async () => {
	const shown = await listing({ due_date: null, reference: "", amount_due: "0.00" });
	const { due, reference, balance } = cells(shown);
	assert.deepEqual([due, reference, balance], ["", "", "$0.00"]);
});
