/** A run over many records: what it shows, how it is followed, and what can be offered from lists. */

import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";

import { fakeHost, settled, t } from "./page.mjs";

mock.timers.enable({ apis: ["setTimeout"] });

const RUN = new URL("../../xero_connector/public/run/", import.meta.url);
const { mountRun } = await import(`${RUN}index.js?v=test`);
const { listOffers, reopen, toolOffers } = await import(`${RUN}offers.js?v=test`);

const AWAY = Object.assign(new Error("The site could not be reached."), { status: 0 });
const REFUSED = Object.assign(new Error("You are not allowed to do this."), { status: 403 });

function run(state, change) {
	return { run: "RUN-1", action: "Send", state, dry_run: false, total: 4, done: 2, message: null, rows: [], counts: {}, ...change };
}

function row(name, outcome, change) {
	return { doctype: "CRM Deal", name, title: name, url: `/crm/deals/${name}`, outcome, message: null, number: null, xero_url: null, ...change };
}

let mounted = null;
afterEach(() => mounted?.unmount());

async function show(wanted, answers = {}) {
	const host = fakeHost(answers);
	const element = document.createElement("div");
	document.body.replaceChildren(element);
	mounted = mountRun(element, host, typeof wanted === "function" ? wanted(host) : wanted);
	await settled();
	const root = element.firstElementChild.shadowRoot;
	const all = (selector) => [...root.querySelectorAll(selector)];
	const texts = (selector) => all(selector).map((node) => node.textContent.trim());
	const control = (label) => all("button").find((node) => node.textContent.trim() === label) ?? null;
	return {
		host,
		element,
		all,
		texts,
		control,
		text: () => root.textContent,
		async press(label) {
			control(label).click();
			await settled();
		},
		async pass(ms) {
			mock.timers.tick(ms);
			await settled();
		},
	};
}

/** Answers one after the other; the last one stays. Errors are thrown. */
function series(...answers) {
	return async () => {
		const answer = answers.length > 1 ? answers.shift() : answers[0];
		if (answer instanceof Error) throw answer;
		return answer;
	};
}

const starting = (...answers) => ({ start: series(...answers) });

test("a run is followed once a second until it is done, and then no more", async () => {
	const page = await show(starting(run("Queued", { done: 0 })), {
		"tools.progress": series(run("Running"), run("Done", { done: 4 })),
	});
	assert.match(page.text(), /Waiting to begin.*0 of 4.*You can close this/s);
	await page.pass(999);
	assert.equal(page.host.called("tools.progress").length, 0);
	await page.pass(1);
	assert.match(page.text(), /Working.*2 of 4/s);
	assert.equal(page.all('[role="progressbar"]')[0].getAttribute("aria-valuenow"), "50");
	await page.pass(1000);
	assert.match(page.text(), /Done.*4 of 4/s);
	assert.doesNotMatch(page.text(), /You can close this/);
	await page.pass(5000);
	assert.deepEqual(page.host.called("tools.progress"), [{ run: "RUN-1" }, { run: "RUN-1" }]);
});

test("each record has its outcome, its message and its number in Xero, as text", async () => {
	const hostile = "<img src=x onerror=alert(1)>";
	const rows = [
		row("D-1", "refused", { title: hostile, message: hostile, url: "javascript:alert(1)" }),
		row("D-2", "created", { title: "Kowhai Ltd", number: "INV-7", xero_url: "https://go.xero.com/INV-7" }),
	];
	const page = await show(starting(run("Done", { rows, total: 2, done: 2, counts: { created: 1, refused: 1 } })));
	assert.deepEqual(page.all("img"), []);
	assert.deepEqual(page.texts("td.outcome"), ["Needs attention", "Created"]);
	assert.deepEqual(page.texts("td.message"), [hostile, ""]);
	assert.deepEqual(page.texts("td.record"), [`${hostile}D-1`, "Kowhai LtdD-2"]);
	assert.deepEqual(page.all("td a").map((link) => link.getAttribute("href")), [
		"https://site.example/crm/deals/D-2",
		"https://go.xero.com/INV-7",
	]);
	assert.deepEqual(page.texts(".counts li"), ["Needs attention 1", "Created 1"]);
});

