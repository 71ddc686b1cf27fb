import assert from "node:assert/strict";
import test, { mock } from "node:test";
import { contact, overview, page, panel, row, unconnected, unlinked } from "./answers.mjs";
import { settled, show, window } from "./page.mjs";

mock.timers.enable({ apis: ["setTimeout"] });

test("the first paint is one call", async () => {
	const { host, text } = await show({ "panel.get": panel() });
	assert.deepEqual(host.calls, [["panel.get", { doctype: "CRM Deal", name: "D-1" }]]);
	assert.match(text(), /Aotearoa Widgets/);
	assert.match(text(), /as of/);
});

test("until the answer is there a skeleton is shown, and no figures", async () => {
	const { one } = await show({ "panel.get": () => new Promise(() => {}) });
	assert.ok(one(".skeleton"));
	assert.equal(one(".panel").getAttribute("aria-busy"), "true");
});

test("a failure says why and can be tried again", async () => {
	const answers = { "panel.get": () => Promise.reject(new Error("The site is away.")) };
	const shown = await show(answers);
	assert.match(shown.text(), /The site is away\./);
	answers["panel.get"] = panel();
	await shown.press("Try again");
	assert.match(shown.text(), /Aotearoa Widgets/);
});

test("a refusal is a sentence without a second try, also where figures were shown before", async () => {
	const refuse = () => Promise.reject(Object.assign(new Error("You are not allowed to do this."), { status: 403 }));
	const answers = { "panel.get": panel() };
	const shown = await show(answers);
	answers["panel.get"] = refuse;
	await shown.handle.update({ doctype: "CRM Deal", name: "D-1" });
	await settled();
	assert.match(shown.text(), /No access to Xero.*You are not allowed to do this\./s);
	assert.doesNotMatch(shown.text(), /Aotearoa|Total|\$/);
	assert.equal(shown.control("Try again"), null);
});

test("a manager gets the way to connect, everyone else a sentence", async () => {
	const manager = await show({ "panel.get": unconnected({ can: { connect: true } }) });
	assert.equal(manager.control("Connect").href, "https://site.example/app/xero-settings");
	const other = await show({ "panel.get": unconnected({ can: { connect: false } }) });
	assert.equal(other.control("Connect"), null);
	assert.match(other.text(), /Xero Manager/);
});

test("a name that is markup appears as text", async () => {
	const name = '<img src="x" onerror="alert(1)">';
	const { one, text } = await show({
		"panel.get": panel({ contacts: [contact({ name })], list: page({ rows: [row({ number: name, reference: name })] }) }),
	});
	assert.equal(one("img"), null);
	assert.equal(text().split(name).length, 4);
});

test("an address that is not http(s) gets no link", async () => {
	const url = "javascript:alert(1)";
	const { all, one } = await show({
		"panel.get": panel({ contacts: [contact({ url })], list: page({ rows: [row({ url })] }) }),
	});
	assert.deepEqual(all("a"), []);
	assert.equal(one("td.number").textContent, "INV-0001");
});

test("links to Xero open in a new tab that cannot reach back", async () => {
	const { all } = await show({ "panel.get": panel() });
	assert.ok(all("a").length >= 3);
	for (const link of all("a")) {
		assert.equal(link.target, "_blank");
		assert.match(link.rel, /noopener/);
	}
});

test("a problem of the connection is told above figures that stay readable", async () => {
	const organisation = { ...panel().organisation, needs_reconnect: true, problem: "The connection has ended." };
	const { text, control } = await show({ "panel.get": panel({ organisation, can: { ...panel().can, connect: true } }) });
	assert.match(text(), /The connection has ended\./);
	assert.match(text(), /\$48,312\.50/);
	assert.ok(control("Reconnect"));
});

test("a contact that comes from the organization is not unlinked here", async () => {
	const inherited_from = { doctype: "CRM Organization", name: "Widgets" };
	const shown = await show({ "panel.get": panel({ contacts: [contact({ inherited_from })] }) });
	assert.equal(shown.control("Unlink"), null);
	await shown.press("Widgets");
	assert.deepEqual(shown.host.opened, [["CRM Organization", "Widgets"]]);
});

