/** The page /xero: what the home shows in each state, what it asks for, and the page as a host. */

import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";

import { row } from "./answers.mjs";
import { fakeHost, openPage, settled, window } from "./page.mjs";

mock.timers.enable({ apis: ["setTimeout", "Date"], now: new Date("2026-11-22T01:10:00Z") });

const PAGE = new URL("../../xero_connector/public/page/", import.meta.url);
const { mountHome } = await import(`${PAGE}home.js?v=test`);
const { pageHost } = await import(`${PAGE}host.js?v=test`);

let mounted = null;
afterEach(() => mounted?.unmount());

const DEAL = { doctype: "CRM Deal", name: "D/1", title: "Website rebuild" };
const REFUSED = Object.assign(new Error("You are not allowed to do this."), { status: 403 });
const AWAY = Object.assign(new Error("The site could not be reached."), { status: 0 });

function receivables(change) {
	return {
		currency: "NZD",
		unpaid: "48312.50",
		awaiting_approval: "100.00",
		overdue: "1200.00",
		bills_unpaid: "77.00",
		drafts: 22,
		due_this_week: { count: 4, amount: "19325.00", until: "2026-11-28" },
		ageing: ["not_due", "1-30", "31-60", "61-90", "90+"].map((bucket) => ({ bucket, amount: "10.00" })),
		other_currencies: [],
		...change,
	};
}

function late(id, change) {
	return { ...row({ id, number: `INV-${id}`, due_date: "2026-11-21", overdue: true }), record: null, ...change };
}

function home(change) {
	return {
		can: { connect: false, books: true },
		settings_url: "/app/xero-settings",
		organisation: {
			name: "ORG1",
			title: "Kiwi Test Ltd",
			base_currency: "NZD",
			as_of: "2026-11-22T01:00:00Z",
			needs_reconnect: false,
			is_demo: true,
			problem: null,
			reading: false,
		},
		organisations: [{ name: "ORG1", title: "Kiwi Test Ltd" }],
		today: "2026-11-22",
		receivables: receivables(),
		agreement: null,
		overdue: { rows: [late("1", { record: DEAL }), late("2", { due_date: "2026-11-02" })], total: 2 },
		mine: [{ ...DEAL, overdue: "1200.00", currency: "NZD", count: 1 }],
		matches: 0,
		tools: false,
		runs: [],
		...change,
	};
}

const nothing = { organisation: null, organisations: [], receivables: null, overdue: { rows: [], total: 0 }, mine: [] };

async function show(answers) {
	const host = fakeHost(answers);
	const element = document.createElement("main");
	document.body.replaceChildren(element);
	const { toolkit } = await openPage();
	mounted = mountHome(element, host, await toolkit(host));
	await settled();
	const root = element.firstElementChild.shadowRoot;
	const all = (selector) => [...root.querySelectorAll(selector)];
	const one = (selector) => all(selector)[0] ?? null;
	return {
		host,
		all,
		one,
		text: () => root.textContent,
		control: (label) => all("button, a").find((node) => node.textContent.trim().startsWith(label)) ?? null,
		async type(text) {
			const field = one('input[type="search"]');
			field.value = text;
			field.dispatchEvent(new window.Event("input", { bubbles: true }));
			await settled();
		},
		async pass(ms) {
			mock.timers.tick(ms);
			await settled();
		},
	};
}

// states

test("until the answer comes the page says that it loads", async () => {
	const { one, text } = await show({ "home.get": () => new Promise(() => {}) });
	assert.match(text(), /Loading/);
	assert.equal(one(".home").getAttribute("aria-busy"), "true");
});

test("figures, ageing, what is mine and what is overdue are shown, each under a heading", async () => {
	const { all, text } = await show({ "home.get": home() });
	assert.match(text(), /Kiwi Test Ltd.*Demo Company/s);
	assert.match(text(), /\$48,312\.50.*incl\. \$100\.00 awaiting approval.*\$1,200\.00.*\$19,325\.00.*4 invoices by 28 Nov 2026.*22.*\$77\.00/s);
	const headings = all("h1, h2, h3").map((node) => `${node.localName} ${node.textContent}`);
	assert.deepEqual(headings, ["h1 Kiwi Test Ltd", "h2 What is owed", "h3 Ageing", "h2 Yours with money overdue", "h2 Tools", "h2 Overdue2"]);
});

