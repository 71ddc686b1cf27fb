/** What stands above the fields of a draft: what is in Xero already, and what is wrong as a whole. */

export function draftNotices(ui, form, act) {
	const { prepared } = form;
	return [
		prepared.problems.map((problem) => ui.notice("warning", problem)),
		unplaced(ui, form),
		prepared.mode === "closed" && ui.notice("info", prepared.reason, links(ui, prepared.existing)),
		prepared.mode === "update" && updating(ui, form, act),
		changedRecord(ui, form, act),
		others(ui, prepared),
	];
}

/** Problems that the preview names without a field that the form has. */
function unplaced(ui, { values, preview: { answer } }) {
	const problems = answer?.problems.filter(({ field }) => ui.valueAt(values, field) === undefined) ?? [];
	return problems.map(({ message }) => ui.notice("bad", message));
}

function updating(ui, form, act) {
	const { __ } = ui;
	const { existing, document_type, next_sequence } = form.prepared;
	const label = document_type === "Credit Note" ? __("Another credit note") : __("Another invoice");
	const busy = form.phase === "sending" || form.changing !== null;
	const another = next_sequence && ui.button(label, act.startAnotherDraft, { kind: "quiet", disabled: busy });
	return ui.notice("info", __("What was sent from this record is updated in Xero:"), links(ui, existing), ". ", another);
}

function changedRecord(ui, form, act) {
	const { __ } = ui;
	if (!form.prepared.record_lines) return null;
	const take = ui.button(__("Take over the record's lines"), act.takeRecordLines, {
		kind: "quiet",
		disabled: form.phase === "sending",
	});
	return ui.notice("info", __("The record has other lines now than those that were sent."), " ", take);
}

function others(ui, { others: made, existing }) {
	const { h, __ } = ui;
	const further = made.filter(({ id }) => id !== existing?.id);
	if (!further.length) return null;
	const items = further.map((document) => h("li", { key: document.id }, links(ui, document)));
	return h("div", { class: "muted made" }, __("Also made from this record:"), h("ul", null, items));
}

function links(ui, document) {
	if (!document) return null;
	const { number, total, currency } = document;
	const name = ui.xeroLink(document.url, number || ui.__("an invoice"), { mark: true });
	return [" ", name, " ", ui.views.statusBadge(ui, { payments: [], ...document }), total && ` ${ui.money(total, currency)}`];
}
