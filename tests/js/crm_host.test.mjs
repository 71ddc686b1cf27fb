import assert from "node:assert/strict";
import { test } from "node:test";
import { window } from "./crm_page.mjs";
import { createDialogs } from "../../xero_connector/public/crm/dialogs.js";
import { crmHost } from "../../xero_connector/public/crm/host.js";

/** The CRM's createDialog: works on a reactive copy, and tells nobody when it closes. */
function crmDialogs() {
	const opened = [];
	const createDialog = (options) => {
		const changes = [];
		const copy = new Proxy(options, {
			set(target, name, value, receiver) {
				changes.push([name, value]);
				return Reflect.set(target, name, value, receiver);
			},
		});
		copy.show = false;
		opened.push({ copy, changes });
		queueMicrotask(() => (copy.show = true));
	};
	return { opened, createDialog };
}

function makeHost(more = {}) {
	const crm = crmDialogs();
	const pushed = [];
	const dialogs = createDialogs(crm.createDialog);
	const router = { push: (path) => pushed.push(path) };
	const host = crmHost({ t: (text) => text, dialogs, router, ...more });
	return { host, dialogs, pushed, ...crm };
}

test("a question is answered by its button, and by closing the dialog in any other way", async () => {
	const { host, opened } = makeHost();
	const yes = host.confirm("Unlink?");
	await Promise.resolve();
	assert.deepEqual([opened[0].copy.message, opened[0].copy.show], ["Unlink?", true]);
	opened[0].copy.actions[0].onClick(() => {});
	assert.equal(await yes, true);
	assert.equal(opened[0].copy.show, false);
	const no = host.confirm("Unlink?");
	await Promise.resolve();
	opened[1].copy.show = false;
	assert.equal(await no, false);
});

test("a dialog is closed through the copy that the CRM watches", async () => {
	const { dialogs, opened } = makeHost();
	const dialog = dialogs.show({ title: "Xero" });
	await Promise.resolve();
	opened[0].changes.length = 0;
	dialog.close();
	assert.deepEqual(opened[0].changes, [["show", false]]);
	await dialog.closed;
});

test("a record of the CRM opens in it and takes the dialogs away; any other opens in Desk, beside it", async () => {
	const { host, dialogs, pushed, opened } = makeHost();
	dialogs.show({ title: "Xero" });
	await Promise.resolve();
	host.openRecord("CRM Organization", "Tom & Co / 5");
	assert.deepEqual(pushed, ["/organizations/Tom%20%26%20Co%20%2F%205"]);
	assert.equal(opened[0].copy.show, false);
	const windows = [];
	window.open = (...args) => windows.push(args);
	host.openRecord("Sales Invoice", "ACC/1");
	assert.deepEqual(windows, [["/app/sales-invoice/ACC%2F1", "_blank", "noopener"]]);
	assert.equal(pushed.length, 1);
});

test("messages reach the toasts of every release, and never as markup", () => {
	const shown = [];
	const toast = { success: (html) => shown.push(["success", html]), error: (html) => shown.push(["error", html]) };
	const { host } = makeHost({ toast, createToast: () => assert.fail("the older one") });
	host.toast("<b>sent</b>", "error");
	host.toast("a & b", "info");
	assert.deepEqual(shown, [["error", "&lt;b&gt;sent&lt;/b&gt;"], ["success", "a &amp; b"]]);
	const older = [];
	makeHost({ createToast: (options) => older.push(options) }).host.toast("<b>", "success");
	assert.deepEqual(older, [{ title: "<b>", icon: "check" }]);
});

test("news comes from the CRM's socket until nobody listens", () => {
	const heard = [];
	const socket = { on: (...args) => heard.push(["on", ...args]), off: (...args) => heard.push(["off", ...args]) };
	const handler = () => {};
	makeHost({ socket }).host.subscribe("xero_updated", handler)();
	assert.deepEqual(heard, [["on", "xero_updated", handler], ["off", "xero_updated", handler]]);
});
