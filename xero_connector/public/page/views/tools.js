/** What is done for a whole organisation, and the last runs of one's own, also those from lists. */

export function toolsSection(ui, { home }, act) {
	const { h, __ } = ui;
	const tools = [...(home.can.books ? ofTheBooks(ui, home, act) : []), ...(home.tools ? overInvoices(ui, act) : [])];
	if (!tools.length && !home.runs.length) return null;
	return h(
		"section",
		{ class: "tools", "aria-labelledby": "tools" },
		h("h2", { id: "tools" }, __("Tools")),
		tools.length > 0 && h("ul", { class: "contacts" }, tools.map((tool) => one(ui, tool))),
		home.runs.length > 0 && [h("h3", null, __("Your last runs")), h("ul", { class: "contacts" }, home.runs.map((run) => last(ui, run, act)))],
	);
}

/** Each is {label, explanation}, and `url` to go to or `start` to press. */
function ofTheBooks(ui, { matches, organisation }, act) {
	const { __ } = ui;
	const waiting = matches === 1 ? __("1 contact of Xero waits for a decision.") : __("{0} contacts of Xero wait for a decision.", [matches]);
	return [
		{
			label: ui.titleOf({ action: "Reconcile" }),
			explanation: __("Whether balances and documents here are those that Xero has; every night it is done by itself."),
			start: act.compare,
		},
		{
			label: __("Review matches"),
			explanation: matches ? waiting : __("No contact of Xero waits for a decision."),
			url: `/app/xero-match?state=Waiting&organisation=${encodeURIComponent(organisation.name)}`,
		},
	];
}

function overInvoices(ui, act) {
	return ui.tools.map((tool) => ({ ...tool, start: () => act.useTool(tool) }));
}

function one(ui, { label, explanation, url, start }) {
	const { h, __ } = ui;
	const labelled = (verb) => ({ "aria-label": `${verb}: ${label}` });
	return h(
		"li",
		{ key: label },
		h("div", { class: "who" }, h("strong", null, label), h("span", { class: "muted" }, explanation)),
		url
			? h("a", { class: "button plain", href: url, ...labelled(__("Open")) }, __("Open"))
			: ui.button(__("Start"), start, labelled(__("Start"))),
	);
}

function last(ui, run, act) {
	const { h, __ } = ui;
	const title = ui.titleOf(run);
	const facts = `${ui.howFar(ui, run)} · ${__("{0} of {1}", [run.done, run.total])}`;
	return h(
		"li",
		{ key: run.run },
		h("div", { class: "who" }, h("span", null, title), h("span", { class: "muted" }, facts)),
		ui.button(__("Show"), () => act.showRun(run), { "aria-label": `${__("Show")}: ${title}` }),
	);
}
