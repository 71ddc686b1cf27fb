/** What is done with all invoices at once, and the last runs of one's own, also those from lists. */

export function toolsSection(ui, { home }, act) {
	const { h, __ } = ui;
	if (!home.tools && !home.runs.length) return null;
	return h(
		"section",
		{ class: "tools", "aria-labelledby": "tools" },
		h("h2", { id: "tools" }, __("Tools")),
		home.tools && h("ul", { class: "contacts" }, ui.tools.map((tool) => one(ui, tool, act))),
		home.runs.length > 0 && [h("h3", null, __("Your last runs")), h("ul", { class: "contacts" }, home.runs.map((run) => last(ui, run, act)))],
	);
}

function one(ui, tool, act) {
	const { h } = ui;
	return h(
		"li",
		{ key: tool.label },
		h("div", { class: "who" }, h("strong", null, tool.label), h("span", { class: "muted" }, tool.explanation)),
		ui.button(ui.__("Start"), () => act.useTool(tool), { "aria-label": `${ui.__("Start")}: ${tool.label}` }),
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