test("unlinking asks first and then shows what else the record may be", async () => {
	const answers = { "panel.get": panel(), "links.unlink_contact": {} };
	const shown = await show(answers);
	shown.host.confirm = async () => false;
	await shown.press("Unlink");
	assert.deepEqual(shown.host.called("links.unlink_contact"), []);
	shown.host.confirm = async () => true;
	answers["panel.get"] = unlinked();
	await shown.press("Unlink");
	assert.deepEqual(shown.host.called("links.unlink_contact"), [
		{ doctype: "CRM Deal", name: "D-1", organisation: "ORG1", contact_id: "c1" },
	]);
	assert.equal(shown.host.called("links.suggest").length, 1);
});

test("who may not link gets a sentence and no search", async () => {
	const { one, host } = await show({ "panel.get": unlinked({ can: { link: false } }) });
	assert.equal(one("input"), null);
	assert.deepEqual(host.called("links.suggest"), []);
});

test("bills are only offered to those who may see them", async () => {
	const without = await show({ "panel.get": panel() });
	assert.doesNotMatch(without.text(), /Bills/);
	const bills = { can: { ...panel().can, bills: true }, overview: overview({ bills_unpaid: "2140.00" }) };
	const within = await show({ "panel.get": panel(bills), "panel.list_documents": page() });
	assert.match(within.text(), /Bills unpaid\$2,140\.00/);
	await within.press("Bills unpaid");
	const [query] = within.host.called("panel.list_documents");
	assert.deepEqual([query.kind, query.view], ["bill", "unpaid"]);
});

test("what awaits approval is told only when there is some", async () => {
	const none = await show({ "panel.get": panel() });
	assert.doesNotMatch(none.text(), /awaiting approval/);
	const some = await show({ "panel.get": panel({ overview: overview({ awaiting_approval: "300.00" }) }) });
	assert.match(some.text(), /incl\. \$300\.00 awaiting approval/);
});

test("documents in other currencies are named with their subtotals", async () => {
	const other_currencies = [
		{ kind: "invoice", currency: "USD", count: 2, unpaid: "1200.00", total: "3000.00" },
		{ kind: "bill", currency: "JPY", count: 1, unpaid: "250000", total: "250000" },
	];
	const { one } = await show({ "panel.get": panel({ overview: overview({ other_currencies }) }) });
	const sentence = one(".others").textContent.replace(/\u00a0/g, " ");
	assert.equal(
		sentence,
		"3 documents in other currencies are not included: USD 1,200.00 unpaid (2), JPY 250,000 of bills unpaid (1)",
	);
});

test("the panel follows a record that is swapped under it", async () => {
	const late = deferred();
	const answers = { "panel.get": () => late.promise };
	const shown = await show(answers);
	answers["panel.get"] = panel({ contacts: [contact({ name: "Second" })] });
	shown.handle.update({ doctype: "CRM Deal", name: "D-2" });
	await settled();
	late.resolve(panel({ contacts: [contact({ name: "First" })] }));
	await settled();
	assert.match(shown.text(), /Second/);
	assert.doesNotMatch(shown.text(), /First/);
});

test("typing does not reach the shortcuts of the host", async () => {
	const shown = await show({ "panel.get": panel() });
	const heard = [];
	shown.element.addEventListener("keydown", (event) => heard.push(event.key));
	const strike = (node, key, more) =>
		node.dispatchEvent(new window.KeyboardEvent("keydown", { key, bubbles: true, composed: true, ...more }));
	strike(shown.one('input[type="search"]'), "?");
	strike(shown.one('input[type="search"]'), "s", { ctrlKey: true });
	assert.deepEqual(heard, ["s"]);
});

function deferred() {
	const result = {};
	result.promise = new Promise((resolve) => (result.resolve = resolve));
	return result;
}
