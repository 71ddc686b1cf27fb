/** What a host asks of a record beside its panel: one question for both. */

import assert from "node:assert/strict";
import test from "node:test";

import { panel } from "./answers.mjs";
import { fakeHost, openPage, settled } from "./page.mjs";

const DEAL = { doctype: "CRM Deal", name: "D-1" };

test("a host and the panel of the same record ask once, whoever comes first", async () => {
	const { answerOf, mount } = await openPage();
	const host = fakeHost({ "panel.get": panel() });
	const handle = mount(document.createElement("div"), host, DEAL);
	assert.deepEqual(await answerOf(host, DEAL), panel());
	await settled();
	handle.unmount();
	await answerOf(host, { ...DEAL, open: "draft" });
	assert.deepEqual(host.called("panel.get"), [DEAL]);
});

test("while the panel asks anew, a host waits for that answer and does not take the one before", async () => {
	const { answerOf, mount } = await openPage();
	const answers = [panel(), panel({ version: "newer" })];
	const host = fakeHost({ "panel.get": async () => answers.shift() });
	const handle = mount(document.createElement("div"), host, DEAL);
	await settled();
	handle.update(DEAL);
	assert.equal((await answerOf(host, DEAL)).version, "newer");
	handle.unmount();
});

test("another record is another question, and a refusal is passed on", async () => {
	const { answerOf } = await openPage();
	const host = fakeHost({ "panel.get": () => Promise.reject(Object.assign(new Error("No."), { status: 403 })) });
	await assert.rejects(answerOf(host, DEAL), { status: 403 });
	await assert.rejects(answerOf(host, { ...DEAL, name: "D-2" }), { status: 403 });
	assert.deepEqual(host.called("panel.get").map(({ name }) => name), ["D-1", "D-2"]);
});