test("a list that is longer than what is shown says so", async () => {
	const page = await show(starting(run("Done", { rows: [row("D-1", "created")], total: 1200, done: 1200 })));
	assert.match(page.text(), /1 of 1200 records are shown/);
});

test("a run over nothing says that there was nothing to do", async () => {
	const page = await show(starting(run("Done", { total: 0, done: 0 })));
	assert.match(page.text(), /There was nothing to do/);
	assert.equal(page.all('[role="progressbar"]')[0].getAttribute("aria-valuenow"), "100");
});

test("a run can be stopped, and gone on with from where it was", async () => {
	const page = await show(starting(run("Running")), {
		"tools.stop": run("Stopping"),
		"tools.progress": series(run("Stopped")),
		"tools.resume": run("Running", { done: 3 }),
	});
	await page.press("Stop");
	assert.match(page.text(), /Stopping after the current step/);
	assert.equal(page.control("Stop").disabled, true);
	await page.pass(1000);
	assert.match(page.text(), /Stopped.*2 of 4/s);
	await page.press("Resume");
	assert.match(page.text(), /Working.*3 of 4/s);
	assert.deepEqual(page.host.calls.map(([method]) => method), ["tools.stop", "tools.progress", "tools.resume"]);
});

test("a run that broke off says why and can be resumed", async () => {
	const page = await show(starting(run("Failed", { message: "Xero is switched off." })));
	assert.match(page.text(), /Broken off.*Xero is switched off\./s);
	assert.ok(page.control("Resume"));
	assert.equal(page.control("Stop"), null);
});

test("after a dry run the same can be sent, once", async () => {
	const begun = [];
	const tried = run("Done", { dry_run: true, done: 4, counts: { would_create: 3, skipped: 1 } });
	const start = async (isDry) => (begun.push(isDry), isDry ? tried : run("Running", { run: "RUN-2" }));
	const page = await show({ start, dryRun: true }, { "tools.progress": run("Done", { run: "RUN-2", done: 4 }) });
	assert.match(page.text(), /Tried: nothing was sent/);
	page.control("Send these").click();
	await page.press("Send these");
	assert.equal(page.control("Send these"), null);
	await page.pass(1000);
	assert.deepEqual(begun, [true, false]);
	assert.deepEqual(page.host.called("tools.progress"), [{ run: "RUN-2" }]);
	assert.match(page.text(), /Done.*4 of 4/s);
});

test("a dry run that found nothing to send offers nothing", async () => {
	const page = await show({ start: series(run("Done", { dry_run: true, counts: { skipped: 4 } })), dryRun: true });
	assert.equal(page.control("Send these"), null);
});

test("a run is shown again by its id, without being started", async () => {
	const tried = run("Done", { run: "RUN-9", dry_run: true, counts: { would_create: 1 } });
	const page = await show({ run: "RUN-9" }, { "tools.progress": tried });
	assert.deepEqual(page.host.calls, [["tools.progress", { run: "RUN-9" }]]);
	assert.equal(page.control("Send these"), null, "what was tried is not known here");
});

test("a start that fails says why and can be tried again", async () => {
	const page = await show(starting(AWAY, run("Done")));
	assert.match(page.text(), /could not be reached/);
	await page.press("Try again");
	assert.match(page.text(), /Done/);
});

test("a site that is away for a moment is asked again by itself, and what is known stays", async () => {
	const page = await show(starting(run("Running")), { "tools.progress": series(AWAY, run("Done", { done: 4 })) });
	await page.pass(1000);
	assert.match(page.text(), /2 of 4.*could not be reached/s);
	await page.pass(1000);
	assert.match(page.text(), /Done/);
	assert.doesNotMatch(page.text(), /could not be reached/);
});

test("somebody who has lost the right is not asked for again and again", async () => {
	const page = await show(starting(run("Running")), { "tools.progress": series(REFUSED) });
	await page.pass(1000);
	await page.pass(5000);
	assert.equal(page.host.called("tools.progress").length, 1);
	assert.match(page.text(), /not allowed/);
});

