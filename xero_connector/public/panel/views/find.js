/** Find & link (R131): any document of Xero that the person may see, by number, reference or date. */

/** So many `links.find_documents` answers with. */
const MOST_FOUND = 50;

export function findDialog(ui, state, act) {
	const { h, __ } = ui;
	const frame = { id: "find", title: __("Find & link"), close: act.closeFind, size: "wide" };
	return ui.views.dialogView(
		ui,
		frame,
		h(
			"div",
			{ class: "content" },
			h("div", { class: "toolbar" }, controls(ui, state, act)),
			state.find.limited && h("p", { class: "muted" }, __("You see the documents of this record's Xero contacts only.")),
			h("div", { class: "found", "aria-live": "polite" }, found(ui, state, act)),
		),
		h("div", { class: "foot" }, reach(ui, state.find), ui.button(__("Done"), act.closeFind)),
	);
}

function controls(ui, { panel, find }, act) {
	const { kinds, searchField, dateRange } = ui.views;
	// among all documents of an organisation the site looks at the start only, which an index can answer
	const label = panel.can.books ? ui.__("Start of number or reference") : ui.__("Number or reference");
	return [
		panel.can.bills && kinds(ui, find.kind, act.findKind),
		searchField(ui, "find-search", label, find.text, act.typeFind, { "data-focus": true }),
		dateRange(ui, find.dates, find, { edit: act.editFindDates, apply: act.applyFindDates }),
	];
}

function found(ui, { find, busy }, act) {
	const { h, __ } = ui;
	if (find.phase === "error") return ui.notice("warning", find.error, " ", again(ui, act));
	if (find.rows.length) {
		const rows = find.rows.map((row) => result(ui, row, busy.includes(`find:${row.id}`), act));
		return h("ul", { class: "contacts", "aria-busy": find.phase === "loading" }, rows);
	}
	return h("p", { class: "muted" }, find.phase === "loading" ? __("Searching…") : __("Nothing matches this search."));
}

function again(ui, act) {
	return ui.button(ui.__("Try again"), act.searchDocuments, { kind: "quiet" });
}

function result(ui, row, isBusy, act) {
	const { h, __ } = ui;
	const { typeLabel, statusBadge, documentName } = ui.views;
	const name = documentName(ui, row);
	const facts = [typeLabel(ui, row.type), ui.day(row.date), row.contact_name, row.reference].filter(Boolean);
	const label = row.pinned ? __("Unlink {0}", [name]) : __("Link {0}", [name]);
	return h(
		"li",
		{ key: row.id },
		h(
			"div",
			{ class: "who" },
			h("strong", { dir: "auto" }, ui.xeroLink(row.url, row.number || __("No number"))),
			h("span", { class: "sum" }, ui.money(row.total, row.currency)),
			statusBadge(ui, row),
			h("span", { class: "muted facts-of", dir: "auto" }, facts.join(" · ")),
		),
		ui.button(row.pinned ? __("Unlink") : __("Link"), () => act.toggleLink(row), { disabled: isBusy, "aria-label": label }),
	);
}

function reach({ h, __ }, { rows }) {
	if (rows.length < MOST_FOUND) return null;
	return h("span", { class: "muted" }, __("These are the newest {0}. Search to find others.", [rows.length]));
}
