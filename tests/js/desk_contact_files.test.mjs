// Contacts as CSV in Desk: what is asked of the site, what is seen before an import, and where a refusal is read.
import assert from "node:assert/strict";
import { test } from "node:test";
import { settled, t, window } from "./page.mjs";

const PREVIEW = {
	total: 3,
	counts: { would_create: 2, skipped: 1 },
	columns: [
		{ heading: "Company", field: "contact_name" },
		{ heading: "Colour", field: "" },
	],
	choices: [
		{ value: "contact_name", label: "Name" },
		{ value: "city", label: "City" },
	],
	rows: [
		{ line: 2, name: "<b>Fresh</b>", outcome: "would_create", message: "", record: null, url: null },
		{ line: 3, name: "Here", outcome: "skipped", message: "Here is here already.", record: "Here", url: "https://crm.example/here" },
	],
};

/** Desk with one dialog at a time; `answers` of the site by method, an Error refuses. */
function desk(answers = {}) {
	const seen = { calls: [], dialogs: [] };
	const known = { "contacts.import_preview": PREVIEW, ...answers };
	globalThis.__ = t;
	globalThis.window = window;
	globalThis.FileReader = window.FileReader;
	globalThis.frappe = {
		boot: { lang: "en" },
		csrf_token: "token",
		utils: { escape_html: (text) => text.replaceAll("<", "&lt;") },
		ui: {
			Dialog: class {
				root = document.createElement("div");
				$wrapper = { remove() {} };
				primary = null;

				constructor(options) {
					this.options = options;
					seen.dialogs.push(this);
				}

				get_field() {
					const node = this.root.appendChild(document.createElement("div"));
					return { $wrapper: { get: () => node } };
				}

				show() {}

				hide() {
					this.hidden = true;
				}

				disable_primary_action() {
					this.primary = false;
				}

				enable_primary_action() {
					this.primary = true;
				}
			},
		},
	};
	globalThis.fetch = async (address, { body }) => {
		const method = address.replace("/api/method/xero_connector.api.", "");
		seen.calls.push([method, JSON.parse(body)]);
		const answer = known[method];
		if (!(answer instanceof Error)) return { ok: true, status: 200, json: async () => ({ message: answer }) };
		const messages = JSON.stringify([JSON.stringify({ message: answer.message })]);
		return { ok: false, status: 417, json: async () => ({ _server_messages: messages }) };
	};
	return seen;
}

const { open } = await import("../../xero_connector/public/desk/contact_files.js");

function opened(answers) {
	const seen = desk(answers);
	open("org-1", "Demo <NZ>");
	const [dialog] = seen.dialogs;
	const find = (selector) => dialog.root.querySelector(selector);
	const text = () => dialog.root.textContent;
	return { seen, dialog, find, text };
}

async function choose({ find }, content = "Company,Colour\nFresh,red\n") {
	const input = find("input[type=file]");
	const file = new window.File([content], "clients.csv");
	Object.defineProperty(input, "files", { value: [file], configurable: true });
	input.dispatchEvent(new window.Event("change"));
	for (let turn = 0; turn < 20 && !find("table") && !find("[role=alert]"); turn += 1) {
		await new Promise((resolve) => setTimeout(resolve, 5));
		await settled();
	}
}

/** The list of Xero's contacts in Desk, with the buttons that it was given. */
async function listed(books, organisations) {
	// what Desk knows of its user is asked once for as long as the page lives
	const { offerOnList } = await import(`../../xero_connector/public/desk/contact_files.js?v=${(pages += 1)}`);
	const seen = desk({ "panel.places": { books } });
	frappe.db = { get_list: async () => organisations.map(([name, title]) => ({ name, organisation_name: title })) };
	frappe.prompt = (fields, answer) => (seen.prompt = { field: fields[0], answer });
	const buttons = {};
	await offerOnList({ page: { add_inner_button: (label, press) => (buttons[label] = press) }, refresh() {} });
	return { seen, buttons };
}

let pages = 0;

test("the list of contacts has the dialog of the one organisation, for who sees the books", async () => {
	const { seen, buttons } = await listed(true, [["org-1", "Demo <NZ>"]]);
	buttons["Contacts as CSV"]();
	assert.equal(seen.dialogs[0].options.title, "Contacts as CSV: Demo &lt;NZ>");
	assert.deepEqual((await listed(false, [["org-1", "Demo <NZ>"]])).buttons, {});
	assert.deepEqual((await listed(true, [])).buttons, {});
});