test("whether it agrees with Xero is said with the time, and leads to what differs", async () => {
	const agreement = { reconciliation: "REC-1", as_of: "2026-11-22T01:00:00Z", differences: 0, open: 0 };
	const said = async (change) => (await show({ "home.get": home({ agreement: { ...agreement, ...change } }) })).one(".agreement");
	const agrees = await said({ state: "Agrees" });
	assert.match(agrees.textContent, /^Agrees with Xero to the cent at /);
	assert.equal(agrees.querySelector("a").getAttribute("href"), "https://site.example/app/xero-reconciliation/REC-1");
	assert.match((await said({ state: "Differs", differences: 3, open: 1 })).textContent, /^1 difference from Xero at /);
	assert.match((await said({ state: "Differs", differences: 3, open: 3 })).textContent, /^3 differences from Xero at /);
	assert.match((await said({ state: "Fixed", differences: 3 })).textContent, /^3 differences at .*, all put right$/);
	assert.match((await said({ state: "Fixed", differences: 1 })).textContent, /^1 difference at .*, put right$/);
	assert.equal((await show({ "home.get": home() })).one(".agreement"), null);
});

test("without the books there are no figures of the organisation", async () => {
	const { all, text } = await show({ "home.get": home({ receivables: null }) });
	assert.deepEqual(all(".figure"), []);
	assert.doesNotMatch(text(), /Ageing|Total unpaid|Drafts/);
	assert.match(text(), /Yours with money overdue.*Website rebuild/s);
});

test("bills have no figure for those who may not see them", async () => {
	const { text } = await show({ "home.get": home({ receivables: receivables({ bills_unpaid: null }) }) });
	assert.doesNotMatch(text(), /Bills/);
});

test("before a connection a manager gets the way to it, everyone else a sentence", async () => {
	const manager = await show({ "home.get": home({ ...nothing, can: { connect: true, books: true } }) });
	assert.equal(manager.control("Connect").href, "https://site.example/app/xero-settings");
	const other = await show({ "home.get": home(nothing) });
	assert.equal(other.control("Connect"), null);
	assert.match(other.text(), /Xero Manager/);
});

test("when nothing is overdue the page says so in good words", async () => {
	const none = { overdue: { rows: [], total: 0 }, mine: [] };
	const { text } = await show({ "home.get": home(none) });
	assert.match(text(), /None of your records has money overdue.*Nothing is overdue.*Every approved invoice is paid or not due yet/s);
});

const ENDED = { kind: "disconnected", level: "bad", text: "Xero lets this site in no more.", since: null, url: "/app/xero-settings" };
const CALLS = { day_left: 4991, day_limit: 5000, minute_left: 55, paused_until: null };

test("who can mend it reads what is the matter, instead of the banner that everybody else reads", async () => {
	const organisation = { ...home().organisation, problem: "The connection to Xero has ended." };
	const page = await show({ "home.get": home({ organisation, health: { matters: [ENDED], calls: CALLS } }) });
	assert.match(page.one(".health li").textContent, /^Problem.*lets this site in no more/);
	assert.equal(page.one(".health a").getAttribute("href"), "https://site.example/app/xero-settings");
	assert.equal(page.one(".notice"), null);
	const other = await show({ "home.get": home({ organisation, health: null }) });
	assert.deepEqual([other.all(".health, .calls"), other.all(".notice").length], [[], 1]);
});

test("the meter says how many calls are left, marks when they run low, and until when Xero wants none", async () => {
	const at = (calls) => show({ "home.get": home({ health: { matters: [], calls: { ...CALLS, ...calls } } }) });
	const page = await at({});
	assert.equal(page.one(".calls").textContent, "4991 of 5000 calls left today");
	assert.deepEqual([page.one(".health"), page.one(".calls.bad")], [null, null]);
	const low = await at({ day_left: 500, paused_until: "2026-11-22T01:20:00Z" });
	assert.match(low.one(".calls.bad").textContent, /^500 of 5000 calls left today · Xero wants no calls until/);
});

test("a problem with Xero stands above figures that stay", async () => {
	const organisation = { ...home().organisation, problem: "Xero is not available at the moment." };
	const { one, text } = await show({ "home.get": home({ organisation }) });
	assert.match(one('[role="alert"]').textContent, /Xero is not available/);
	assert.match(text(), /\$48,312\.50/);
});

test("who lost the right sees nothing of before", async () => {
	const answers = { "home.get": home() };
	const { text } = await show(answers);
	answers["home.get"] = () => Promise.reject(REFUSED);
	window.dispatchEvent(new window.Event("online"));
	await settled();
	assert.match(text(), /No access to Xero.*You are not allowed to do this/s);
	assert.doesNotMatch(text(), /\$|Kiwi|INV/);
});

