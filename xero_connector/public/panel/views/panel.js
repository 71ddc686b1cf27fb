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
	if (state.phase === "refused") return ui.empty(ui.__("No access to Xero"), state.error);
	if (state.phase === "error") return failure(ui, state, act);
	if (state.panel.state === "not_connected") return ui.views.connectView(ui, state);
	return [
		ui.views.headerView(ui, state, act),
		ui.views.problemBanner(ui, state),
		// a deal with pinned documents is linked, and may still lack a contact
		!state.panel.contacts.length && ui.views.linkView(ui, state, act),
		state.panel.overview && ui.views.overviewView(ui, state, act),
		state.panel.state === "linked" && ui.views.listView(ui, state, act),
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

function failure(ui, state, act) {
	const { __ } = ui;
	const retry = ui.button(__("Try again"), () => act.load(), { icon: "refresh" });
	return ui.empty(__("The Xero tab could not be loaded"), state.error, retry);
}