test("of several organisations it is asked which, by names that are no HTML", async () => {
	const { seen, buttons } = await listed(true, [["org-1", "Kiwi"], ["org-2", "Demo <NZ>"]]);
	buttons["Contacts as CSV"]();
	assert.deepEqual(seen.dialogs, []);
	assert.deepEqual(seen.prompt.field.options, [
		{ value: "org-1", label: "Kiwi" },
		{ value: "org-2", label: "Demo &lt;NZ>" },
	]);
	seen.prompt.answer({ organisation: "org-2" });
	assert.equal(seen.dialogs[0].options.title, "Contacts as CSV: Demo &lt;NZ>");
});

test("before a file is chosen nothing is asked and nothing can be imported", () => {
	const { seen, dialog } = opened();
	assert.deepEqual(seen.calls, []);
	assert.equal(dialog.primary, false);
	assert.equal(dialog.options.title, "Contacts as CSV: Demo &lt;NZ>");
});

test("a chosen file is shown as it would be imported, its texts as text", async () => {
	const page = opened();
	await choose(page);
	const [[method, asked]] = page.seen.calls;
	assert.equal(method, "contacts.import_preview");
	assert.deepEqual(
		{ ...asked, file: atob(asked.file) },
		{ organisation: "org-1", file: "Company,Colour\nFresh,red\n", mode: "new", columns: null },
	);
	assert.match(page.text(), /3 rows/);
	assert.match(page.text(), /<b>Fresh<\/b>/);
	assert.equal(page.find("td b"), null);
	assert.match(page.text(), /Here is here already\./);
	assert.equal(page.find("td a").href, "https://crm.example/here");
	assert.equal(page.dialog.primary, true);
});

test("what a column is taken for can be chosen, and is asked for anew", async () => {
	const page = opened();
	await choose(page);
	const select = page.dialog.root.querySelectorAll("select")[1];
	select.value = "city";
	select.dispatchEvent(new window.Event("change"));
	await settled();
	assert.deepEqual(page.seen.calls.at(-1)[1].columns, ["contact_name", "city"]);
});

test("the other mode is asked for anew", async () => {
	const page = opened();
	await choose(page);
	page.dialog.root.querySelectorAll("input[type=radio]")[1].dispatchEvent(new window.Event("change"));
	await settled();
	assert.equal(page.seen.calls.at(-1)[1].mode, "update");
});

test("importing starts a run with the columns as they are shown, and shows the run", async () => {
	const run = { run: "RUN-1", action: "Import CSV", state: "Queued", total: 3, done: 0, rows: [], counts: {} };
	const page = opened({ "contacts.import_run": run, "tools.progress": { ...run, state: "Done" } });
	await choose(page);
	await page.dialog.options.primary_action();
	for (let turn = 0; turn < 50 && !page.seen.dialogs[1]?.on_hide; turn += 1) await new Promise((resolve) => setTimeout(resolve, 5));
	const [, asked] = page.seen.calls.find(([method]) => method === "contacts.import_run");
	assert.deepEqual([asked.mode, asked.columns], ["new", ["contact_name", ""]]);
	assert.equal(page.dialog.hidden, true);
	assert.equal(page.seen.dialogs[1].options.title, "Import contacts from a CSV file");
	page.seen.dialogs[1].on_hide();
});

test("with nothing to import nothing is imported", async () => {
	const page = opened({ "contacts.import_preview": { ...PREVIEW, counts: { skipped: 3 } } });
	await choose(page);
	assert.equal(page.dialog.primary, false);
	await page.dialog.options.primary_action();
	assert.equal(page.seen.calls.length, 1);
});

test("a file that is refused is told of, and another can be chosen", async () => {
	const page = opened({ "contacts.import_preview": new Error("File: 12 MB cannot be used.") });
	await choose(page);
	assert.equal(page.find("[role=alert]").textContent, "File: 12 MB cannot be used.");
	assert.equal(page.dialog.primary, false);
	assert.equal(page.find("input[type=file]").disabled, false);
});
