/** The whole home: what a state gets, and the figures of the organisation for those who see its books. */

export function homeView(ui, state, act) {
	const { h } = ui;
	const isBusy = state.phase === "loading";
	return h("div", { class: "root" }, h("div", { class: "home", "aria-busy": isBusy }, content(ui, state, act)));
}

function content(ui, state, act) {
	const { __ } = ui;
	const { home, phase } = state;
	if (phase === "refused") return instead(ui, __("No access to Xero"), state.error);
	if (phase === "error") return instead(ui, __("The page could not be loaded"), state.error, again(ui, act));
	if (!home) return [heading(ui, "Xero"), skeleton(ui)];
	if (!home.organisation) return notConnected(ui, home);
	return [
		header(ui, state, act),
		banner(ui, state),
		ui.home.healthSection(ui, home),
		ui.home.searchSection(ui, state, act),
		phase === "loading" ? skeleton(ui) : figuresAndLists(ui, state, act),
	];
}

/** What keeps Xero away; who can do something about it reads it in the list of what needs somebody. */
function banner(ui, { home, offline }) {
	const isListed = !offline && home.health?.matters.length > 0;
	return isListed ? null : ui.views.banner(ui, { panel: home, offline });
}

function heading({ h }, text) {
	return h("h1", { dir: "auto" }, text);
}

function instead(ui, title, text, action) {
	return [heading(ui, title), ui.empty(null, text, ...[action].filter(Boolean))];
}

function again(ui, act) {
	return ui.button(ui.__("Try again"), act.load, { icon: "refresh" });
}

function skeleton({ h, __ }) {
	const blocks = ["strip", "chart", "row", "row", "row"];
	return h(
		"div",
		{ class: "skeleton", role: "status", key: "skeleton" },
		h("span", { class: "unseen" }, __("Loading")),
		blocks.map((name) => h("div", { class: ["bone", name] })),
	);
}

function notConnected(ui, { can, settings_url }) {
	const { h, __ } = ui;
	const title = __("Xero is not connected");
	if (!can.connect) {
		return instead(ui, title, __("A Xero Manager can connect it in Xero Settings. Invoices and balances then appear here."));
	}
	const connect = h("a", { class: "button primary", href: settings_url }, ui.icon("link"), __("Connect"));
	return instead(ui, title, __("Connect your Xero organisation to see here what is owed and what is overdue."), connect);
}

function header(ui, { home, organisation }, act) {
	const { h, __ } = ui;
	const shown = home.organisation;
	const age = shown.as_of ? __("as of {0}", [ui.moment(shown.as_of)]) : __("not read yet");
	return h(
		"header",
		{ class: "header" },
		h(
			"div",
			{ class: "identity" },
			heading(ui, shown.title),
			h(
				"p",
				{ class: "muted facts" },
				h("span", { role: "status" }, shown.reading ? __("Reading Xero…") : age),
				shown.is_demo && ui.badge("info", __("Demo Company")),
			),
			ui.home.agreementNote(ui, home.agreement),
			ui.home.callsNote(ui, home),
		),
		home.organisations.length > 1 && organisations(ui, home.organisations, organisation, act),
	);
}

function organisations({ h, __ }, options, chosen, act) {
	const choose = { change: (event) => act.chooseOrganisation(event.target.value) };
	const option = ({ name, title }) => h("option", { value: name }, title);
	return h("select", { "aria-label": __("Xero organisation"), value: chosen, on: choose }, options.map(option));
}

/** Without the books there are no figures of everybody's, and what is one's own comes first. */
function figuresAndLists(ui, state, act) {
	const { h } = ui;
	const { receivables } = state.home;
	return [
		receivables && owed(ui, receivables),
		h(
			"div",
			{ class: "columns", key: "columns" },
			h(
				"div",
				{ class: "side" },
				receivables && ui.views.ageingBar(ui, receivables),
				ui.home.mineSection(ui, state),
				ui.home.toolsSection(ui, state, act),
			),
			ui.home.overdueSection(ui, state, act),
		),
	];
}

function owed(ui, receivables) {
	const { h, __ } = ui;
	return h(
		"section",
		{ class: "overview", key: "owed", "aria-labelledby": "owed" },
		h("h2", { id: "owed", class: "unseen" }, __("What is owed")),
		h("div", { class: "figures" }, figures(ui, receivables)),
		ui.views.otherCurrencies(ui, receivables),
	);
}

function figures(ui, receivables) {
	const { __, isZero } = ui;
	const { unpaid, awaiting_approval: awaiting, overdue, due_this_week: due, drafts, bills_unpaid: bills } = receivables;
	const money = (amount) => ui.money(amount, receivables.currency);
	const figure = (label, amount, look) => ui.views.figure(ui, label, amount, look);
	const until = due.count === 1 ? __("1 invoice by {0}", [ui.day(due.until)]) : __("{0} invoices by {1}", [due.count, ui.day(due.until)]);
	return [
		figure(__("Total unpaid"), money(unpaid), { note: !isZero(awaiting) && __("incl. {0} awaiting approval", [money(awaiting)]) }),
		figure(__("Overdue"), money(overdue), { tone: isZero(overdue) ? null : "bad" }),
		figure(__("Due this week"), money(due.amount), { note: due.count > 0 && until }),
		figure(__("Drafts"), String(drafts)),
		bills !== null && figure(__("Bills unpaid"), money(bills)),
	];
}
