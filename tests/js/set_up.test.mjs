// The guided set-up in Desk: which accounts are offered, and what is said where Xero has none for payments.
import assert from "node:assert/strict";
import { test } from "node:test";
import { t } from "./page.mjs";

globalThis.__ = t;
globalThis.frappe = { datetime: { prettyDate: () => "" } };
const { setUp } = await import("../../xero_connector/public/desk/settings/set_up.js");

const BANK = { value: "a1", label: "090 Business Bank Account" };
const SALES = { value: "a2", label: "200 Sales" };

/** The set-up with one step, of which only this is known. */
const only = (step) => setUp({}, { enabled: true }, { steps: [step] });

const links = (node) => [...node.querySelectorAll("a")].map(({ href, target, rel }) => [href, target, rel]);
const beside = (href) => [href, "_blank", "noopener"];

test("the first step leads to an account with Xero and to Xero's page for making an app, beside this one", () => {
	const shown = only({ step: "app", state: "todo" });
	assert.deepEqual(links(shown), [beside("https://www.xero.com/signup/"), beside("https://developer.xero.com/app/manage")]);
	assert.match(shown.textContent, /No Xero account yet\?.*Make an app at developer\.xero\.com.*client ID and secret.*redirect URI/);
	assert.deepEqual(links(only({ step: "app", state: "done" })), [beside("https://developer.xero.com/app/manage")]);
});

test("until a webhook works it is said what to tick for it in Xero", () => {
	const tick = /tick Contacts, Invoices and Credit notes\./;
	const organisations = [{ title: "Kiwi Test Ltd", silent: false, last: null }];
	const at = (state) => only({ step: "webhook", state, organisations });
	assert.match(at("choice").textContent, tick);
	assert.match(at("todo").textContent, tick);
	assert.match(at("todo").textContent, /Kiwi Test Ltd: nothing told yet\./);
	assert.doesNotMatch(at("done").textContent, tick);
});

function accounts(change) {
	const organisation = {
		name: "ORG1",
		title: "Kiwi Test Ltd",
		state: "todo",
		sales_accounts: [SALES],
		sales_account: null,
		payment_accounts: [BANK],
		payment_account: null,
		...change,
	};
	const steps = [{ step: "accounts", state: organisation.state, organisations: [organisation] }];
	return setUp({}, { enabled: true }, { steps });
}

const options = (node, id) => [...node.querySelectorAll(`#${id} option`)].map((option) => option.textContent);

test("the sales account and the payment account are chosen apart, each from its own list", () => {
	const shown = accounts();
	assert.deepEqual(options(shown, "sales-ORG1"), ["", "200 Sales"]);
	assert.deepEqual(options(shown, "payments-ORG1"), ["", "090 Business Bank Account"]);
});

test("where Xero has no account that takes payments it is said how one is enabled", () => {
	const text = accounts({ payment_accounts: [] }).textContent;
	assert.match(text, /Xero has no account that takes payments\./);
	assert.match(text, /Chart of accounts.*Enable payments to this account/);
});
