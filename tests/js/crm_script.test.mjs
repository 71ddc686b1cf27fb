import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { beforeEach, test } from "node:test";
import { all, nextFrame, one, openPage, tabs, window } from "./crm_page.mjs";

const CRM = new URL("../../xero_connector/public/crm/", import.meta.url);
const templates = Object.fromEntries(["form", "list"].map((view) => [view, readFileSync(new URL(`${view}_script.js`, CRM), "utf8")]));

let versions = 0;
let asked = [];
let places = {};
let answers = {};
const imported = [];

window.__ = (text) => text;
window.csrf_token = "secret";
globalThis.DOMParser = window.DOMParser;
globalThis.fetch = async (address) => {
	const method = address.split("xero_connector.api.")[1];
	asked.push(method);
	if (places === null) throw new TypeError("Failed to fetch");
	return Response.json({ message: method === "panel.places" ? places : (answers[method] ?? null) });
};

beforeEach(() => {
	versions += 1;
	asked = [];
	places = { see: true, main_tab: true };
	answers = {};
	openPage("/crm/deals/D-1", tabs("Activity", "Data"));
});

/** The record as the site writes it, with `import()` from the test: a page that was just opened. */
function source({ doctype = "CRM Deal", header = "form", view = "form" } = {}) {
	const filled = { __DOCTYPE__: doctype, __CLASS__: doctype.replace(" ", ""), __HEADER__: header, __VERSION__: `t${versions}` };
	let text = templates[view].replace("import(", "importModule(");
	for (const [place, value] of Object.entries(filled)) text = text.replaceAll(place, value);
	return text;
}

function importModule(address) {
	const [path, version] = address.replace("/assets/xero_connector/crm/", "").split("?");
	const module = import(`${new URL(path, CRM)}?${version}`);
	imported.push(module);
	return module;
}

const dialogs = [];
const helpers = { createDialog: (options) => dialogs.push(options), socket: { on() {}, off() {} }, router: {}, toast: {} };

/** As releases from 1.47 run it; `tools` are what the release puts into the scope of a script. */
async function runForm({ more = {}, doc = { name: "D-1" }, ...script } = {}) {
	const tools = { importModule, ...helpers, ...(more.h ? { h: more.h } : {}) };
	const name = (script.doctype ?? "CRM Deal").replace(" ", "");
	const Form = new Function(...Object.keys(tools), `${source(script)}\nreturn ${name};`)(...Object.values(tools));
	const hidden = {};
	const html = {};
	const form = Object.assign(new Form(), {
		doc,
		actions: [{ label: "Theirs" }],
		setFieldProperty: (part, property, value) => (hidden[part] = value),
		setFieldHtml: (field, value) => (html[field] = value),
		...more,
	});
	form.onLoad();
	form.refresh();
	await settle();
	return { form, hidden, html };
}

/** As releases before 1.47 run it, and later ones on contacts and organizations. */
async function runPage(script) {
	const setupForm = new Function("importModule", `${source(script)}\nreturn setupForm;`)(importModule);
	const { createDialog: $dialog, socket: $socket, router } = helpers;
	const answer = await setupForm({ doc: { name: "D-1" }, $dialog, $socket, router, createToast() {} });
	await settle();
	return answer.actions;
}

/** As every release runs it when a list is opened. */
async function runList(script) {
	const setupList = new Function("importModule", `${source({ ...script, view: "list" })}\nreturn setupList;`)(importModule);
	const { createDialog: $dialog, socket: $socket, router } = helpers;
	const answer = await setupList({ list: {}, $dialog, $socket, router, createToast() {} });
	return answer.bulk_actions;
}

/** Until all that a script has set going has come to its end. */
async function settle() {
	await Promise.all(imported.splice(0));
	await window.xero_connector_crm?.catch(() => {});
	// questions about the record, and what their answers draw
	for (let turn = 0; turn < 3; turn++) await nextFrame();
}

