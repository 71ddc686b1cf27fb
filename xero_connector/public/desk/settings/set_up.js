/** The guided set-up: each step with how it stands, and what is done there (R98-R102, B20). */

const { search: version } = new URL(import.meta.url);
const { age, button, call, connect, h, outside } = await import(`./parts.js${version}`);

const PILL = { done: "green", todo: "blue", later: "gray", choice: "gray" };
const STATE = { done: () => __("Done"), todo: () => __("To do"), later: () => __("Later"), choice: () => __("As you like") };
const IMPORTING = ["Auto Import Customers", "Auto Import All"];
const SIGN_UP = "https://www.xero.com/signup/";
const APPS = "https://developer.xero.com/app/manage";
const STEPS = {
	app: { title: () => __("Your Xero app"), body: app },
	connect: { title: () => __("Connect to Xero"), body: connection },
	read: { title: () => __("First load"), body: firstLoad },
	accounts: { title: () => __("Accounts"), body: eachOf(accounts) },
	taxes: { title: () => __("Map Taxes"), body: eachOf(taxes) },
	contacts: { title: () => __("Mode and contacts"), body: contacts },
	webhook: { title: () => __("Webhook"), body: webhook },
};

let unfolded = null;

/** Open until all is done, or as somebody left it. `page` is {frm, again, open, change}. */
export function setUp(page, { enabled }, { steps }) {
	if (!enabled) return h("div");
	const wanted = steps.filter(({ state }) => state === "todo" || state === "later").length;
	const toggle = ({ currentTarget }) => (unfolded = currentTarget.open);
	return h(
		"details",
		{ class: "frappe-card p-3 mb-3", "data-set-up": wanted ? "open" : "done", open: unfolded ?? wanted > 0, on: { toggle } },
		h("summary", { class: "font-weight-bold" }, wanted ? __("Set-up: steps to do: {0}", [wanted]) : __("Set-up: all done")),
		h("ol", { class: "mt-3 mb-0 pl-4" }, steps.map((step) => item(page, step))),
	);
}

function item(page, step) {
	const { title, body } = STEPS[step.step];
	return h(
		"li",
		{ class: "mb-3", "data-step": step.step, "data-state": step.state },
		h("strong", { class: "mr-2" }, title()),
		h("span", { class: `indicator-pill ${PILL[step.state]}` }, STATE[step.state]()),
		step.state !== "later" && h("div", { class: "mt-1" }, body(page, step)),
	);
}

function say(...words) {
	return h("p", { class: "text-muted small mb-1" }, words);
}

function app(page, { state }) {
	if (state === "done") return say(__("Its client ID is entered."), " ", outside(APPS, __("Your apps at developer.xero.com")));
	return [
		say(__("No Xero account yet?"), " ", outside(SIGN_UP, __("Open one at xero.com"))),
		say(
			outside(APPS, __("Make an app at developer.xero.com")),
			". ",
			__("Enter its client ID and secret below, and the redirect URI there. Then save."),
		),
	];
}

function connection(page, { state, demo }) {
	if (state === "todo") return button(__("Connect to Xero"), "btn-primary btn-xs", () => connect(page), "connect");
	if (!demo.length) return say(__("Connected."));
	const words = __("{0} is a Demo Company of Xero: nothing in it is real. Try everything there, then connect your own.", [demo.join(", ")]);
	return h("p", { class: "small mb-1", "data-demo": demo.length }, words);
}

function firstLoad(page, { state, organisations }) {
	const reading = organisations.filter((one) => one.state === "todo").map(({ title }) => title);
	return state === "done"
		? say(__("All contacts, invoices and credit notes are here."))
		: say(__("Contacts, invoices and credit notes come into this site: {0}.", [reading.join(", ")]));
}

/** A body that has a part for each organisation, named where there are several. */
function eachOf(part) {
	return (page, { organisations }) =>
		organisations.map((one) => [organisations.length > 1 && h("div", { class: "small font-weight-bold mt-2" }, one.title), part(page, one)]);
}

