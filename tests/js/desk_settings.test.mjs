// The settings page in Desk: what is offered on an organisation's card, and to whom.
import assert from "node:assert/strict";
import { test } from "node:test";
import { t } from "./page.mjs";

globalThis.__ = t;
globalThis.frappe = { datetime: { prettyDate: () => "" } };
const SETTINGS = "../../xero_connector/public/desk/settings";
const [{ organisations }, { health }] = await Promise.all(["organisations", "health"].map((name) => import(`${SETTINGS}/${name}.js`)));

const KIWI = {
	name: "ORG1",
	title: "Kiwi Test Ltd",
	status: "Connected",
	sync_state: "Idle",
	last_sync: "2026-11-22T01:00:00Z",
	calls: { day_left: 4000, day_limit: 5000, minute_left: 60, paused_until: null },
};
const WAIT = { kind: "matches_wait", level: "info", text: "3 contacts wait.", organisation: "ORG1", title: "Kiwi Test Ltd", since: null };

/** What the card's buttons do. */
function actions(books) {
	const shown = organisations({}, { enabled: true, configured: true, organisations: [KIWI], books });
	return [...shown.querySelectorAll("[data-organisation] button")].map(({ dataset }) => dataset.action);
}

test("who sets Xero up without seeing the books is offered nothing that is refused", () => {
	assert.deepEqual(actions(true), ["refresh", "map-taxes", "csv", "review", "reconcile", "disconnect"]);
	assert.deepEqual(actions(false), ["refresh", "map-taxes", "disconnect"]);
});

test("contacts that wait are reviewed by who may go to their list", () => {
	const offered = (url) => health({}, { enabled: true, matters: [{ ...WAIT, url }] }).querySelector("[data-action=review]");
	assert.ok(offered("/app/xero-match?state=Waiting"));
	assert.equal(offered("/app/xero-settings"), null);
});
