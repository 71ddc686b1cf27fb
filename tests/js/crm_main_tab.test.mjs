import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { all, go, one, openPage, press, selected, tabs } from "./crm_page.mjs";
import { createMainTab } from "../../xero_connector/public/crm/main_tab.js";

const ours = () => one("#xero-main-tab");
const theirs = (label) => all(".theirs").find((tab) => tab.textContent === label);
const place = () => one("[data-xero-panel]");

let mainTab;

beforeEach(() => {
	openPage("/crm/deals/D-1#activity", tabs("Activity", "Data"));
	mainTab = createMainTab("Xero");
	mainTab.serve("CRM Deal");
});

test("the tab stands at the end of the row, with the looks of the others and closed", () => {
	assert.deepEqual(all("[role=tab]").map((tab) => tab.textContent), ["Activity", "Data", "Xero"]);
	assert.equal(ours().className, "theirs");
	assert.deepEqual(selected(), ["Activity"]);
	assert.equal(place(), null);
});

test("pressed, it shows the panel of the record of the page and marks the others away", () => {
	go("/crm/deals/D%2F1%20%C3%A9");
	mainTab.keep();
	ours().click();
	assert.deepEqual([place().dataset.xeroPanel, decodeURIComponent(place().dataset.xeroName)], ["CRM Deal", "D/1 é"]);
	assert.deepEqual(selected(), ["Xero"]);
	assert.ok(place().closest("[data-xero-open] > [role=tabpanel]"));
	assert.equal(ours().getAttribute("aria-controls"), place().parentElement.id);
});

test("any other tab takes the page back, also the one that the CRM takes for selected", () => {
	for (const label of ["Activity", "Data"]) {
		ours().click();
		theirs(label).click();
		assert.deepEqual(selected(), [label]);
		assert.equal(place(), null);
		assert.equal(one("[data-xero-open]"), null);
	}
});

test("arrow keys lead to it and from it, round the ends", () => {
	theirs("Data").focus();
	press("ArrowRight");
	assert.deepEqual([document.activeElement, selected()], [ours(), ["Xero"]]);
	press("ArrowRight");
	assert.deepEqual([document.activeElement, selected()], [theirs("Activity"), ["Activity"]]);
	press("ArrowLeft");
	assert.deepEqual(selected(), ["Xero"]);
	press("ArrowLeft");
	assert.deepEqual(selected(), ["Data"]);
	press("End");
	assert.deepEqual(selected(), ["Xero"]);
	press("Home");
	assert.deepEqual(selected(), ["Activity"]);
});

test("steps between the CRM's own tabs, and other keys, are left to the CRM", () => {
	const heard = [];
	document.body.addEventListener("keydown", ({ key, defaultPrevented }) => heard.push([key, defaultPrevented]));
	press("ArrowRight", theirs("Activity"));
	press("Enter", ours());
	press("x", theirs("Data"));
	assert.deepEqual(heard, [["ArrowRight", false], ["Enter", false], ["x", false]]);
});

test("where one reads from right to left the arrows do too", () => {
	one("[role=tablist]").dir = "rtl";
	theirs("Data").focus();
	press("ArrowLeft");
	assert.deepEqual(selected(), ["Xero"]);
});

test("only records of doctypes whose script runs have it", () => {
	go("/crm/leads/L-1");
	mainTab.keep();
	assert.equal(ours(), null);
	mainTab.serve("CRM Lead");
	assert.ok(ours());
	for (const path of ["/crm/deals", "/crm/deals/view/list", "/crm/tasks/T-1", "/app/deals/D-1"]) {
		go(path);
		mainTab.keep();
		assert.equal(ours(), null, path);
	}
});

test("with another row of tabs on the page, or none, it keeps off", () => {
	document.body.append(tabs("Else"));
	mainTab.keep();
	assert.equal(ours(), null);
	document.body.replaceChildren();
	mainTab.keep();
	assert.equal(ours(), null);
});

test("rows of tabs that are hidden, inside a tab or in a dialog do not count", () => {
	const [hidden, inner, dialog] = [tabs("a"), tabs("b"), tabs("c")];
	hidden.hidden = true;
	dialog.setAttribute("role", "dialog");
	one("[role=tabpanel]").append(inner);
	document.body.append(hidden, dialog);
	mainTab.keep();
	assert.equal(ours().parentElement, one("[role=tablist]"));
});

test("where the CRM has a tab Xero of its own ours steps aside", () => {
	document.body.replaceChildren(tabs("Activity", "Xero"));
	mainTab.keep();
	assert.equal(ours(), null);
});

test("drawn anew by the CRM, the page has it again, open as it was", () => {
	ours().click();
	document.body.replaceChildren(tabs("Activity", "Data"));
	mainTab.keep();
	assert.deepEqual(selected(), ["Xero"]);
	ours().remove();
	mainTab.keep();
	assert.equal(all("#xero-main-tab").length, 1);
});

test("another address does not open with it, nor the same one after it was left", () => {
	ours().click();
	go("/crm/deals/D-1#data");
	document.body.replaceChildren(tabs("Activity", "Data"));
	mainTab.keep();
	assert.deepEqual(selected(), ["Activity"]);
	ours().click();
	theirs("Data").click();
	document.body.replaceChildren(tabs("Activity", "Data"));
	mainTab.keep();
	assert.deepEqual(selected(), ["Activity"]);
});

test("the next record in the same row of tabs gets a panel of its own", () => {
	ours().click();
	go("/crm/deals/D-2");
	mainTab.keep();
	assert.equal(all("#xero-main-tab").length, 1);
	assert.equal(place(), null);
	assert.deepEqual(selected(), ["Activity"]);
	ours().click();
	assert.equal(place().dataset.xeroName, "D-2");
});
