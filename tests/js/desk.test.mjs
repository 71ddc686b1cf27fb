import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { settled, t, window } from "./page.mjs";

const DESK = new URL("../../xero_connector/public/desk/", import.meta.url);
const source = readFileSync(new URL("record.js", DESK), "utf8").replaceAll("import(", "importModule(");

/** Desk as record.js sees it: an event of the document, and `import()`, which here comes from the test. */
function desk() {
	const listeners = [];
	const mounted = [];
	const calls = [];
	const seen = { window: {}, modules: [], mounted, calls, loading: Promise.resolve(), see: true, isLive: false };
	const mount = (element, _host, target) => {
		const panel = { element, targets: [target], gone: false, drafts: 0 };
		mounted.push(panel);
		const update = (next) => panel.targets.push(next);
		return { update, unmount: () => (panel.gone = true), openDraft: () => (panel.drafts += 1) };
	};
	const scope = {
		window: seen.window,
		document,
		frappe: { boot: { versions: { xero_connector: "1.2.3" } } },
		__: t,
		$: () => ({ on: (_event, listener) => listeners.push(listener) }),
		importModule: async (address) => {
			seen.modules.push(address);
			await seen.loading;
			const places = async () => (calls.push("panel.places"), { see: seen.see });
			const offersDraft = async (_host, target) => (seen.asked = target, await seen.isLive);
			return { mount, offersDraft, places, deskHost: () => ({}) };
		},
	};
	seen.run = () => new Function(...Object.keys(scope), source)(...Object.values(scope));
	seen.refresh = (frm) => {
		for (const listener of listeners) listener({}, frm);
		return settled();
	};
	return seen;
}

/** A form with a tab "Details" and ours, which is there while our field is. */
function form(name, { isNew = false, element = document.createElement("div"), active = "Details" } = {}) {
	const field = { $wrapper: { get: () => element } };
	const frm = { doctype: "CRM Deal", docname: name, is_new: () => isNew, fields_dict: { xero_panel: field }, element };
	const tab = (label) => ({
		df: { fieldname: label === "Xero" ? "xero_tab" : null },
		is_active: () => frm.active === label,
		is_hidden: () => label === "Xero" && !frm.hasTab,
		set_active: () => (frm.active = label),
	});
	const toggle = (_field, isShown) => (frm.hasTab = isShown);
	const buttons = {};
	const add_custom_button = (label, press, group) => (buttons[`${group} ${label}`] = press);
	return Object.assign(frm, { active, buttons, add_custom_button, hasTab: true, toggle_display: toggle, layout: { tabs: ["Details", "Xero"].map(tab) } });
}

test("the panel is loaded once, in the app's own version", async () => {
	const seen = desk();
	seen.run();
	await seen.refresh(form("D-1"));
	await seen.refresh(form("D-2"));
	assert.deepEqual(seen.modules, [
		"/assets/xero_connector/panel/index.js?v=1.2.3",
		"/assets/xero_connector/desk/host.js?v=1.2.3",
	]);
});

test("a form that shows another record points its panel there", async () => {
	const seen = desk();
	seen.run();
	const first = form("D-1");
	await seen.refresh(first);
	await seen.refresh(form("D-2", { element: first.element }));
	assert.equal(seen.mounted.length, 1);
	assert.deepEqual(seen.mounted[0].targets.map(({ name }) => name), ["D-1", "D-2"]);
});

test("a record that changes while the panel loads gets a panel of its own", async () => {
	const seen = desk();
	let arrive;
	seen.loading = new Promise((resolve) => (arrive = resolve));
	seen.run();
	const frm = form("D-1");
	await seen.refresh(frm);
	frm.docname = "D-2";
	await seen.refresh(frm);
	arrive();
	await settled();
	assert.equal(seen.mounted.length, 1);
	assert.deepEqual(seen.mounted[0].targets.map(({ name }) => name), ["D-2"]);
});

test("a new record is asked to be saved, and loses the panel of the one before", async () => {
	const seen = desk();
	seen.run();
	const saved = form("D-1");
	await seen.refresh(saved);
	await seen.refresh(form("new-1", { isNew: true, element: saved.element }));
	assert.equal(seen.mounted[0].gone, true);
	assert.equal(saved.element.textContent, "Save this record first.");
	await seen.refresh(form("D-2", { element: saved.element }));
	assert.equal(seen.mounted.length, 2);
	assert.equal(saved.element.textContent, "");
});

