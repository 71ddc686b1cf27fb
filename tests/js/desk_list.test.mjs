/** Xero in the lists of Desk. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { beforeEach, test } from "node:test";

import { settled, t } from "./page.mjs";

const DESK = new URL("../../xero_connector/public/desk/", import.meta.url);
const MAY = { see: true, send: true, configure: false, connected: true, settings_url: "/app/xero-settings" };

let pages = 0;
let calls = [];
let dialogs = [];
let places = MAY;

globalThis.__ = t;
globalThis.fetch = async (address, { body }) => {
	const method = address.split("xero_connector.api.")[1];
	if (method === "panel.places") return Response.json({ message: places });
	calls.push([method, JSON.parse(body)]);
	return Response.json({ message: { run: "RUN-1", state: "Done", total: 1, done: 1, dry_run: false, rows: [], counts: {} } });
};

class Dialog {
	constructor(options) {
		Object.assign(this, options, { element: document.createElement("div") });
		dialogs.push(this);
	}
	get_field() {
		return { $wrapper: { get: () => this.element } };
	}
	get $wrapper() {
		return { remove: () => (this.isGone = true) };
	}
	show() {
		this.isShown = true;
	}
}

beforeEach(() => {
	pages += 1;
	calls = [];
	dialogs = [];
	places = MAY;
	globalThis.frappe = {
		boot: { lang: "en", versions: { xero_connector: `1.0.${pages}` } },
		listview_settings: {},
		ui: { Dialog },
	};
});

/** The list script of this doctype as the site embeds it, with `import()` from the test. */
function runScript(doctype) {
	const file = doctype.toLowerCase().replace(" ", "_");
	const script = readFileSync(new URL(`lists/${file}.js`, DESK), "utf8").replace(/\{% include .* %\}/, () =>
		readFileSync(new URL("record_list.js", DESK), "utf8"),
	);
	const importModule = (address) => import(new URL(address.replace("/assets/xero_connector/desk/", ""), DESK));
	new Function("importModule", script.replace("import(", "importModule("))(importModule);
}

/** A list that is being opened, with these rows selected. */
async function openList(doctype, selected = ["R-1", "R-2"]) {
	const list = { doctype, actions: {}, menu: {}, refreshed: 0 };
	list.page = {
		add_actions_menu_item: (label, press) => (list.actions[label] = press),
		add_menu_item: (label, press) => (list.menu[label] = press),
	};
	list.get_checked_items = (onlyNames) => (onlyNames ? selected : []);
	list.refresh = () => (list.refreshed += 1);
	frappe.listview_settings[doctype].onload(list);
	await loaded();
	return list;
}

/** Until the modules that a press asks for are there and have run. */
async function loaded() {
	await Promise.all(["list.js", "run.js", "../run/index.js"].map((name) => import(new URL(`${name}?v=1.0.${pages}`, DESK))));
	// a body of an answer is read in turns of its own
	for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
	await settled();
}

for (const doctype of ["CRM Deal", "Opportunity", "Sales Invoice"]) {
	test(`the selected rows of ${doctype} can be sent, tried and updated`, async () => {
		runScript(doctype);
		const list = await openList(doctype);
		assert.deepEqual(Object.keys(list.actions), ["Send to Xero", "Send to Xero (dry run)", "Update from Xero"]);
		list.actions["Send to Xero (dry run)"]();
		await loaded();
		assert.deepEqual(calls, [["drafts.send_many", { doctype, names: ["R-1", "R-2"], dry_run: 1 }]]);
	});
}

test("a run is shown in a dialog, and the list is read anew when that is closed", async () => {
	runScript("CRM Deal");
	const list = await openList("CRM Deal");
	list.actions["Send to Xero"]();
	await loaded();
	const [dialog] = dialogs;
	assert.deepEqual([dialog.title, dialog.isShown], ["Send to Xero", true]);
	assert.match(dialog.element.firstElementChild.shadowRoot.textContent, /Done/);
	dialog.on_hide();
	assert.deepEqual([dialog.element.childElementCount, dialog.isGone, list.refreshed], [0, true, 1]);
});

test("the tools are in the menu of the list of sales invoices, and of no other", async () => {
	runScript("Sales Invoice");
	runScript("Opportunity");
	const { menu } = await openList("Sales Invoice");
	assert.deepEqual(Object.keys(menu), ["Send all live invoices", "Update all invoice balances"]);
	assert.deepEqual((await openList("Opportunity")).menu, {});
	menu["Send all live invoices"]();
	await loaded();
	assert.deepEqual(calls, [["tools.send_all_live", { dry_run: 1 }]]);
});

test("who may not send finds the list as it was", async () => {
	places = { ...MAY, send: false };
	runScript("Sales Invoice");
	const { actions, menu } = await openList("Sales Invoice");
	assert.deepEqual([actions, menu], [{}, {}]);
});

test("before a connection the list leads who may connect to the settings", async () => {
	places = { ...MAY, send: true, configure: true, connected: false };
	runScript("Sales Invoice");
	const { actions, menu } = await openList("Sales Invoice");
	assert.deepEqual([Object.keys(actions), menu], [["Connect to Xero"], {}]);
});

test("what a list has of others stays, and a script that is run again adds nothing", async () => {
	const theirs = [];
	const settings = { onload: (list) => theirs.push(list.doctype), colour: "green" };
	frappe.listview_settings["CRM Deal"] = settings;
	runScript("CRM Deal");
	const { onload } = settings;
	runScript("CRM Deal");
	assert.equal(settings.onload, onload);
	await openList("CRM Deal");
	assert.deepEqual([theirs, settings.colour], [["CRM Deal"], "green"]);
});

/** The form of this run, with the buttons that it got. */
async function openForm(action) {
	const form = { docname: "RUN-1", doc: { action }, buttons: {}, reloaded: 0 };
	form.add_custom_button = (label, press) => (form.buttons[label] = press);
	form.reload_doc = () => (form.reloaded += 1);
	const { offerOnForm } = await import(new URL(`run.js?v=1.0.${pages}`, DESK));
	await offerOnForm(form);
	return form;
}

test("the form of a run shows its results in the same dialog, without starting anything", async () => {
	const form = await openForm("Update All Balances");
	form.buttons["Show Results"]();
	await loaded();
	assert.deepEqual([dialogs[0].title, calls], ["Update all invoice balances", [["tools.progress", { run: "RUN-1" }]]]);
	dialogs[0].on_hide();
	assert.equal(form.reloaded, 1);
});

test("the form of a run offers nothing to who may not send", async () => {
	places = { ...MAY, send: false };
	assert.deepEqual((await openForm("Send")).buttons, {});
});
