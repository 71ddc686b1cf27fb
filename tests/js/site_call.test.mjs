import assert from "node:assert/strict";
import test from "node:test";
import { t, window } from "./page.mjs";
import { createCall, createDownload } from "../../xero_connector/public/panel/site_call.js";

const site = { t, token: () => "secret" };
const call = createCall(site);
const download = createDownload(site);

function answering(status, body, headers) {
	const asked = [];
	globalThis.fetch = async (address, options) => {
		asked.push({ address, ...options });
		return new Response(typeof body === "string" ? body : JSON.stringify(body), { status, headers });
	};
	return asked;
}

const messages = (...texts) => JSON.stringify(texts.map((message) => JSON.stringify({ message })));

test("a call goes to our API with the token of the session", async () => {
	const [answer, asked] = [{ state: "linked" }, answering(200, { message: { state: "linked" } })];
	assert.deepEqual(await call("panel.get", { doctype: "CRM Deal", name: "D-1" }), answer);
	const [{ address, headers, body, method }] = asked;
	assert.equal(address, "/api/method/xero_connector.api.panel.get");
	assert.equal(method, "POST");
	assert.equal(headers["X-Frappe-CSRF-Token"], "secret");
	assert.deepEqual(JSON.parse(body), { doctype: "CRM Deal", name: "D-1" });
});

test("a refusal is the site's last sentence, without its markup", async () => {
	answering(417, { _server_messages: messages("Earlier", "<b>Amount</b> is missing.<img src=x onerror=alert(1)>") });
	await assert.rejects(call("drafts.send", {}), { message: "Amount is missing.", status: 417 });
});

test("a refusal names the field that it is about", async () => {
	answering(417, { _server_messages: messages("Quantity is missing."), xero_field: "lines.0.quantity" });
	await assert.rejects(call("drafts.send", {}), { message: "Quantity is missing.", field: "lines.0.quantity" });
});

test("a failure without a sentence gets a general one", async () => {
	answering(502, "<html>Bad gateway</html>");
	await assert.rejects(call("panel.get", {}), { message: /Something went wrong/, status: 502 });
	answering(403, {});
	await assert.rejects(call("panel.get", {}), { message: /not allowed/, status: 403 });
	answering(401, {});
	await assert.rejects(call("panel.get", {}), { message: /no longer signed in/, status: 401 });
});

test("a site that is not reached has no status", async () => {
	globalThis.fetch = () => Promise.reject(new TypeError("Failed to fetch"));
	await assert.rejects(call("panel.get", {}), { message: /could not be reached/, status: 0 });
});

/** What the browser is told to save: [{name, address}], and the addresses that were given back. */
function saving() {
	const [saved, revoked] = [[], []];
	URL.createObjectURL = ({ size }) => `blob:https://site.example/${size}`;
	URL.revokeObjectURL = (address) => revoked.push(address);
	window.HTMLAnchorElement.prototype.click = function () {
		saved.push({ name: this.download, address: this.href });
	};
	return { saved, revoked };
}

test("a file is saved under the name that the site gives it, and its bytes are let go", async () => {
	const { saved, revoked } = saving();
	const asked = answering(200, "%PDF", { "Content-Disposition": 'attachment; filename="INV-0001.pdf"' });
	await download("documents.pdf", { document_id: "d1" });
	await new Promise((resolve) => setTimeout(resolve));
	assert.equal(asked[0].address, "/api/method/xero_connector.api.documents.pdf");
	assert.equal(asked[0].method, "POST");
	assert.deepEqual(saved, [{ name: "INV-0001.pdf", address: "blob:https://site.example/4" }]);
	assert.deepEqual(revoked, ["blob:https://site.example/4"]);
});

test("a name of any letters is read", async () => {
	const { saved } = saving();
	const both = "attachment; filename=\"INV.pdf\"; filename*=UTF-8''Rechnung%20%C3%BC.pdf";
	answering(200, "%PDF", { "Content-Disposition": both });
	await download("documents.pdf", {});
	assert.equal(saved[0].name, "Rechnung ü.pdf");
});

test("a file that is refused is a sentence and saves nothing", async () => {
	const { saved } = saving();
	answering(417, { _server_messages: messages("Xero has no PDF of a draft.") });
	await assert.rejects(download("documents.pdf", {}), { message: "Xero has no PDF of a draft.", status: 417 });
	assert.deepEqual(saved, []);
});