test("somebody who may see Xero gets the field, the button and the tab, once", async () => {
	const { form, hidden, html } = await runForm();
	assert.deepEqual(hidden, { xero_panel_tab: false, xero_panel_section: false, xero_panel: false });
	assert.equal(html.xero_panel, '<div data-xero-panel="CRM Deal" data-xero-name="D-1"></div>');
	assert.deepEqual(form.actions.map(({ label, buttonLabel }) => label ?? buttonLabel), ["Theirs", "Xero"]);
	assert.equal(all("#xero-main-tab").length, 1);
	assert.deepEqual(asked.filter((method) => method === "panel.places"), ["panel.places"]);
});

test("somebody who may not gets nothing at all, and what is there already is hidden", async () => {
	places = { see: false, main_tab: true };
	const { form, hidden, html } = await runForm();
	assert.deepEqual(new Set(Object.values(hidden)), new Set([true]));
	assert.deepEqual(html, {});
	assert.deepEqual(form.actions, [{ label: "Theirs" }]);
	assert.equal(one("#xero-main-tab"), null);
	assert.deepEqual(asked, ["panel.places"]);
	assert.deepEqual(await runPage({ header: "setupForm" }), []);
});

test("the setting takes the tab out of the main row and nothing else", async () => {
	places = { see: true, main_tab: false };
	const tabsOfRelease = [];
	const { form, html } = await runForm({ more: { tabs: tabsOfRelease, h: () => {} } });
	assert.equal(one("#xero-main-tab"), null);
	assert.deepEqual(tabsOfRelease, []);
	assert.ok(html.xero_panel);
	assert.equal(form.actions.length, 2);
});

test("a release whose scripts may add tabs gets a real one", async () => {
	const drawn = (tag, attributes) => ({ tag, ...attributes });
	const { form } = await runForm({ more: { tabs: [], h: drawn } });
	assert.equal(one("#xero-main-tab"), null);
	const [{ name, label, component }] = form.tabs;
	assert.deepEqual([form.tabs.length, name, label], [1, "Xero", "Xero"]);
	const node = component.setup({ doctype: "CRM Deal", docname: "D 1" })();
	assert.deepEqual([node.tag, node["data-xero-panel"], node["data-xero-name"]], ["div", "CRM Deal", "D%201"]);
});

test("a record that is not saved yet has no places", async () => {
	const { form, html } = await runForm({ doc: { __newDocument: true } });
	assert.deepEqual([form.actions.length, html, asked], [1, {}, []]);
});

test("releases without hidden layouts, fields of HTML or actions of classes do without them", async () => {
	const missing = { setFieldProperty: undefined, setFieldHtml: undefined, actions: undefined };
	await runForm({ header: "setupForm", more: missing });
	assert.equal(all("#xero-main-tab").length, 1);
});

test("the function form gives the button where classes cannot", async () => {
	const [{ buttonLabel, items }] = await runPage({ header: "setupForm" });
	assert.deepEqual([buttonLabel, items.map(({ label }) => label)], ["Xero", ["Show invoices", "Open full page"]]);
	assert.ok(one("#xero-main-tab"));
	assert.deepEqual(await runPage({ header: "form" }), [], "not a second time");
});

test("scripts of two versions on one page share what the first has opened", async () => {
	await runForm();
	versions += 1;
	const { form } = await runForm();
	assert.equal(all("#xero-main-tab").length, 1);
	assert.equal(form.actions.length, 2);
	assert.deepEqual(asked.filter((method) => method === "panel.places"), ["panel.places"]);
});

test("the button opens the panel in a dialog, or the page of the record", async () => {
	const [{ items }] = await runPage({ doctype: "Contact", header: "setupForm" });
	items[0].onClick();
	assert.match(dialogs.at(-1).html, /^<div data-xero-panel="Contact" data-xero-name="D-1"><\/div>$/);
	const opened = [];
	window.open = (...args) => opened.push(args);
	items[1].onClick();
	assert.deepEqual(opened, [["/xero/Contact/D-1", "_blank", "noopener"]]);
});

