/** The Xero contact of a draft: looked for while it is typed, or created. */

import assert from "node:assert/strict";
import test from "node:test";
import { contact, draft, draftValues, outcome, preview } from "./answers.mjs";
import { INVOICE, opened, pass, previewed, problemOf, submit } from "./draft_page.mjs";

const NAME = '[name="contact_name"]';
const FOUND = [contact({ id: "c7", name: "Acme Ltd", email: "a@acme.example" }), contact({ id: "c8", name: "Acme Roofing" })];
const SENT = outcome("Sent", { document: INVOICE });

const options = (shown) => shown.all('[role="option"]').map((option) => option.textContent.trim());
const searches = (shown) => shown.host.called("links.search_contacts");
const person = (shown) => shown.one("fieldset.person");

async function typed(text, answers) {
	const shown = await opened({ "links.search_contacts": { contacts: FOUND }, "drafts.send": SENT, ...answers });
	await shown.type(NAME, text);
	await pass(250);
	return shown;
}

test("typing finds contacts of the mirror, and the one that is chosen is sent", async () => {
	const shown = await typed("Acme");
	assert.deepEqual(searches(shown), [{ organisation: "ORG1", text: "Acme" }]);
	assert.deepEqual(options(shown), ["Acme Ltda@acme.example", "Acme Roofingaccounts@widgets.example", "Create “Acme” in Xero"]);
	shown.all('[role="option"]')[1].click();
	await previewed();
	assert.equal(shown.one(NAME).value, "Acme Roofing");
	assert.equal(shown.one('[role="listbox"]'), null);
	assert.equal(person(shown), null);
	await submit(shown);
	const { contact_id, contact_name } = shown.host.called("drafts.send")[0].values;
	assert.deepEqual([contact_id, contact_name], ["c8", "Acme Roofing"]);
});

test("a name that is exactly a contact's means that contact, also the record's own again", async () => {
	const shown = await typed("Acme");
	await shown.type(NAME, "Acme Ltd");
	await submit(shown);
	assert.equal(shown.host.called("drafts.send")[0].values.contact_id, "c7");
	const own = await typed("Aot");
	await own.type(NAME, "Aotearoa Widgets");
	await submit(own);
	assert.equal(own.host.called("drafts.send")[0].values.contact_id, "c1");
});

test("the keys move, choose and close; Escape leaves the dialog open", async () => {
	const shown = await typed("Acme");
	const field = shown.one(NAME);
	assert.equal(field.getAttribute("aria-expanded"), "true");
	await shown.strike("ArrowUp");
	assert.equal(field.getAttribute("aria-activedescendant"), "draft-recipients-2");
	await shown.strike("ArrowDown");
	assert.equal(shown.one('[role="option"][aria-selected="true"]').id, "draft-recipients-0");
	await shown.strike("Enter");
	assert.equal(field.value, "Acme Ltd");
	assert.deepEqual(shown.host.called("drafts.send"), []);
	await shown.type(NAME, "Acme");
	await pass(250);
	await shown.strike("Escape");
	assert.equal(shown.one('[role="listbox"]'), null);
	assert.ok(shown.one("dialog"));
});

test("what the mirror does not know is looked for in Xero, after a pause", async () => {
	const answers = { "links.search_contacts": ({ in_xero }) => ({ contacts: in_xero ? FOUND : [] }) };
	const shown = await typed("Acme", answers);
	assert.match(shown.one(".choices").textContent, /Searching Xero…/);
	assert.equal(searches(shown).length, 1);
	await pass(600);
	assert.deepEqual(searches(shown)[1], { organisation: "ORG1", text: "Acme", in_xero: 1 });
	assert.equal(options(shown).length, 3);
});

test("Xero is not asked for two letters, nor for a name that is being changed", async () => {
	const answers = { "links.search_contacts": { contacts: [] } };
	const short = await typed("Ac", answers);
	await pass(600);
	assert.deepEqual(searches(short).map(({ in_xero }) => in_xero), [undefined]);
	assert.deepEqual(options(short), ["Create “Ac” in Xero"]);
	const shown = await typed("Acm", answers);
	await pass(400);
	await shown.type(NAME, "Acme");
	await pass(250);
	assert.deepEqual(searches(shown).map(({ text, in_xero }) => [text, in_xero]), [["Acm", undefined], ["Acme", undefined]]);
});

test("an answer about an earlier name is dropped", async () => {
	const answers = [];
	const ask = () => new Promise((resolve) => answers.push(resolve));
	const shown = await typed("Acme", { "links.search_contacts": ask });
	await shown.type(NAME, "Beta");
	answers[0]({ contacts: FOUND });
	await pass(0);
	assert.deepEqual(options(shown), []);
});

test("without a match the new contact is shown before it is sent, and can be edited", async () => {
	const shown = await typed("Beta Ltd", { "links.search_contacts": { contacts: [] } });
	assert.match(person(shown).querySelector("legend").textContent, /Create “Beta Ltd” in Xero/);
	assert.match(shown.one(".person").textContent, /If Xero has a contact of this name by then/);
	await shown.type('[name="contact.phone"]', "+64 1");
	await submit(shown);
	const { contact_id, contact: sent } = shown.host.called("drafts.send")[0].values;
	assert.deepEqual([contact_id, sent.phone, sent.first_name], ["", "+64 1", "Ana"]);
});

test("a new contact has the name that was typed last, also before there is an answer about it", async () => {
	const shown = await typed("Beta", { "links.search_contacts": { contacts: [] } });
	await pass(600);
	await shown.type(NAME, "Beta Ltd");
	shown.one('[role="option"]').click();
	await submit(shown);
	const { contact_id, contact_name } = shown.host.called("drafts.send")[0].values;
	assert.deepEqual([contact_id, contact_name], ["", "Beta Ltd"]);
});

test("once the preview has found the contact by its name, nothing is to be created", async () => {
	const values = draftValues({ contact_id: "" });
	const find = preview({ contact: { action: "find", id: "c1", name: "AOTEAROA Widgets" } });
	const shown = await opened({ "drafts.prepare": draft({ values }), "drafts.preview": find });
	assert.equal(person(shown), null);
	const create = preview({
		contact: { action: "create", id: null, name: "Aotearoa Widgets" },
		problems: [{ field: "contact.email_address", message: "Xero takes no such e-mail." }],
	});
	const other = await opened({ "drafts.prepare": draft({ values }), "drafts.preview": create });
	assert.ok(person(other));
	assert.equal(problemOf(other, "contact.email_address"), "Xero takes no such e-mail.");
});

test("the list goes when the focus leaves the field, and a failed search is no obstacle", async () => {
	const shown = await typed("Acme", { "links.search_contacts": () => Promise.reject(new Error("away")) });
	assert.deepEqual(options(shown), []);
	shown.one('[name="date"]').focus();
	await pass(0);
	assert.equal(shown.one(".choices"), null);
});