function accounts(page, one) {
	if (one.state === "later") return say(__("Xero's chart of accounts is being read."));
	const save = (change) => choose(page, one, change);
	return [
		h(
			"div",
			{ class: "row" },
			choice(`sales-${one.name}`, __("Sales account"), one.sales_accounts, one.sales_account, (sales_account) => save({ sales_account })),
			choice(`payments-${one.name}`, __("Payment account"), one.payment_accounts, one.payment_account, (payment_account) => save({ payment_account })),
		),
		say(
			one.payment_accounts.length ? __("An account is missing?") : __("Xero has no account that takes payments."),
			" ",
			__("Enable payments for it in Xero: Accounting, Chart of accounts, open the account, tick “Enable payments to this account”. Then press Catch up now."),
		),
	];
}

function choice(id, label, options, chosen, pick) {
	const option = ({ value, label: text }) => h("option", { value }, text);
	const props = { id, class: "custom-select form-control", value: chosen ?? "", on: { change: (event) => pick(event.target.value) } };
	return h(
		"div",
		{ class: "col-sm-6 form-group mb-2" },
		h("label", { class: "control-label", for: id }, label),
		h("select", props, h("option", { value: "" }, ""), options.map(option)),
	);
}

/** One at a time: what is saved next must know what was saved before. */
async function choose(page, { name, sales_account, payment_account }, change) {
	for (const select of document.querySelectorAll('[data-step="accounts"] select')) select.disabled = true;
	await call("setup.choose_accounts", { organisation: name, sales_account, payment_account, ...change }).finally(page.again);
}

function taxes(page, { name, title, rates, open, broken }) {
	const map = button(__("Map Taxes"), "btn-default btn-xs", () => page.open("taxes", name, title), "map-taxes");
	if (!rates) return say(__("This site has no tax rates of its own: invoices take those of Xero's accounts."));
	if (broken) return [say(__("Rates that no longer fit Xero: {0}.", [broken])), map];
	return open ? [say(__("{0} of {1} rates of this site have no rate of Xero's yet.", [open, rates])), map] : [say(__("Every rate of this site has one of Xero's.")), map];
}

function contacts(page, { mode, policy }) {
	const counts = h("div", { "aria-live": "polite" });
	const count = () => showWhatWouldHappen(counts);
	return [
		say(__("Mode: {0} · Contacts of Xero: {1}", [__(mode), __(policy)])),
		button(__("Change the mode"), "btn-default btn-xs mr-2", () => page.change("mode"), "change-mode"),
		button(__("Choose contacts"), "btn-default btn-xs mr-2", () => page.change("contact_policy"), "change-contacts"),
		button(__("What would happen?"), "btn-default btn-xs", count, "what-would-happen"),
		counts,
	];
}

/** One policy after the other: each looks at every contact. */
async function showWhatWouldHappen(place) {
	place.replaceChildren();
	for (const policy of IMPORTING) {
		const line = say(__("{0}: counting…", [__(policy)]));
		place.append(line);
		const { organisations } = await call("setup.what_would_happen", { policy });
		line.replaceWith(...organisations.map((counted) => say(wouldHappen(policy, counted))));
	}
}

function wouldHappen(policy, { title, link, create, review, left_out: left }) {
	return __("{0}, {1}: {2} linked, {3} made, {4} to be reviewed, {5} left out.", [__(policy), title, link, create, review, left]);
}

function webhook(page, { state, organisations }) {
	if (state === "choice") {
		return [
			say(__("With a webhook Xero tells of changes within seconds; without, they are asked for every few minutes. Enter the URL below in your Xero app, and its key here.")),
			whatToTick(),
		];
	}
	const told = organisations.map(({ title, silent, last }) => {
		if (silent) return say(__("{0}: Xero no longer tells of changes.", [title]));
		return say(last ? __("{0}: told of a change {1}.", [title, age(last)]) : __("{0}: nothing told yet.", [title]));
	});
	return state === "done" ? told : [...told, whatToTick()];
}

/** Of what else is ticked there nothing comes, and what is not ticked comes with the polls alone. */
function whatToTick() {
	return say(outside(APPS, __("In the app, under Webhooks")), ": ", __("tick Contacts, Invoices and Credit notes."));
}