test("the tab is there once the site has said that this user may see Xero, which is asked once", async () => {
	const seen = desk();
	let arrive;
	seen.loading = new Promise((resolve) => (arrive = resolve));
	seen.run();
	const frm = form("D-1");
	await seen.refresh(frm);
	assert.equal(frm.hasTab, false);
	arrive();
	await settled();
	assert.equal(frm.hasTab, true);
	await seen.refresh(form("D-2"));
	assert.deepEqual(seen.calls, ["panel.places"]);
});

test("who may not see Xero gets no tab on any record, and is taken off one that the address names", async () => {
	const seen = desk();
	seen.see = false;
	seen.run();
	for (const frm of [form("D-1", { active: "Xero" }), form("D-2"), form("new-1", { isNew: true })]) {
		await seen.refresh(frm);
		assert.equal(frm.hasTab, false);
		assert.equal(frm.active, "Details");
		assert.equal(frm.element.textContent, "");
	}
	assert.equal(seen.mounted.length, 0);
});

test("a form where something is being sold has a button that opens the tab and the draft in it", async () => {
	const seen = desk();
	seen.isLive = true;
	seen.run();
	const frm = form("D-1");
	await seen.refresh(frm);
	assert.deepEqual([Object.keys(frm.buttons), seen.asked], [["Xero New draft invoice"], { doctype: "CRM Deal", name: "D-1" }]);
	frm.buttons["Xero New draft invoice"]();
	assert.deepEqual([frm.active, seen.mounted[0].drafts], ["Xero", 1]);
});

test("no button where nothing is being sold", async () => {
	const seen = desk();
	seen.run();
	const frm = form("D-1");
	await seen.refresh(frm);
	assert.deepEqual([frm.buttons, seen.asked.name], [{}, "D-1"]);
});

test("an answer that comes when the form shows another record gives that one no button", async () => {
	const seen = desk();
	let arrive;
	seen.isLive = new Promise((resolve) => (arrive = resolve));
	seen.run();
	const frm = form("D-1");
	await seen.refresh(frm);
	frm.docname = "D-2";
	arrive(true);
	await settled();
	assert.deepEqual(frm.buttons, {});
});

test("a form without the field is left alone", async () => {
	const seen = desk();
	seen.run();
	await seen.refresh({ doctype: "ToDo", fields_dict: {} });
	assert.deepEqual(seen.modules, []);
});

test("modules that do not load are told in a sentence and asked for again", async () => {
	const seen = desk();
	seen.loading = Promise.reject(new Error("offline"));
	seen.loading.catch(() => {});
	seen.run();
	const frm = form("D-1");
	await seen.refresh(frm);
	assert.equal(frm.hasTab, true);
	assert.match(frm.element.textContent, /could not be loaded/);
	seen.loading = Promise.resolve();
	await seen.refresh(frm);
	assert.equal(seen.mounted.length, 1);
});

test("the host speaks Desk's language, lets nothing through as markup, and asks once for its places", async (context) => {
	const alerts = [];
	const off = [];
	globalThis.__ = t;
	globalThis.frappe = {
		boot: { lang: "en" },
		csrf_token: "secret",
		show_alert: (alert) => alerts.push(alert),
		utils: { escape_html: (text) => text.replaceAll("<", "&lt;") },
		confirm: (_message, yes) => yes(),
		realtime: { on: () => {}, off: (...args) => off.push(args) },
	};
	const { deskHost, places } = await import(new URL("host.js?v=test", DESK));
	const host = deskHost();
	host.toast("<b>", "success");
	assert.deepEqual(alerts, [{ message: "&lt;b>", indicator: "green" }]);
	assert.equal(await host.confirm("Sure?"), true);
	const handler = () => {};
	host.subscribe("xero_updated", handler)();
	assert.deepEqual(off, [["xero_updated", handler]]);
	assert.equal(host.t("{0} of {1}", [1, 2]), "1 of 2");
	assert.equal(typeof host.download, "function");

	const answers = [Promise.reject(new TypeError("offline")), Response.json({ message: { see: true } })];
	let asked = 0;
	context.mock.method(globalThis, "fetch", async () => answers[asked++]);
	await assert.rejects(places());
	assert.deepEqual([await places(), await places(), asked], [{ see: true }, { see: true }, 2]);
});