test("a first answer that fails can be asked for again", async () => {
	const answers = { "home.get": () => Promise.reject(AWAY) };
	const { control, text } = await show(answers);
	assert.match(text(), /The site could not be reached/);
	answers["home.get"] = home();
	control("Try again").click();
	await settled();
	assert.match(text(), /Kiwi Test Ltd/);
});

test("offline the page says so and keeps what it shows; back online it asks again", async () => {
	const { host, text } = await show({ "home.get": home() });
	window.dispatchEvent(new window.Event("offline"));
	assert.match(text(), /You are offline.*\$48,312\.50/s);
	window.dispatchEvent(new window.Event("online"));
	await settled();
	assert.doesNotMatch(text(), /You are offline/);
	assert.equal(host.called("home.get").length, 2);
});

test("a name that is markup appears as text, and an address that is not http(s) gets no link", async () => {
	const name = '<img src="x" onerror="alert(1)">';
	const { one, text } = await show({
		"home.get": home({
			overdue: { rows: [late("1", { contact_name: name, url: "javascript:alert(1)" })], total: 1 },
			mine: [{ ...DEAL, title: name, overdue: "1.00", currency: "NZD", count: 2 }],
		}),
	});
	assert.equal(one("img"), null);
	assert.equal(text().split(name).length, 3);
	assert.equal(one("td.number a"), null);
});

// lists

test("a late invoice leads to Xero by its number and to its record by its customer", async () => {
	const { all } = await show({ "home.get": home() });
	const [first, second] = all(".late tbody tr");
	assert.equal(first.querySelector("td.number a").href, "https://go.xero.com/invoice/d1");
	assert.equal(first.querySelector("td.customer a").href, "https://site.example/xero/CRM%20Deal/D%2F1");
	assert.equal(second.querySelector("td.customer a"), null);
	assert.match(first.textContent, /1 day late/);
	assert.match(second.textContent, /20 days late/);
});

test("records of mine stand once for each currency", async () => {
	const mine = [
		{ ...DEAL, overdue: "1200.00", currency: "NZD", count: 2 },
		{ ...DEAL, overdue: "900000", currency: "JPY", count: 1 },
	];
	const { all } = await show({ "home.get": home({ mine }) });
	const shown = all(".mine li").map((node) => node.textContent);
	assert.match(shown[0], /Website rebuild.*D\/1 · 2 invoices\$1,200\.00/);
	assert.match(shown[1], /1 invoice.*900,000/);
	assert.equal(all(".mine a")[1].href, "https://site.example/xero/CRM%20Deal/D%2F1");
});

test("Show more asks for what follows, once, and shows no invoice twice", async () => {
	const rest = { rows: [late("2"), late("3")], total: 3 };
	const { all, control, host, text } = await show({
		"home.get": home({ overdue: { rows: [late("1"), late("2")], total: 3 } }),
		"home.list_overdue": rest,
	});
	assert.match(text(), /2 of 3/);
	control("Show more").click();
	assert.ok(control("Loading").disabled);
	await settled();
	assert.deepEqual(host.called("home.list_overdue"), [{ organisation: "ORG1", start: 2 }]);
	assert.deepEqual(all("td.number").map((node) => node.textContent.trim()), ["INV-1", "INV-2", "INV-3"]);
	assert.equal(control("Show more"), null);
});

test("another organisation is asked for alone, and nothing of the first is left", async () => {
	const organisations = [{ name: "ORG1", title: "Kiwi Test Ltd" }, { name: "ORG2", title: "Aussie Test" }];
	let answer = null;
	const { host, one, text } = await show({
		"home.get": ({ organisation }) => (organisation === "ORG2" ? new Promise((resolve) => (answer = resolve)) : home({ organisations })),
	});
	const select = one("select");
	select.value = "ORG2";
	select.dispatchEvent(new window.Event("change", { bubbles: true }));
	await settled();
	assert.doesNotMatch(text(), /\$|INV-/);
	answer(home({ organisations, organisation: { ...home().organisation, name: "ORG2", title: "Aussie Test" } }));
	await settled();
	assert.equal(one("h1").textContent, "Aussie Test");
	assert.deepEqual(host.called("home.get").map(({ organisation }) => organisation), [null, "ORG2"]);
});

// search

