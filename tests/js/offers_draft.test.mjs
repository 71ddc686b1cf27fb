/** Whether a host offers a draft beside the panel of a record: one question for both. */

import assert from "node:assert/strict";
import test from "node:test";

import { panel } from "./answers.mjs";
import { fakeHost, openPage, settled } from "./page.mjs";

const DEAL = { doctype: "CRM Deal", name: "D-1" };

/** The site's answer about a record. */
function answer({ live = true, draft = true } = {}) {
	const given = panel();
	return { ...given, can: { ...given.can, draft }, record: { ...given.record, is_live: live } };
}

test("a draft is offered where something is being sold, to who may draft", async () => {
	const { offersDraft } = await openPage();
	const cases = { yes: answer(), idle: answer({ live: false }), refused: answer({ draft: false }) };
	for (const [name, given] of Object.entries(cases)) {
		const host = fakeHost({ "panel.get": given });
		assert.equal(await offersDraft(host, { ...DEAL, name }), name === "yes");
	}
});

test("a host and the panel of the same record ask once, whoever comes first", async () => {
	const { offersDraft, mount } = await openPage();
	const host = fakeHost({ "panel.get": answer() });
	const handle = mount(document.createElement("div"), host, DEAL);
	assert.equal(await offersDraft(host, DEAL), true);
	await settled();
	handle.unmount();
	await offersDraft(host, { ...DEAL, open: "draft" });
	assert.deepEqual(host.called("panel.get"), [DEAL]);
});

test("while the panel asks anew, a host waits for that answer and does not take the one before", async () => {
	const { offersDraft, mount } = await openPage();
	const answers = [answer({ live: false }), answer()];
	const host = fakeHost({ "panel.get": async () => answers.shift() });
	const handle = mount(document.createElement("div"), host, DEAL);
	await settled();
	handle.update(DEAL);
	assert.equal(await offersDraft(host, DEAL), true);
	handle.unmount();
});

test("nothing is offered when the site cannot say", async () => {
	const { offersDraft } = await openPage();
	const host = fakeHost({ "panel.get": () => Promise.reject(Object.assign(new Error("No."), { status: 403 })) });
	assert.equal(await offersDraft(host, DEAL), false);
});
