/** The whole panel: which view a state gets. */

export function panelView(ui, state, act) {
	const { h } = ui;
	const isBusy = state.phase === "loading" || state.refreshing;
	return h(
		"div",
		{ class: "root" },
		h("section", { class: "panel", "aria-busy": isBusy, "aria-label": "Xero", tabindex: "-1" }, content(ui, state, act)),
		state.form && !state.form.isHidden && ui.views.formDialog(ui, state, act),
		state.find && ui.views.findDialog(ui, state, act),
	);
}

function content(ui, state, act) {
	if (state.phase === "refused") return ui.empty(ui.__("No access to Xero"), state.error);
	if (state.phase === "ready") return figures(ui, state, act);
	// of another organisation the header is there before its figures are
	const header = state.panel && ui.views.headerView(ui, state, act);
	return [header, state.phase === "loading" ? skeleton(ui) : failure(ui, state, act)];
}

function figures(ui, state, act) {
	const { panel } = state;
	if (panel.state === "not_connected") return ui.views.connectView(ui, state);
	return [
		ui.views.headerView(ui, state, act),
		ui.views.banner(ui, state),
		panel.record.own_document && ui.views.ownDocument(ui, panel.record),
		// a deal with pinned documents is linked, and may still lack a contact
		(!panel.contacts.length || state.linking) && ui.views.linkView(ui, state, act),
		panel.credit && ui.views.creditView(ui, state, act),
		panel.overview?.sale && ui.views.saleView(ui, panel.overview.sale),
		panel.overview && ui.views.scopeSwitch(ui, state, act),
		panel.overview && ui.views.overviewView(ui, state, act),
		panel.state === "linked" && ui.views.listView(ui, state, act),
	];
}

function skeleton({ h, __ }) {
	const blocks = ["title", "strip", "chart", "row", "row", "row"];
	return h(
		"div",
		{ class: "skeleton", role: "status" },
		h("span", { class: "unseen" }, __("Loading")),
		blocks.map((name) => h("div", { class: ["bone", name] })),
	);
}

function failure(ui, { offline, error }, act) {
	const { __ } = ui;
	const retry = ui.button(__("Try again"), () => act.load(), { icon: "refresh" });
	if (!offline) return ui.empty(__("The Xero tab could not be loaded"), error, retry);
	return ui.empty(__("You are offline"), __("The Xero tab appears as soon as the site can be reached again."), retry);
}