const FOUND = {
	customers: [
		{ id: "c1", name: "Aotearoa Widgets", email: "a@w.example", url: "https://go.xero.com/c1", record: DEAL },
		{ id: "c2", name: "Unknown Ltd", email: null, url: "https://go.xero.com/c2", record: null },
	],
	documents: [{ ...row(), record: null }],
};

test("a search waits for a pause and asks once", async () => {
	const { host, pass, text, type } = await show({ "home.get": home(), "home.search": FOUND });
	for (const typed of ["a", "ao", "aot"]) await type(typed);
	assert.deepEqual(host.called("home.search"), []);
	await pass(300);
	assert.deepEqual(host.called("home.search"), [{ organisation: "ORG1", text: "aot" }]);
	assert.match(text(), /Found: customers 2, documents 1/);
});

test("what is found leads to its record, else to Xero", async () => {
	const { all, pass, type } = await show({ "home.get": home(), "home.search": FOUND });
	await type("aot");
	await pass(300);
	const links = all(".found a");
	assert.deepEqual(links.map((link) => link.href), [
		"https://site.example/xero/CRM%20Deal/D%2F1",
		"https://go.xero.com/c2",
		"https://go.xero.com/invoice/d1",
	]);
	assert.deepEqual(links.map((link) => link.target), ["", "_blank", "_blank"]);
});

