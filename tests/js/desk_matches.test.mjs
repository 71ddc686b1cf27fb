// The review queue in Desk: what is shown of both sides, what a decision asks for, and where a refusal is read.
import assert from "node:assert/strict";
import { test } from "node:test";
import { settled, t, window } from "./page.mjs";

const ACME = {
	match: "c-1",
	state: "Waiting",
	organisation: "Books",
	contact: { contact_name: "<b>Acme</b>", city: "Leeds", country: "" },
	candidates: [
		{
			doctype: "Contact",
			name: "jo",
			title: "Jo Roe",
			score: 82,
			reasons: ["similar_name", "postal_code"],
			values: { contact_name: "Acme Anvils", city: "leeds", country: "" },
			writable: true,
		},
	],
	closed: 0,
	message: "",
};
const DONE = { done: 1, skipped: 0, messages: [], run: null };

/** Desk with `pages` of the queue, one after the other; `answer` is what a decision is answered with. */
function desk(pages, { answer = DONE, mayCreate = true } = {}) {
	const seen = { asked: [], alerts: [], root: document.createElement("div"), closed: 0 };
	globalThis.__ = t;
	globalThis.window = window;
	globalThis.frappe = {
		boot: { lang: "en" },
		csrf_token: "token",
		utils: { escape_html: (text) => text.replaceAll("<", "&lt;"), get_form_link: (doctype, name) => `/app/${doctype}/${name}` },
		show_alert: (alert) => seen.alerts.push(alert),
		xcall: async (path, args) => (seen.asked.push([path.replace("xero_connector.api.contacts.", ""), args]), answer),
		db: { get_list: async () => [{ name: "org", organisation_name: "Books <NZ>" }] },
		ui: {
			Dialog: class {
				$wrapper = { remove() {} };

				get_field() {
					return { $wrapper: { get: () => seen.root } };
				}

				show() {}
			},
		},
	};
	const left = [...pages];
	globalThis.fetch = async (address, { body }) => {
		if (!address.includes("contacts.matches")) {
			seen.asked.push([address.split(".").at(-1), JSON.parse(body)]);
			return answer.ok === false ? answer : reply(answer);
		}
		const rows = left.shift() ?? [];
		const total = rows.length + left.flat().length;
		return reply({ rows, total, counts: {}, fields: ["contact_name", "city", "country"], can_create: mayCreate });
	};
	return seen;
}

function reply(message) {
	return { ok: true, status: 200, json: async () => ({ message }) };
}

function refusal(text) {
	const messages = JSON.stringify([JSON.stringify({ message: text })]);
	return { ok: false, status: 417, json: async () => ({ _server_messages: messages }) };
}

const { open, offerOnList, showOnForm } = await import("../../xero_connector/public/desk/matches.js");

const texts = (root, selector) => [...root.querySelectorAll(selector)].map((node) => node.textContent);
const press = async (root, label) => {
	[...root.querySelectorAll("button")].find((node) => node.textContent === label).click();
	for (let turn = 0; turn < 5; turn++) await settled();
};

test("both sides are shown with score and reasons, and nothing of them as markup", async () => {
	const { root } = desk([[ACME]]);
	await open("");
	assert.match(texts(root, "thead th")[2], /Jo Roe.*82 % similar name, same postcode/);
	assert.deepEqual(texts(root, "tbody th"), ["Name", "City"]);
	assert.deepEqual(texts(root, "tbody td").slice(0, 2), ["<b>Acme</b>", "Acme Anvils"]);
	assert.equal(root.querySelector("b"), null);
});

test("what differs is marked, and case alone is no difference", async () => {
	const { root } = desk([[ACME]]);
	await open("");
	assert.deepEqual(texts(root, "[data-differs]"), ["Acme Anvils"]);
});

for (const [label, decision, record] of [
	["Link", "link", { doctype: "Contact", name: "jo" }],
	["Create a new record", "create", {}],
	["Ignore", "ignore", {}],
]) {
	test(`${label} decides about this contact, and the next ones follow`, async () => {
		const seen = desk([[ACME], [{ ...ACME, match: "c-2" }]]);
		await open("");
		await press(seen.root, label);
		assert.deepEqual(seen.asked, [["decide_match", { match: "c-1", decision, ...record }]]);
		assert.deepEqual([...seen.root.querySelectorAll("section")].map((node) => node.dataset.match), ["c-2"]);
	});
}

test("the last decision leaves a queue in which nothing waits", async () => {
	const { root } = desk([[ACME]]);
	await open("");
	await press(root, "Ignore");
	assert.equal(root.textContent, "Nothing waits for a decision.");
});

for (const [why, answer] of [
	["refused", refusal("Not yours")],
	["not possible", { ...DONE, done: 0, messages: ["Not yours"] }],
]) {
	test(`a decision that is ${why} is explained where it was taken`, async () => {
		const { root } = desk([[ACME]], { answer });
		await open("");
		await press(root, "Link");
		assert.deepEqual(texts(root, "section [role=alert]"), ["Not yours"]);
		assert.equal(root.querySelector("button").disabled, false);
	});
}

test("what may not be done is not offered", async () => {
	const closed = { ...ACME, closed: 2, candidates: [{ ...ACME.candidates[0], writable: false }] };
	const { root } = desk([[closed]], { mayCreate: false });
	await open("");
	assert.equal(root.querySelector("table button").disabled, true);
	assert.deepEqual(texts(root, "section > div > button"), ["Ignore"]);
	assert.match(root.textContent, /2 more that you may not see\./);
});

test("what is decided is shown on its form without buttons", async () => {
	const { root } = desk([[{ ...ACME, state: "Linked" }]]);
	await showOnForm({ docname: "c-1", get_field: () => ({ $wrapper: { get: () => root } }), reload_doc() {} });
	assert.equal(root.querySelector("button"), null);
	assert.match(root.textContent, /Jo Roe/);
});

test("ticked rows are decided together, and the list tells what became of them", async () => {
	const seen = desk([], { answer: { ...DONE, done: 2, skipped: 1 } });
	const buttons = {};
	const add = (label, act) => (buttons[label] = act);
	const list = {
		page: { add_inner_button: add, add_actions_menu_item: add, add_menu_item: add },
		get_checked_items: () => ["c-1", "c-2", "c-3"],
		clear_checked_items: () => (seen.closed += 1),
		refresh: () => (seen.closed += 1),
	};
	await offerOnList(list);
	assert.deepEqual(Object.keys(buttons), ["Review", "Link", "Create", "Ignore", "Bring contacts in from Books &lt;NZ>"]);
	await buttons.Link();
	assert.deepEqual(seen.asked, [["decide_many", { match_names: ["c-1", "c-2", "c-3"], decision: "link" }]]);
	assert.deepEqual(seen.alerts, [{ message: "2 decided. 1 left alone.", indicator: "green" }]);
	assert.equal(seen.closed, 2);
});
