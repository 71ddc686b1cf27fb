import assert from "node:assert/strict";
import test from "node:test";
import * as paths from "../../xero_connector/public/panel/paths.js";
import { createStates } from "../../xero_connector/public/panel/state.js";
import { draftState } from "../../xero_connector/public/panel/state/draft.js";
import { findState } from "../../xero_connector/public/panel/state/find.js";
import { formState } from "../../xero_connector/public/panel/state/form.js";
import { linkState } from "../../xero_connector/public/panel/state/link.js";
import { isListChanged, listQuery, listState } from "../../xero_connector/public/panel/state/list.js";
import { panelState } from "../../xero_connector/public/panel/state/panel.js";
import { recipientState } from "../../xero_connector/public/panel/state/recipient.js";
import { draft, draftValues, outcome, page, panel, row } from "./answers.mjs";

const { initialState, reduce } = createStates(
	[listState, panelState, linkState, formState, draftState, recipientState, findState],
	paths,
);

const TARGET = { doctype: "CRM Deal", name: "D-1" };
const after = (state, ...actions) => actions.reduce(reduce, state);
const loaded = (answer = panel()) => after(initialState(TARGET), { type: "panel_answered", answer });
const rows = (from, count) => Array.from({ length: count }, (_, index) => row({ id: `d${from + index}` }));

test("an answer to an older question is dropped", () => {
	const asked = after(loaded(), { type: "list_asked" }, { type: "list_asked" });
	const stale = { type: "list_answered", channel: "list", request: 1, answer: page({ rows: [row({ id: "old" })] }) };
	assert.equal(reduce(asked, stale), asked);
	const fresh = reduce(asked, { ...stale, request: 2 });
	assert.equal(fresh.list.rows[0].id, "old");
});

test("an answer about the record before is dropped", () => {
	const asked = reduce(initialState(TARGET), { type: "panel_asked" });
	const elsewhere = reduce(asked, { type: "retargeted", target: { doctype: "CRM Deal", name: "D-2" } });
	const late = reduce(elsewhere, { type: "panel_answered", channel: "panel", request: 1, answer: panel() });
	assert.equal(late.panel, null);
	assert.equal(late.target.name, "D-2");
});

test("a first page replaces the list and a further page is put below it", () => {
	const first = after(loaded(), { type: "list_answered", answer: page({ rows: rows(0, 20), total: 25 }) });
	const both = after(first, { type: "list_answered", more: true, answer: page({ rows: rows(20, 5), total: 25 }) });
	assert.equal(both.list.rows.length, 25);
	assert.equal(listQuery(first.list, "customer", true).start, 20);
	assert.equal(listQuery(both.list, "customer").start, 0);
});

test("empty filters are not sent", () => {
	const query = listQuery(loaded().list, loaded().panel.record.scope);
	assert.deepEqual([query.search, query.from_date, query.to_date], [null, null, null]);
	assert.deepEqual([query.kind, query.view, query.scope], ["invoice", "open", "record"]);
});

test("fresh figures leave a filtered list alone", () => {
	const filtered = reduce(loaded(), { type: "list_edited", change: { view: "paid" } });
	assert.ok(isListChanged(filtered));
	const fresh = reduce(filtered, { type: "panel_answered", answer: panel({ list: page({ rows: [] }) }) });
	assert.equal(fresh.list.view, "paid");
	assert.equal(fresh.list.rows.length, 1);
});

test("fresh figures replace a list that nobody has touched", () => {
	const fresh = reduce(loaded(), { type: "panel_answered", answer: panel({ list: page({ rows: rows(0, 7) }) }) });
	assert.equal(fresh.list.rows.length, 7);
});

test("a quiet failure keeps what is shown", () => {
	const failed = after(loaded(), { type: "panel_asked", quiet: true }, { type: "panel_failed", message: "No" });
	assert.equal(failed.phase, "ready");
	assert.equal(failed.panel.state, "linked");
});

test("what was typed into the search outlives fresh figures", () => {
	const typed = reduce(loaded(), { type: "search_edited", text: "acme" });
	assert.equal(reduce(typed, { type: "panel_answered", answer: panel() }).search.text, "acme");
});

test("of another organisation nothing is kept but the means to choose one", () => {
	const organisations = [{ name: "ORG1", title: "One" }, { name: "ORG2", title: "Two" }];
	const filtered = reduce(loaded(panel({ organisations })), { type: "list_edited", change: { view: "paid" } });
	const chosen = reduce(filtered, { type: "organisation_chosen", organisation: "ORG2" });
	assert.equal(chosen.organisation, "ORG2");
	assert.equal(chosen.panel.organisation.title, "Two");
	assert.deepEqual([chosen.panel.overview, chosen.panel.contacts, chosen.list.rows], [null, [], []]);
	assert.equal(reduce(chosen, { type: "panel_answered", answer: panel() }).list.view, "open");
});

test("a draft that Xero refused gives the form back with the reason", () => {
	const sending = after(
		loaded(),
		{ type: "form_opened", kind: "draft", about: TARGET },
		{ type: "form_prepared", prepared: draft(), values: draftValues() },
		{ type: "form_sending" },
	);
	const refused = outcome("Needs Attention", { message: "Xero did not accept it." });
	const given = reduce(sending, { type: "form_progressed", outcome: refused });
	assert.equal(given.form.phase, "editing");
	assert.equal(given.form.message, "Xero did not accept it.");
	assert.equal(given.form.values.lines[0].description, "Website rebuild");
});
