// Texts from Xero in Desk's own lists and reports: Frappe takes them for HTML unless it is told otherwise.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import vm from "node:vm";

const HOSTILE = "<img src=x onerror=alert(1)>";
const ESCAPED = "&lt;img src=x onerror=alert(1)&gt;";

function load(name, frappe) {
	const file = new URL(`../../xero_connector/public/desk/${name}.js`, import.meta.url);
	const context = vm.createContext({ frappe });
	vm.runInContext(readFileSync(file, "utf8"), context);
	return context;
}

const utils = {
	escape_html: (text) => text.replace(/</g, "&lt;").replace(/>/g, "&gt;"),
	get_form_link: (doctype, name, html, text) => `<a href="${doctype}/${name}">${text}</a>`,
};

test("a list shows what Xero says as text, also when a form has escaped it before", () => {
	const fields = { number: { fieldtype: "Data" }, url: { fieldtype: "Small Text" }, total: { fieldtype: "Currency" } };
	const desk = load("mirror_list", { meta: { docfield_map: { "Xero Invoice": fields } } });
	desk.xeroShowTexts("Xero Invoice");
	assert.equal(fields.number.formatter(HOSTILE), ESCAPED);
	assert.equal(fields.number.formatter(ESCAPED), ESCAPED);
	assert.equal(fields.number.formatter("Bread & Butter"), "Bread & Butter");
	assert.equal(fields.number.formatter(null), "");
	assert.equal(fields.url.formatter("one\ntwo"), "one<br>two");
	assert.equal(fields.total.formatter, undefined);
});

test("a report shows texts as text, links those that name a document, and leaves amounts to Desk", () => {
	const desk = load("report_cells", { utils });
	const standard = () => "by Desk";
	const column = { fieldname: "group", fieldtype: "Data" };
	assert.equal(desk.xeroReportCell(HOSTILE, null, column, {}, standard), ESCAPED);
	assert.equal(desk.xeroReportCell(null, null, column, undefined, standard), "");
	assert.equal(
		desk.xeroReportCell(HOSTILE, null, column, { links: { group: ["Xero Contact", "c1"] } }, standard),
		`<a href="Xero Contact/c1">${ESCAPED}</a>`,
	);
	assert.equal(desk.xeroReportCell(1, null, { fieldname: "total", fieldtype: "Currency" }, {}, standard), "by Desk");
});
