import assert from "node:assert/strict";
import test, { mock } from "node:test";
import { contact, organisation, page, panel, version } from "./answers.mjs";
import { settled, show, window } from "./page.mjs";

mock.timers.enable({ apis: ["setTimeout", "Date"], now: new Date("2026-11-21T01:10:00Z") });

const away = () => Promise.reject(Object.assign(new Error("The site could not be reached."), { status: 0 }));
const newer = (change) => panel({ version: "v2", contacts: [contact({ name: "Newer Ltd" })], ...change });

async function pass(seconds) {
	for (let second = 0; second < seconds; second++) {
		mock.timers.tick(1000);
		await settled();
	}
}

async function showFresh(answers) {
	return show({ "panel.get": () => panel(), "panel.version": version(), ...answers });
}

function fire(source, type) {
	source.dispatchEvent(new window.Event(type));
	return settled();
}

test("Refresh asks for a reading of the shown organisation and loads once there is news", async () => {
	const answers = { "panel.get": () => panel(), "panel.refresh": { queued: true }, "panel.version": () => version() };
	const shown = await show(answers);
	await shown.press("Refresh");
	await pass(2);
	assert.deepEqual(shown.host.called("panel.refresh"), [{ doctype: "CRM Deal", name: "D-1", organisation: "ORG1" }]);
	assert.match(shown.text(), /Reading Xero…/);
	assert.equal(shown.host.called("panel.get").length, 1);
	Object.assign(answers, { "panel.get": () => newer(), "panel.version": () => version({ version: "v2" }) });
	await pass(20);
	assert.equal(shown.host.called("panel.get").length, 2);
	assert.match(shown.text(), /Newer Ltd/);
	assert.equal(shown.control("Refresh").disabled, false);
});

test("a reading without news ends Refresh, and the figures are as of then", async () => {
	const shown = await showFresh({ "panel.refresh": {}, "panel.version": version({ as_of: "2026-11-21T01:30:00Z" }) });
	await shown.press("Refresh");
	await pass(2);
	assert.equal(shown.control("Refresh").disabled, false);
	assert.equal(shown.host.called("panel.get").length, 1);
	assert.match(shown.one(".facts").textContent, /30/);
});

test("a reading that fails ends Refresh, and its reason stands above the figures", async () => {
	const shown = await showFresh({ "panel.refresh": {}, "panel.version": version({ problem: "Xero is not available." }) });
	await shown.press("Refresh");
	await pass(2);
	assert.match(shown.one('[role="alert"]').textContent, /Xero is not available/);
	assert.match(shown.text(), /\$48,312\.50/);
	assert.equal(shown.control("Refresh").disabled, false);
});

test("a reading that takes long is left to itself", async () => {
	const shown = await showFresh({ "panel.refresh": {} });
	await shown.press("Refresh");
	await pass(40);
	assert.equal(shown.control("Refresh").disabled, false);
	assert.match(shown.host.toasts[0][1], /still being read/);
});

test("nothing is asked any more once the panel is taken away", async () => {
	const shown = await showFresh({ "panel.refresh": {} });
	await shown.press("Refresh");
	shown.handle.unmount();
	await pass(120);
	await fire(window, "online");
	assert.deepEqual(shown.host.called("panel.version"), []);
	assert.equal(shown.element.children.length, 0);
	assert.deepEqual(shown.host.handlers, {});
});

test("without a socket the version is compared once a minute, and news come by themselves", async () => {
	const answers = { "panel.get": () => panel(), "panel.version": () => version() };
	const shown = await show(answers);
	await pass(59);
	assert.equal(shown.host.called("panel.version").length, 0);
	await pass(1);
	assert.equal(shown.host.called("panel.version").length, 1);
	assert.equal(shown.host.called("panel.get").length, 1);
	Object.assign(answers, { "panel.get": () => newer(), "panel.version": () => version({ version: "v2" }) });
	await pass(60);
	assert.match(shown.text(), /Newer Ltd/);
});

test("a page that nobody sees asks nothing, and looks when it is seen again", async () => {
	const shown = await showFresh();
	mock.method(document, "visibilityState", () => "hidden", { getter: true });
	await pass(180);
	assert.equal(shown.host.called("panel.version").length, 0);
	mock.restoreAll();
	await fire(document, "visibilitychange");
	assert.equal(shown.host.called("panel.version").length, 1);
	await fire(document, "visibilitychange");
	assert.equal(shown.host.called("panel.version").length, 1);
});

