import assert from "node:assert/strict";
import test, { mock } from "node:test";
import { overview, panel, sale } from "./answers.mjs";
import { show } from "./page.mjs";

mock.timers.enable({ apis: ["setTimeout"] });

const sold = async (change) => (await show({ "panel.get": panel({ overview: overview({ sale: sale(change) }) }) })).one(".sale");

test("a deal tells how much of its value is invoiced, drafted and left", async () => {
	const shown = await sold({ drafted: "1500.00", left: "6000.00" });
	assert.equal(shown.querySelector("h3").textContent, "Invoiced $4,000.00 of $10,000.00");
	assert.match(shown.textContent, /\$1,500\.00 in drafts\$6,000\.00 left/);
	assert.equal(shown.querySelector(".done-part").style.getPropertyValue("--size"), "40%");
	assert.equal(shown.querySelector(".planned-part").style.getPropertyValue("--size"), "15%");
});

test("more than the deal is worth is told as such, and all of it is no rest", async () => {
	const over = await sold({ invoiced: "12500.00", left: "-2500.00" });
	assert.match(over.textContent, /Over by \$2,500\.00/);
	assert.equal(over.querySelector(".worth").style.getPropertyValue("--at"), "80%");
	assert.match((await sold({ invoiced: "10000.00", left: "0.00" })).textContent, /Nothing left to invoice/);
});

test("linked documents in other currencies are told to be left out", async () => {
	assert.match((await sold({ others: 1 })).textContent, /1 linked document in another currency is not counted\./);
	assert.match((await sold({ others: 2 })).textContent, /2 linked documents in other currencies are not counted\./);
});

test("credit notes that outweigh the invoices draw no bar", async () => {
	assert.equal((await sold({ invoiced: "-300.00", left: "10300.00" })).querySelector(".done-part"), null);
});