test("one letter asks for nothing, and Escape takes search and results away", async () => {
	const { host, one, pass, type } = await show({ "home.get": home(), "home.search": FOUND });
	await type("x ");
	await pass(1000);
	assert.deepEqual(host.called("home.search"), []);
	await type("aot");
	await pass(300);
	const field = one('input[type="search"]');
	field.dispatchEvent(new window.KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
	await settled();
	assert.equal(one(".found"), null);
	assert.equal(field.value, "");
});

test("an answer to what was typed before is dropped", async () => {
	const waiting = [];
	const { pass, text, type } = await show({
		"home.get": home(),
		"home.search": () => new Promise((resolve) => waiting.push(resolve)),
	});
	await type("first");
	await pass(300);
	await type("second");
	await pass(300);
	waiting[1]({ customers: [], documents: [] });
	await settled();
	waiting[0](FOUND);
	await settled();
	assert.match(text(), /Nothing matches “second”/);
	assert.doesNotMatch(text(), /Aotearoa Widgets a@w/);
});

test("a search that fails says so and can be tried again", async () => {
	const answers = { "home.get": home(), "home.search": () => Promise.reject(new Error("Too busy")) };
	const { control, one, pass, text, type } = await show(answers);
	await type("aot");
	await pass(300);
	assert.match(one(".finder").textContent, /Too busy/);
	answers["home.search"] = FOUND;
	control("Try again").click();
	await settled();
	assert.match(text(), /Unknown Ltd/);
});

// the page as a host

function makePage(messages = {}) {
	document.head.innerHTML = '<meta name="csrf-token" content="token-1">';
	document.body.innerHTML = '<script type="application/json" id="messages"></script><div id="toasts"></div>';
	document.getElementById("messages").textContent = JSON.stringify(messages);
	document.documentElement.lang = "en";
	return pageHost(document);
}

test("sentences come from the site, English where it has none, with values in their places", () => {
	const { t } = makePage({ "{0} of {1}": "{1}: davon {0}" });
	assert.equal(t("{0} of {1}", [3, 7]), "7: davon 3");
	assert.equal(t("{0} left", ["{1}"]), "{1} left");
	assert.equal(t("constructor"), "constructor");
});

test("a toast is text and goes by itself or when closed", () => {
	const { toast } = makePage();
	toast("<b>Sent</b>", "success");
	toast("Failed", "error");
	const notes = () => [...document.querySelectorAll(".toast")];
	assert.deepEqual(notes().map((note) => note.getAttribute("role")), [null, "alert"]);
	assert.equal(notes()[0].querySelector("b"), null);
	mock.timers.tick(5000);
	assert.deepEqual(notes().map((note) => note.querySelector("span").textContent), ["Failed"]);
	notes()[0].querySelector("button").click();
	assert.deepEqual(notes(), []);
});

test("only Yes confirms", async () => {
	const { confirm } = makePage();
	for (const [returned, expected] of [["yes", true], ["", false]]) {
		const answer = confirm("Unlink it?");
		const dialog = document.querySelector("dialog");
		assert.equal(dialog.querySelector("p").textContent, "Unlink it?");
		dialog.returnValue = returned;
		dialog.dispatchEvent(new window.Event("close"));
		assert.equal(await answer, expected);
		assert.equal(document.querySelector("dialog"), null);
	}
});

// tools

function run(change) {
	const started = { run: "RUN-1", action: "Send All Live Invoices", state: "Done", dry_run: true };
	return { ...started, total: 3, done: 3, message: "", rows: [], counts: { would_create: 3 }, ...change };
}

/** The dialog over the page. */
function job() {
	const dialog = document.querySelector("dialog.job");
	const root = dialog?.querySelector("div > div")?.shadowRoot;
	const press = async (label) => {
		[...root.querySelectorAll("button")].find((button) => button.textContent === label).click();
		await settled();
	};
	return dialog && { dialog, press, text: root.textContent, title: dialog.querySelector("h2").textContent };
}

const WITHOUT_BOOKS = { can: { connect: false, books: false }, receivables: null, matches: null };

test("who sees the books compares them with Xero and goes to what is found", async () => {
	const { host, all } = await show({ "home.get": home(), "tools.reconcile": { reconciliation: "REC-1" } });
	all('[aria-label="Start: Compare with Xero"]')[0].click();
	await settled();
	assert.deepEqual(host.called("tools.reconcile"), [{ organisation: "ORG1" }]);
	assert.deepEqual(host.opened, ["/app/xero-reconciliation/REC-1"]);
});

test("why nothing can be compared is told", async () => {
	const tooEarly = () => Promise.reject(new Error("Not everything is read from Xero yet."));
	const { host, all } = await show({ "home.get": home(), "tools.reconcile": tooEarly });
	all('[aria-label="Start: Compare with Xero"]')[0].click();
	await settled();
	assert.deepEqual([host.opened, host.toasts], [[], [["error", "Not everything is read from Xero yet."]]]);
});

test("who sees the books is told how many contacts wait, and led to those of the organisation", async () => {
	const { all, text } = await show({ "home.get": home({ matches: 3 }) });
	assert.match(text(), /3 contacts of Xero wait for a decision\./);
	const [link] = all('[aria-label="Open: Review matches"]');
	assert.equal(link.getAttribute("href"), "https://site.example/app/xero-match?state=Waiting&organisation=ORG1");
	assert.match((await show({ "home.get": home({ matches: 1 }) })).text(), /1 contact of Xero waits for a decision\./);
	assert.match((await show({ "home.get": home() })).text(), /No contact of Xero waits for a decision\./);
});

test("who may send finds the tools, others neither tools nor runs", async () => {
	const { all, text } = await show({ "home.get": home({ ...WITHOUT_BOOKS, tools: true }) });
	assert.deepEqual(all(".tools strong").map((node) => node.textContent), ["Send all live invoices", "Update all invoice balances"]);
	assert.doesNotMatch(text(), /Your last runs/);
	const other = await show({ "home.get": home(WITHOUT_BOOKS) });
	assert.deepEqual(other.all(".tools"), []);
});

test("all live invoices are tried first and sent when that is pressed; closing asks for the home anew", async () => {
	const sendAll = ({ dry_run: isDry }) => (isDry ? run() : run({ run: "RUN-2", dry_run: false, counts: { created: 3 } }));
	const { host, all } = await show({ "home.get": home({ ...WITHOUT_BOOKS, tools: true }), "tools.send_all_live": sendAll });
	all(".tools button")[0].click();
	await settled();
	assert.deepEqual([job().title, /Would be created 3/.test(job().text)], ["Send all live invoices", true]);
	await job().press("Send these");
	assert.match(job().text, /Created 3/);
	assert.deepEqual(host.called("tools.send_all_live"), [{ dry_run: 1 }, { dry_run: 0 }]);
	job().dialog.close();
	job().dialog.dispatchEvent(new window.Event("close"));
	await settled();
	assert.equal(job(), null);
	assert.equal(host.called("home.get").length, 2);
});

test("a run of before is found again, with how far it is", async () => {
	const last = run({ action: "Update All Balances", state: "Stopped", dry_run: false, done: 1 });
	const { host, all, text } = await show({ "home.get": home({ ...WITHOUT_BOOKS, runs: [last] }), "tools.progress": last });
	assert.match(text(), /Your last runs.*Update all invoice balances.*Stopped · 1 of 3/s);
	all(".tools button")[0].click();
	await settled();
	assert.deepEqual(host.called("tools.progress"), [{ run: "RUN-1" }]);
	assert.match(job().text, /Stopped/);
	job().dialog.dispatchEvent(new window.Event("close"));
	await settled();
});
