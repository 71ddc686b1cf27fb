/** Search over customers and documents: leads to the page of a record, else to Xero. */

export function searchSection(ui, { search }, act) {
	const { h, __ } = ui;
	const submit = (event) => {
		event.preventDefault();
		act.search();
	};
	const clear = (event) => event.key === "Escape" && act.type("");
	const label = __("Search customers and documents");
	const props = { placeholder: __("Name, e-mail, or the start of a number or reference"), autocomplete: "off" };
	return h(
		"form",
		{ class: "finder", role: "search", key: "finder", on: { submit, keydown: clear } },
		ui.views.searchField(ui, "finder-text", label, search.text, act.type, props),
		h("p", { class: "unseen", role: "status" }, outcome(ui, search)),
		results(ui, search, act),
	);
}

/** For those who do not see the results appear. */
function outcome({ __ }, { phase, found }) {
	if (phase === "waiting") return __("Searching…");
	if (phase !== "done") return null;
	return __("Found: customers {0}, documents {1}", [found.customers.length, found.documents.length]);
}

function results(ui, { text, phase, found, error }, act) {
	const { h, __ } = ui;
	if (phase === "error") return ui.notice("warning", error, " ", ui.button(__("Try again"), act.search, { kind: "quiet" }));
	if (!found) return phase === "waiting" ? h("p", { class: "muted" }, __("Searching…")) : null;
	const { customers, documents } = found;
	if (!customers.length && !documents.length && phase === "done") {
		return h("p", { class: "muted" }, __("Nothing matches “{0}”.", [text.trim()]));
	}
	return h(
		"div",
		{ class: "found", "aria-busy": phase === "waiting" },
		group(ui, "customers", __("Customers"), customers.map((row) => customerRow(ui, row))),
		group(ui, "documents", __("Documents"), documents.map((row) => documentRow(ui, row))),
	);
}

function group({ h }, key, title, rows) {
	if (!rows.length) return null;
	return h("section", { key, "aria-labelledby": `found-${key}` }, h("h2", { id: `found-${key}` }, title), h("ul", { class: "contacts" }, rows));
}

/** To the record's page where there is one, else to Xero, with an arrow that tells so. */
function way(ui, { record, url }, label) {
	if (!record) return ui.xeroLink(url, label, { mark: true, dir: "auto", title: ui.__("Open in Xero") });
	return ui.h("a", { href: ui.recordPath(record), dir: "auto" }, label);
}

function customerRow(ui, row) {
	const { h, __ } = ui;
	const record = row.record && `${__(row.record.doctype)}: ${row.record.title}`;
	return h(
		"li",
		{ key: row.id },
		h("div", { class: "who" }, way(ui, row, row.name), h("span", { class: "muted", dir: "auto" }, [row.email, record].filter(Boolean).join(" · "))),
	);
}

function documentRow(ui, row) {
	const { h } = ui;
	const { documentName, statusBadge, typeLabel } = ui.views;
	const facts = [row.number && typeLabel(ui, row.type), row.contact_name, ui.day(row.date), row.reference].filter(Boolean);
	return h(
		"li",
		{ key: row.id },
		h(
			"div",
			{ class: "who" },
			way(ui, row, documentName(ui, row)),
			statusBadge(ui, row),
			h("span", { class: "muted", dir: "auto" }, facts.join(" · ")),
		),
		h("span", { class: "sum" }, ui.money(row.total, row.currency)),
	);
}
