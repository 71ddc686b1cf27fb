import assert from "node:assert/strict";
import test from "node:test";
import { t } from "./page.mjs";
import { createCall } from "../../xero_connector/public/panel/site_call.js";

const call = createCall({ t, token: () => "secret" });

function answering(status, body) {
	const asked = [];
	globalThis.fetch = async (address, options) => {
		asked.push({ address, ...options });
		return new Response(typeof body === "string" ? body : JSON.stringify(body), { status });
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
