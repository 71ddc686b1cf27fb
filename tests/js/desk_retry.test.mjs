// Retry on the forms and lists of the outbox and of the log in Desk.
import assert from "node:assert/strict";
import { test } from "node:test";
import { settled, t } from "./page.mjs";

const { explainOnForm, offerOnForm, offerOnList } = await import("../../xero_connector/public/desk/retry.js");

/** Desk with `answers` of the site by method; what was asked is in `calls`, what was said in `alerts`. */
function desk(answers = {}, { rows = [], agree = true } = {}) {
	const seen = { calls: [], alerts: [], questions: [], listed: [] };
	const known = { "panel.places": { send: true }, ...answers };
	globalThis.__ = t;
	globalThis.frappe = {
		show_alert: (alert) => seen.alerts.push(alert),
		confirm: (question, yes) => {
			seen.questions.push(question);
			if (agree) seen.answered = yes();
		},
		xcall: async (path, args) => {
			const method = path.replace("xero_connector.api.", "");
			if (method !== "panel.places") seen.calls.push([method, args]);
			return typeof known[method] === "function" ? known[method](args) : known[method];
		},
		db: {
			get_value: async () => ({ message: { state: answers.state } }),
			get_list: async (doctype, asked) => (seen.listed.push([doctype, asked]), rows),
		},
	};
	return seen;
}

function form(doctype, doc) {
	const frm = { doctype, docname: doc.name, doc, buttons: {}, reloaded: 0 };
	frm.add_custom_button = (label, press) => (frm.buttons[label] = press);
	frm.reload_doc = () => (frm.reloaded += 1);
	return frm;
}

function list(doctype, checked = []) {
	const buttons = {};
	const add = (label, press) => (buttons[label] = press);
	return {
		doctype,
		buttons,
		refreshed: 0,
		page: { add_actions_menu_item: add, add_inner_button: add },
		get_checked_items: () => checked,
		get_filters_for_args: () => [[doctype, "action", "=", "Document"]],
		clear_checked_items() {},
		refresh() {
			this.refreshed += 1;
		},
	};
}

for (const state of ["Failed", "Needs Attention"]) {
	test(`a row of the outbox that is ${state} can be tried again`, async () => {
		const seen = desk({ "tools.retry": { queued: true } });
		const frm = form("Xero Outbox", { name: "out-1", state });
		await offerOnForm(frm);
		await frm.buttons.Retry();
		assert.deepEqual(seen.calls, [["tools.retry", { outbox: "out-1" }]]);
		assert.deepEqual(seen.alerts, [{ message: "1 queued for Xero.", indicator: "green" }]);
		assert.equal(frm.reloaded, 1);
	});
}

for (const state of ["Queued", "Sending", "Sent"]) {
	test(`a row of the outbox that is ${state} offers nothing`, async () => {
		desk();
		const frm = form("Xero Outbox", { name: "out-1", state });
		await offerOnForm(frm);
		assert.deepEqual(frm.buttons, {});
	});
}

test("a row of the log offers what its row of the outbox allows by now", async () => {
	const seen = desk({ state: "Failed" });
	const failed = form("Xero Log", { name: "log-1", outbox: "out-1", outcome: "Failed" });
	await offerOnForm(failed);
	await failed.buttons.Retry();
	assert.deepEqual(seen.calls, [["tools.retry", { outbox: "out-1" }]]);

	desk({ state: "Sent" });
	const since = form("Xero Log", { name: "log-1", outbox: "out-1", outcome: "Failed" });
	await offerOnForm(since);
	assert.deepEqual(since.buttons, {});
});

test("who may not send is offered nothing", async () => {
	desk({ "panel.places": { send: false } });
	const frm = form("Xero Outbox", { name: "out-1", state: "Failed" });
	const rows = list("Xero Outbox");
	await offerOnForm(frm);
	await offerOnList(rows);
	assert.deepEqual([frm.buttons, rows.buttons], [{}, {}]);
});

test("a form that shows another row by then gets no button of the one before", async () => {
	desk();
	const frm = form("Xero Outbox", { name: "out-1", state: "Failed" });
	const offered = offerOnForm(frm);
	frm.docname = "out-2";
	await offered;
	assert.deepEqual(frm.buttons, {});
});

