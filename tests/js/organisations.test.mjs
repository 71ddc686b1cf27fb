import assert from "node:assert/strict";
import test, { mock } from "node:test";
import { contact, organisation, overview, page, panel, unlinked } from "./answers.mjs";
import { settled, show, window } from "./page.mjs";

mock.timers.enable({ apis: ["setTimeout"] });

const organisations = [
	{ name: "ORG1", title: "Kiwi Test Ltd", linked: true, connected: true },
	{ name: "ORG2", title: "Aussie Test Pty", linked: false, connected: true },
	{ name: "ORG3", title: "Old Ltd", linked: true, connected: false },
];
const first = () => panel({ organisations });
const second = () =>
	panel({
		organisations,
		organisation: organisation({ name: "ORG2", title: "Aussie Test Pty" }),
		contacts: [contact({ id: "a1", name: "Widgets Sydney", organisation: "ORG2" })],
		overview: overview({ currency: "AUD", unpaid: "77.00" }),
		version: "a1",
	});

async function choose(shown, name) {
	const select = shown.one("select.switch");
	select.value = name;
	select.dispatchEvent(new window.Event("change", { bubbles: true }));
	await settled();
}

const both = (answers) => ({ "panel.get": (args) => (args.organisation === "ORG2" ? second() : first()), ...answers });

test("one organisation is named, several are a switch that says what is special about each", async () => {
	const one = await show({ "panel.get": panel() });
	assert.equal(one.one("select.switch"), null);
	assert.match(one.one(".facts").textContent, /Kiwi Test Ltd/);
	const several = await show(both());
	assert.deepEqual(
		[...several.one("select.switch").options].map(({ text }) => text),
		["Kiwi Test Ltd", "Aussie Test Pty (not linked)", "Old Ltd (not connected)"],
	);
	assert.equal(several.one("select.switch").value, "ORG1");
});

test("another organisation's figures take the place of the first one's", async () => {
	const shown = await show(both({ "panel.list_documents": page() }));
	await shown.press("Paid");
	await choose(shown, "ORG2");
	assert.deepEqual(shown.host.called("panel.get").at(-1), { doctype: "CRM Deal", name: "D-1", organisation: "ORG2" });
	assert.match(shown.text(), /Widgets Sydney/);
	assert.doesNotMatch(shown.text(), /Aotearoa|48,312/);
	assert.equal(shown.one('.views [aria-selected="true"]').dataset.key, "open");
});

test("until they are there nothing of the first one's is shown, and the switch stays", async () => {
	const shown = await show(both({ "panel.get": (args) => (args.organisation ? new Promise(() => {}) : first()) }));
	await choose(shown, "ORG2");
	assert.doesNotMatch(shown.text(), /Aotearoa|48,312|Total/);
	assert.equal(shown.one("select.switch").value, "ORG2");
	assert.ok(shown.one(".skeleton"));
});

test("the list, its pins and Refresh go to the organisation that is shown", async () => {
	const shown = await show(both({ "panel.list_documents": page(), "links.link_document": {}, "panel.refresh": {} }));
	await choose(shown, "ORG2");
	await shown.press("Paid");
	await shown.press("Pin INV-0001");
	await shown.press("Refresh");
	for (const method of ["panel.list_documents", "links.link_document", "panel.refresh"]) {
		assert.equal(shown.host.called(method).at(-1).organisation, "ORG2", method);
	}
	assert.equal(shown.host.called("panel.get").at(-1).organisation, "ORG2");
});

test("an organisation that cannot be shown says why and leaves the others to choose", async () => {
	const refuse = () => Promise.reject(new Error("It is gone."));
	const shown = await show(both({ "panel.get": (args) => (args.organisation === "ORG2" ? refuse() : first()) }));
	await choose(shown, "ORG2");
	assert.match(shown.text(), /It is gone\./);
	await choose(shown, "ORG1");
	assert.match(shown.text(), /Aotearoa Widgets/);
});

test("the record's suggestions are those of the organisation that is shown", async () => {
	const nothing = (args) => unlinked({ organisations, organisation: organisation({ name: args.organisation ?? "ORG1" }) });
	const shown = await show({ "panel.get": nothing });
	await choose(shown, "ORG2");
	assert.deepEqual(shown.host.called("links.suggest").map(({ organisation: name }) => name), ["ORG1", "ORG2"]);
});

test("another record starts with the organisation that the site chooses", async () => {
	const shown = await show(both());
	await choose(shown, "ORG2");
	shown.handle.update({ doctype: "CRM Deal", name: "D-2" });
	await settled();
	assert.deepEqual(shown.host.called("panel.get").at(-1), { doctype: "CRM Deal", name: "D-2" });
});