test("a site that is not reached costs other scripts nothing, and is asked again", async (context) => {
	const said = context.mock.method(console, "error", () => {});
	places = null;
	assert.deepEqual(await runPage({ header: "setupForm" }), []);
	assert.equal(said.mock.callCount(), 1);
	places = { see: true, main_tab: false };
	assert.equal((await runPage({ header: "setupForm" })).length, 1);
});

test("a script that is missing its module costs other scripts nothing", async (context) => {
	const said = context.mock.method(console, "error", () => {});
	const failing = () => Promise.reject(new TypeError("Failed to fetch dynamically imported module"));
	const setupForm = new Function("importModule", `${source({ header: "setupForm" })}\nreturn setupForm;`)(failing);
	assert.deepEqual(await setupForm({ doc: { name: "D-1" } }), { actions: [] });
	assert.equal(said.mock.callCount(), 1);
});

const LIVE = { can: { draft: true }, record: { is_live: true } };

test("where something is being sold the button begins with a new draft, open in its dialog", async () => {
	answers["panel.get"] = LIVE;
	const { form } = await runForm();
	const { items } = form.actions.at(-1);
	assert.deepEqual(items.map(({ label }) => label), ["New draft invoice", "Show invoices", "Open full page"]);
	items[0].onClick();
	assert.equal(dialogs.at(-1).html, '<div data-xero-panel="CRM Deal" data-xero-name="D-1" data-xero-form="draft"></div>');
	const [button] = await runPage({ doctype: "CRM Organization", header: "setupForm" });
	assert.equal(button.items[0].label, "New draft invoice");
});

const MAY = { see: true, send: true, connected: true, configure: false, main_tab: false, settings_url: "/app/xero-settings" };

test("the selected rows of a list are sent in a dialog, and the list is read anew when it is closed", async () => {
	places = MAY;
	answers["drafts.send_many"] = { run: "RUN-1", state: "Done", total: 1, done: 1, rows: [], counts: { created: 1 } };
	const actions = await runList();
	assert.deepEqual(actions.map(({ label }) => label), ["Send to Xero", "Send to Xero (dry run)", "Update from Xero"]);
	const done = [];
	const closed = actions[0].onClick({
		list: { reload: () => done.push("reloaded") },
		selections: new Set(["D-1", "D-2"]),
		unselectAll: () => done.push("unselected"),
	});
	// the CRM shows the dialog by itself, and draws its HTML
	const dialog = dialogs.at(-1);
	dialog.show = true;
	const page = document.createElement("div");
	page.innerHTML = dialog.html;
	document.body.append(page);
	await settle();
	assert.equal(asked.at(-1), "drafts.send_many");
	assert.match(page.firstChild.firstChild.shadowRoot.textContent, /Created 1/);
	assert.deepEqual(done, []);
	dialog.show = false;
	await closed;
	assert.deepEqual(done, ["unselected", "reloaded"]);
});

test("a list has no actions for who may not send, and leads who may connect to the settings", async () => {
	places = { ...MAY, send: false };
	assert.deepEqual(await runList(), []);
	delete window.xero_connector_crm;
	places = { ...MAY, connected: false, configure: true };
	const [{ label, onClick }] = await runList();
	const opened = [];
	window.open = (...args) => opened.push(args);
	onClick();
	assert.deepEqual([label, opened], ["Connect to Xero", [["/app/xero-settings", "_blank", "noopener"]]]);
});

test("a list costs who may not see Xero one question, and other scripts nothing when the site is away", async (context) => {
	places = { see: false };
	assert.deepEqual(await runList(), []);
	assert.deepEqual(asked, ["panel.places"]);
	const said = context.mock.method(console, "error", () => {});
	delete window.xero_connector_crm;
	places = null;
	assert.deepEqual(await runList(), []);
	assert.equal(said.mock.callCount(), 1);
});