test("of the ticked rows the failed ones are tried again, each row of the outbox once", async () => {
	const seen = desk({ "tools.retry_many": { queued: 0, skipped: 2 } });
	const rows = list("Xero Log", [
		{ name: "log-1", outbox: "out-1", outcome: "Failed" },
		{ name: "log-2", outbox: "out-1", outcome: "Needs Attention" },
		{ name: "log-3", outbox: "out-2", outcome: "Needs Attention" },
		{ name: "log-4", outbox: "out-3", outcome: "Sent" },
	]);
	await offerOnList(rows);
	await rows.buttons.Retry();
	assert.deepEqual(seen.calls, [["tools.retry_many", { outboxes: ["out-1", "out-2"] }]]);
	const message = "0 queued for Xero. 2 not: sent by now, or on the way.";
	assert.deepEqual(seen.alerts, [{ message, indicator: "orange" }]);
	assert.equal(rows.refreshed, 1);
});

test("all failed rows that the list's filters let through are tried again, in calls of 500", async () => {
	const names = Array.from({ length: 501 }, (_, index) => ({ name: `out-${index}` }));
	const many = ({ outboxes }) => ({ queued: outboxes.length, skipped: 0 });
	const seen = desk({ "tools.retry_many": many }, { rows: names });
	const rows = list("Xero Outbox");
	await offerOnList(rows);
	await rows.buttons["Retry all failed"]();
	await seen.answered;
	assert.deepEqual(seen.questions, ["Send 501 to Xero again?"]);
	assert.deepEqual(seen.listed[0][1], {
		fields: ["name"],
		filters: [
			["Xero Outbox", "action", "=", "Document"],
			["Xero Outbox", "state", "in", ["Failed", "Needs Attention"]],
		],
		limit: 0,
	});
	assert.deepEqual(seen.calls.map(([, { outboxes }]) => outboxes.length), [500, 1]);
	assert.equal(seen.alerts[0].message, "501 queued for Xero.");
});

test("without an answer to the question nothing is sent", async () => {
	const seen = desk({}, { rows: [{ name: "out-1" }], agree: false });
	const rows = list("Xero Outbox");
	await offerOnList(rows);
	await rows.buttons["Retry all failed"]();
	await settled();
	assert.deepEqual(seen.calls, []);
});

test("where nothing has failed it is said, and nothing asked", async () => {
	const seen = desk();
	const rows = list("Xero Outbox", [{ name: "out-1", state: "Sent" }]);
	await offerOnList(rows);
	await rows.buttons.Retry();
	await rows.buttons["Retry all failed"]();
	assert.deepEqual(seen.calls, []);
	assert.deepEqual(seen.questions, []);
	assert.deepEqual(seen.alerts.map(({ message }) => message), ["Nothing here has failed.", "Nothing here has failed."]);
});

test("a row that needs somebody says why above its form, as text, and one that was sent says nothing", async () => {
	const seen = desk({ "tools.explain": { message: "Xero did not accept it: <b>Acme</b>" } });
	frappe.utils = { escape_html: (text) => text.replaceAll("<", "&lt;") };
	const intros = [];
	const frm = { ...form("Xero Outbox", { name: "out-1", state: "Needs Attention" }), set_intro: (...intro) => intros.push(intro) };
	await explainOnForm(frm);
	assert.deepEqual(seen.calls, [["tools.explain", { outbox: "out-1" }]]);
	assert.deepEqual(intros, [["Xero did not accept it: &lt;b>Acme&lt;/b>", "orange"]]);
	await explainOnForm({ ...frm, doc: { name: "out-1", state: "Sent" } });
	assert.equal(intros.length, 1);
});

test("all that one problem keeps back is tried again after a question, in as many calls as it takes", async () => {
	const answers = [
		{ queued: 500, skipped: 0, after: "out-500" },
		{ queued: 3, skipped: 1, after: "" },
	];
	const seen = desk({ "tools.retry_kind": () => answers.shift() });
	const frm = form("Xero Outbox", { name: "out-1", state: "Needs Attention", error_code: "period_locked" });
	await offerOnForm(frm);
	frm.buttons["Retry all with this problem"]();
	await seen.answered;
	assert.equal(seen.questions.length, 1);
	assert.deepEqual(seen.calls, [
		["tools.retry_kind", { error_code: "period_locked", after: "" }],
		["tools.retry_kind", { error_code: "period_locked", after: "out-500" }],
	]);
	assert.equal(seen.alerts[0].message, "503 queued for Xero. 1 not: sent by now, or on the way.");
	assert.equal(frm.reloaded, 1);
});
