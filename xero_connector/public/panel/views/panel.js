/** The whole panel: which view a state gets. */

export function panelView(ui, state, act) {
	const { h } = ui;
	const isBusy = state.phase === "loading" || state.refreshing;
	return h(
		"div",
		{ class: "root" },
		h("section", { class: "panel", "aria-busy": isBusy, "aria-label": "Xero" }, content(ui, state, act)),
		state.draft && ui.views.draftDialog(ui, state, act),
	);
}

function content(ui, state, act) {
	if (state.phase === "loading") return skeleton(ui);
	if (state.phase === "error") return failure(ui, state, act);
	if (state.panel.state === "not_connected") return ui.views.connectView(ui, state);
	return [
		ui.views.headerView(ui, state, act),
		ui.views.problemBanner(ui, state),
		state.panel.state === "no_contact" && ui.views.linkView(ui, state, act),
		state.panel.overview && ui.views.overviewView(ui, state, act),
		hasList(state) && ui.views.listView(ui, state, act),
	];
}

/** A deal can hold linked documents without having a Xero contact. */
function hasList({ panel }) {
	return panel.state === "linked" || (panel.counts?.invoice?.all ?? 0) > 0;
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

function failure(ui, state, act) {
	const { __ } = ui;
	const retry = ui.button(__("Try again"), () => act.load(), { icon: "refresh" });
	return ui.empty(__("The Xero tab could not be loaded"), state.error, retry);
}