test("an answer that a press has overtaken is dropped", async () => {
	let arrive;
	const late = new Promise((resolve) => (arrive = resolve));
	const page = await show(starting(run("Running")), { "tools.progress": () => late, "tools.stop": run("Stopped", { done: 3 }) });
	await page.pass(1000);
	await page.press("Stop");
	arrive(run("Running"));
	await settled();
	assert.match(page.text(), /Stopped.*3 of 4/s);
});

test("whoever closes it stops looking", async () => {
	const page = await show(starting(run("Running")), { "tools.progress": run("Running") });
	mounted.unmount();
	await page.pass(5000);
	assert.equal(page.host.called("tools.progress").length, 0);
	assert.equal(page.element.childElementCount, 0);
});

// offers

const MAY = { send: true, configure: true, connected: true, settings_url: "/app/xero-settings" };
const labels = (places) => listOffers(places, { t }, "CRM Deal").map(({ label }) => label);

test("of a file of contacts the rows that were left out can be had back, once it is done", async () => {
	const left = { action: "Import CSV", counts: { created: 3, refused: 1 } };
	const page = await show({ run: "RUN-1" }, { "tools.progress": run("Done", left) });
	page.control("Download the rows left out").click();
	await settled();
	assert.deepEqual(page.host.saved, ["contacts.import_result"]);
	assert.deepEqual(page.host.called("contacts.import_result"), [{ run: "RUN-1" }]);
	for (const other of [run("Running", left), run("Done", { ...left, counts: { created: 4 } }), run("Done", { counts: left.counts })]) {
		const without = await show({ run: "RUN-1" }, { "tools.progress": other });
		assert.equal(without.control("Download the rows left out"), null);
		mounted.unmount();
	}
});

test("selected rows can be sent, tried and updated by who may send", () => {
	assert.deepEqual(labels(MAY), ["Send to Xero", "Send to Xero (dry run)", "Update from Xero"]);
	assert.deepEqual(labels({ ...MAY, configure: false }), labels(MAY));
	assert.deepEqual(labels({ ...MAY, send: false }), []);
});

test("without a connection who may connect is led there, and nobody else is offered anything", () => {
	const [offer, ...others] = listOffers({ ...MAY, connected: false }, { t }, "CRM Deal");
	assert.deepEqual([offer.label, offer.url, others], ["Connect to Xero", "/app/xero-settings", []]);
	assert.deepEqual(labels({ ...MAY, connected: false, configure: false }), []);
});

test("each offer asks the site for what it says", async () => {
	const host = fakeHost({});
	const [send, dry, update] = listOffers(MAY, host, "Opportunity");
	await send.begin(["O-1"]).start(false);
	assert.equal(dry.begin(["O-2"]).dryRun, true);
	await dry.begin(["O-2"]).start(true);
	await update.begin(["O-3"]).start(false);
	const [all, balances] = toolOffers(host);
	assert.equal(all.begin().dryRun, true);
	await all.begin().start(true);
	await balances.begin().start(false);
	assert.deepEqual(host.calls, [
		["drafts.send_many", { doctype: "Opportunity", names: ["O-1"], dry_run: 0 }],
		["drafts.send_many", { doctype: "Opportunity", names: ["O-2"], dry_run: 1 }],
		["drafts.update_many", { doctype: "Opportunity", names: ["O-3"] }],
		["tools.send_all_live", { dry_run: 1 }],
		["tools.update_all_balances", {}],
	]);
});

test("a page that draws a run anew does not start another, but a failed start can be repeated", async () => {
	const answers = series(AWAY, run("Running"), run("Running", { run: "RUN-2" }));
	const host = fakeHost({ "drafts.send_many": answers });
	const { start } = listOffers(MAY, host, "CRM Deal")[0].begin(["D-1"]);
	await assert.rejects(start(false), AWAY);
	assert.equal((await start(false)).run, "RUN-1");
	assert.equal((await start(false)).run, "RUN-1");
	assert.equal(host.calls.length, 2);
});

test("a run over all live invoices that was shown again can still be sent", () => {
	assert.deepEqual(Object.keys(reopen({ run: "R", action: "Send All Live Invoices" }, {})), ["run", "start"]);
	assert.deepEqual(reopen({ run: "R", action: "Send" }, {}), { run: "R" });
});
