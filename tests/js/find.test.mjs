import assert from "node:assert/strict";
import test, { mock } from "node:test";
import { found, page, panel, row } from "./answers.mjs";
import { settled, show, window } from "./page.mjs";

mock.timers.enable({ apis: ["setTimeout"] });

const WHERE = { doctype: "CRM Deal", name: "D-1", organisation: "ORG1" };

async function opened(answers) {
	const known = { "panel.get": () => panel(), "links.find_documents": () => found(), "panel.list_documents": page() };
	const shown = await show({ ...known, ...answers });
	await shown.press("Find & link");
	return shown;
}

const asked = (shown) => shown.host.called("links.find_documents").at(-1);

test("the newest documents are there before anything is typed", async () => {
	const shown = await opened();
	assert.deepEqual(asked(shown), { ...WHERE, kind: "invoice", text: "", from_date: null, to_date: null });
	assert.ok(shown.one("dialog").open);
	assert.equal(shown.focused().type, "search");
	assert.match(shown.one("dialog li").textContent, /INV-0001\$1,150\.00.*Aotearoa Widgets · PO 7/);
});

test("a number or reference is searched after a pause, and dates wait for Apply", async () => {
	const shown = await opened();
	await shown.type('dialog input[type="search"]', " PO 7");
	mock.timers.tick(250);
	await settled();
	assert.equal(asked(shown).text, "PO 7");
	await shown.type('dialog input[type="date"]', "2026-01-01");
	assert.equal(shown.host.called("links.find_documents").length, 2);
	await shown.submit("dialog .dates");
	assert.equal(asked(shown).from_date, "2026-01-01");
	assert.equal(asked(shown).text, "PO 7");
});

test("bills are found only by those who may see them", async () => {
	const without = await opened();
	assert.doesNotMatch(without.one("dialog").textContent, /Bills/);
	const within = await opened({ "panel.get": panel({ can: { ...panel().can, bills: true } }) });
	const [bills] = within.all("dialog .segments button").slice(-1);
	bills.click();
	await settled();
	assert.equal(asked(within).kind, "bill");
});

test("a document is linked and unlinked in place, and the panel is brought up to date at the end", async () => {
	const shown = await opened({ "links.link_document": {}, "links.unlink_document": {} });
	await shown.press("Link INV-0001");
	assert.deepEqual(shown.host.called("links.link_document"), [{ ...WHERE, document_id: "d1" }]);
	await shown.press("Unlink INV-0001");
	assert.deepEqual(shown.host.called("links.unlink_document"), [{ ...WHERE, document_id: "d1" }]);
	assert.equal(shown.host.called("panel.get").length, 1);
	await shown.press("Done");
	assert.equal(shown.one("dialog"), null);
	assert.equal(shown.host.called("panel.get").length, 2);
});

test("Escape closes it, and without a change nothing is loaded", async () => {
	const shown = await opened();
	shown.one("dialog").dispatchEvent(new window.Event("cancel", { cancelable: true }));
	await settled();
	assert.equal(shown.one("dialog"), null);
	assert.equal(shown.host.called("panel.get").length, 1);
});

test("who sees only some documents is told so, and where the answer ends", async () => {
	const rows = Array.from({ length: 50 }, (_, index) => row({ id: `d${index}` }));
	const shown = await opened({ "links.find_documents": found({ limited: true, rows }) });
	assert.match(shown.one("dialog").textContent, /documents of this record's Xero contacts only/);
	assert.match(shown.one("dialog").textContent, /the newest 50\. Search to find others/);
});

test("a failed search says why, and can be tried again", async () => {
	const answers = { "links.find_documents": () => Promise.reject(new Error("Too slow.")) };
	const shown = await opened(answers);
	assert.match(shown.one("dialog").textContent, /Too slow\./);
});

test("an empty result is a sentence", async () => {
	const shown = await opened({ "links.find_documents": found({ rows: [] }) });
	assert.match(shown.one("dialog").textContent, /Nothing matches this search\./);
});

test("who may not link is not offered it", async () => {
	const shown = await show({ "panel.get": panel({ can: { ...panel().can, link: false } }) });
	assert.equal(shown.control("Find & link"), null);
});
