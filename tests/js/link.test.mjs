import assert from "node:assert/strict";
import test, { mock } from "node:test";
import { contact, newContact, outcome, panel, suggestion, unlinked } from "./answers.mjs";
import { settled, show } from "./page.mjs";

mock.timers.enable({ apis: ["setTimeout"] });

const CREATED = outcome("Sent", { message: "The contact is in Xero.", contact: { id: "c9", name: "Widgets NZ" } });

async function pass(ms) {
	mock.timers.tick(ms);
	await settled();
}

async function creating(answers) {
	const known = { "panel.get": () => unlinked(), "links.prepare_contact": newContact() };
	const shown = await show({ ...known, ...answers });
	await shown.press("Create it in Xero");
	return shown;
}

test("without a contact the likely ones are there at once, with how likely and why", async () => {
	const second = suggestion({ id: "c2", name: "Widgets & Sons", score: 41, reasons: ["similar_name", "postal_code"] });
	const shown = await show({ "panel.get": unlinked(), "links.suggest": { contacts: [suggestion(), second] } });
	assert.deepEqual(shown.host.called("links.suggest"), [{ doctype: "CRM Deal", name: "D-1", organisation: "ORG1" }]);
	const [likely, possible] = shown.all(".contacts li").map((item) => item.textContent);
	assert.match(likely, /Aotearoa Widgets.*Very likely, 97%same e-mailsame name/);
	assert.match(possible, /Widgets & Sons.*Possible, 41%similar namesame postcode/);
});

test("Link links the suggested contact and shows its figures", async () => {
	const answers = { "panel.get": unlinked(), "links.suggest": { contacts: [suggestion({ id: "c2" })] }, "links.link_contact": {} };
	const shown = await show(answers);
	answers["panel.get"] = panel();
	await shown.press("Link Aotearoa Widgets");
	assert.deepEqual(shown.host.called("links.link_contact"), [
		{ doctype: "CRM Deal", name: "D-1", organisation: "ORG1", contact_id: "c2" },
	]);
	assert.match(shown.text(), /Total unpaid/);
});

test("what is typed takes the place of the suggestions, and comes back when it is cleared", async () => {
	const shown = await show({
		"panel.get": unlinked(),
		"links.suggest": { contacts: [suggestion()] },
		"links.search_contacts": { contacts: [contact({ id: "c3", name: "Acme" })] },
	});
	await shown.type('input[type="search"]', "acm");
	await pass(250);
	assert.deepEqual(shown.host.called("links.search_contacts"), [{ organisation: "ORG1", text: "acm" }]);
	assert.deepEqual(shown.all(".who strong").map((name) => name.textContent), ["Acme"]);
	await shown.type('input[type="search"]', "");
	assert.deepEqual(shown.all(".who strong").map((name) => name.textContent), ["Aotearoa Widgets"]);
});

test("no suggestion and no result are sentences, and a failed search says why", async () => {
	const answers = { "panel.get": unlinked(), "links.search_contacts": { contacts: [] } };
	const shown = await show(answers);
	assert.match(shown.one(".found").textContent, /Nothing in Xero looks like this record/);
	await shown.type('input[type="search"]', "zzz");
	await pass(250);
	assert.match(shown.one(".found").textContent, /No Xero contact matches “zzz”/);
	answers["links.search_contacts"] = () => Promise.reject(new Error("Too slow."));
	await shown.submit("form[role=search]");
	assert.match(shown.one(".found").textContent, /Too slow\./);
});

test("a linked record can have another contact, and those that it has are not offered again", async () => {
	const answers = {
		"panel.get": panel(),
		"links.suggest": { contacts: [suggestion(), suggestion({ id: "c2", name: "Branch" })] },
		"links.link_contact": {},
	};
	const shown = await show(answers);
	assert.equal(shown.one(".link"), null);
	await shown.press("Link another contact");
	assert.equal(shown.focused().type, "search");
	assert.equal(shown.control("Link Aotearoa Widgets"), null);
	answers["panel.get"] = panel({ contacts: [contact(), contact({ id: "c2", name: "Branch" })] });
	await shown.press("Link Branch");
	assert.equal(shown.one(".link"), null);
	assert.deepEqual(shown.all(".contact h2").map((name) => name.textContent.trim()), ["Aotearoa Widgets", "Branch"]);
});

test("the contact of one page and of the next is viewed in Xero, if it has an address there", async () => {
	const shown = await show({ "panel.get": panel({ contacts: [contact(), contact({ id: "c2", name: "New", url: "" })] }) });
	assert.equal(shown.control("View in Xero: Aotearoa Widgets").href, "https://go.xero.com/contact/c1");
	assert.equal(shown.control("View in Xero: New"), null);
});

test("a new contact is filled in from the record, and Enter creates it", async () => {
	const shown = await creating();
	const fields = Object.fromEntries(shown.all(".contact [name]").map((field) => [field.name, field.value]));
	assert.deepEqual(fields, newContact().values);
	assert.equal(shown.focused().textContent, "Create");
	assert.deepEqual(shown.host.called("links.prepare_contact"), [
		{ doctype: "CRM Deal", name: "D-1", organisation: "ORG1" },
	]);
});

test("the contact is followed until Xero has it, and then the panel shows it", async () => {
	const waiting = outcome("Queued", { message: "The contact is on its way to Xero." });
	const answers = { "panel.get": () => unlinked(), "links.create_contact": waiting, "links.contact_progress": CREATED };
	const shown = await creating(answers);
	await shown.type('[name="phone"]', "+64 9 555 0102");
	await shown.submit("form.contact");
	assert.match(shown.text(), /on its way to Xero/);
	const [{ values, organisation }] = shown.host.called("links.create_contact");
	assert.deepEqual([values.phone, values.name, organisation], ["+64 9 555 0102", "Aotearoa Widgets", "ORG1"]);
	await pass(1000);
	assert.match(shown.text(), /Widgets NZ is in Xero and linked to this record\./);
	assert.equal(shown.host.called("panel.get").length, 2);
	assert.equal(shown.focused().textContent, "Close");
});

test("a name that Xero has already is told, and that contact can be linked instead", async () => {
	const existing = contact({ id: "c5", name: "aotearoa widgets" });
	const shown = await creating({ "links.prepare_contact": newContact({ existing }), "links.link_contact": {} });
	assert.match(shown.one("dialog").textContent, /aotearoa widgets is in Xero already\./);
	assert.equal(shown.focused().textContent, "Link it");
	await shown.press("Link it");
	assert.equal(shown.host.called("links.link_contact")[0].contact_id, "c5");
	assert.equal(shown.one("dialog"), null);
});

test("a contact needs a name, and a refusal gives the form back", async () => {
	const shown = await creating({ "links.create_contact": () => Promise.reject(new Error("Xero has this name.")) });
	await shown.type('[name="name"]', " ");
	await shown.submit("form.contact");
	assert.equal(shown.focused().name, "name");
	assert.deepEqual(shown.host.called("links.create_contact"), []);
	await shown.type('[name="name"]', "Widgets NZ");
	await shown.submit("form.contact");
	assert.match(shown.one(".notice.bad").textContent, /Xero has this name\./);
	assert.equal(shown.one('[name="name"]').value, "Widgets NZ");
});

test("who may not draft is not offered to create a contact", async () => {
	const shown = await show({ "panel.get": unlinked({ can: { ...panel().can, draft: false } }) });
	assert.equal(shown.control("Create it in Xero"), null);
});