test("while the site reads Xero the panel says so and looks more often", async () => {
	const reading = organisation({ reading: true });
	const shown = await showFresh({ "panel.get": panel({ organisation: reading }), "panel.version": version({ reading: true }) });
	assert.match(shown.text(), /Reading Xero…/);
	await pass(20);
	assert.equal(shown.host.called("panel.version").length, 2);
});

test("a swarm of events brings the figures up to date once", async () => {
	const shown = await showFresh();
	const tell = shown.host.handlers.xero_updated;
	for (let event = 0; event < 5; event++) tell({ organisation: "ORG1", contacts: null });
	await pass(2);
	assert.equal(shown.host.called("panel.get").length, 2);
});

test("events about other contacts and other organisations are not for this panel", async () => {
	const shown = await showFresh();
	const tell = shown.host.handlers.xero_updated;
	tell({ organisation: "OTHER", contacts: null });
	tell({ organisation: "ORG1", contacts: ["c8", "c9"] });
	await pass(2);
	assert.equal(shown.host.called("panel.get").length, 1);
	tell({ organisation: "ORG1", contacts: ["c9", "c1"] });
	await pass(2);
	assert.equal(shown.host.called("panel.get").length, 2);
});

test("figures stay readable while the site is away, say from when they are, and recover by themselves", async () => {
	const answers = { "panel.get": () => panel(), "panel.version": away };
	const shown = await show(answers);
	await pass(60);
	assert.match(shown.one('[role="alert"]').textContent, /You are offline\. What is shown here is from /);
	assert.match(shown.text(), /\$48,312\.50/);
	answers["panel.version"] = () => version();
	await pass(10);
	assert.equal(shown.one('[role="alert"]'), null);
});

test("a browser that loses its network says so at once, and looks as soon as it is back", async () => {
	const shown = await showFresh();
	await fire(window, "offline");
	assert.match(shown.text(), /You are offline/);
	await fire(window, "online");
	assert.doesNotMatch(shown.text(), /You are offline/);
});

test("a panel that was never loaded is loaded when the site is back", async () => {
	const answers = { "panel.get": away };
	const shown = await show(answers);
	assert.match(shown.text(), /You are offline.*as soon as the site can be reached/s);
	assert.ok(shown.control("Try again"));
	answers["panel.get"] = panel();
	await pass(10);
	assert.match(shown.text(), /Aotearoa Widgets/);
});

test("a panel that is put back within seconds does not ask again", async () => {
	const { mount, host, handle, element, text } = await showFresh();
	handle.unmount();
	mount(element, host, { doctype: "CRM Deal", name: "D-1" });
	await settled();
	assert.equal(host.called("panel.get").length, 1);
	assert.match(text(), /Aotearoa Widgets/);
});

test("a panel that is put back later shows what it knew at once, and then what is new", async () => {
	const answers = { "panel.get": () => panel(), "panel.version": version() };
	const { mount, host, handle, element, text, one } = await show(answers);
	handle.unmount();
	await pass(30);
	let arrive;
	answers["panel.get"] = () => new Promise((resolve) => (arrive = resolve));
	mount(element, host, { doctype: "CRM Deal", name: "D-1" });
	await settled();
	assert.match(text(), /Aotearoa Widgets/);
	assert.equal(one(".skeleton"), null);
	arrive(newer({ list: page({ rows: [] }) }));
	await settled();
	assert.match(text(), /Newer Ltd/);
});

test("two panels of one record at once ask once, and each goes its own way", async () => {
	let arrive;
	const { mount, host, all } = await show({ "panel.get": () => new Promise((resolve) => (arrive = resolve)) });
	const second = document.createElement("div");
	document.body.append(second);
	const other = mount(second, host, { doctype: "CRM Deal", name: "D-1" });
	arrive(panel());
	await settled();
	assert.equal(host.called("panel.get").length, 1);
	assert.match(second.firstElementChild.shadowRoot.textContent, /Aotearoa Widgets/);
	other.unmount();
	assert.equal(all("h2").length, 1);
});

test("what may no longer be seen is not remembered", async () => {
	const answers = { "panel.get": () => panel(), "panel.version": version() };
	const { mount, host, handle, element, text } = await show(answers);
	answers["panel.get"] = () => Promise.reject(Object.assign(new Error("Not for you."), { status: 403 }));
	handle.update({ doctype: "CRM Deal", name: "D-1" });
	await settled();
	handle.unmount();
	mount(element, host, { doctype: "CRM Deal", name: "D-1" });
	await settled();
	assert.doesNotMatch(text(), /Aotearoa/);
});
