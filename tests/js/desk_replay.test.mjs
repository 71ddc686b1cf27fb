// Replay on the form and list of webhook events in Desk.
import assert from "node:assert/strict";
import { test } from "node:test";
import { t } from "./page.mjs";

const { offerOnForm, offerOnList } = await import("../../xero_connector/public/desk/replay.js");

/** Desk, where replaying answers with these counts; what was asked is in `calls`, what was said in `alerts`. */
function desk(counts) {
	const seen = { calls: [], alerts: [] };
	globalThis.__ = t;
	globalThis.frappe = {
		show_alert: (alert) => seen.alerts.push(alert),
		xcall: async (path, args) => (seen.calls.push([path, args]), counts),
	};
	return seen;
}

function form(doc) {
	const frm = { doc: { name: "e-1", organisation: "o", resource: "r", ...doc }, buttons: {}, reloaded: 0 };
	frm.add_custom_button = (label, press) => (frm.buttons[label] = press);
	frm.reload_doc = () => (frm.reloaded += 1);
	return frm;
}

for (const state of ["Done", "Failed", "Ignored", "Unknown"]) {
	test(`an event that is ${state} can be replayed`, async () => {
		const seen = desk({ queued: 1, skipped: 0 });
		const frm = form({ state });
		offerOnForm(frm);
		await frm.buttons.Replay();
		assert.deepEqual(seen.calls, [["xero_connector.api.webhook.replay", { events: ["e-1"] }]]);
		assert.deepEqual(seen.alerts, [{ message: "1 queued to be read again.", indicator: "green" }]);
		assert.equal(frm.reloaded, 1);
	});
}

test("an event that waits, or does not say what changed, offers nothing", () => {
	desk();
	for (const doc of [{ state: "Waiting" }, { state: "Unknown", resource: null }, { state: "Unknown", organisation: null }]) {
		const frm = form(doc);
		offerOnForm(frm);
		assert.deepEqual(frm.buttons, {});
	}
});

test("the ticked events of a list are replayed together, and those that cannot be are counted", async () => {
	const seen = desk({ queued: 1, skipped: 2 });
	const list = { actions: {}, cleared: 0, refreshed: 0 };
	list.page = { add_actions_menu_item: (label, press) => (list.actions[label] = press) };
	list.get_checked_items = (onlyNames) => (onlyNames ? ["a", "b", "c"] : []);
	list.clear_checked_items = () => (list.cleared += 1);
	list.refresh = () => (list.refreshed += 1);
	offerOnList(list);
	await list.actions.Replay();
	assert.deepEqual(seen.calls, [["xero_connector.api.webhook.replay", { events: ["a", "b", "c"] }]]);
	assert.match(seen.alerts[0].message, /^1 queued to be read again. 2 not/);
	assert.deepEqual([list.cleared, list.refreshed], [1, 1]);
});

test("nothing to replay is said, and not in green", async () => {
	const seen = desk({ queued: 0, skipped: 1 });
	const frm = form({ state: "Unknown" });
	offerOnForm(frm);
	await frm.buttons.Replay();
	assert.equal(seen.alerts[0].indicator, "orange");
});
