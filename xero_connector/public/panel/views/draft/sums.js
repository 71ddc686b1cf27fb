/** How much of the lines is billed (B16), and what Xero will make of it: the preview, to the cent (B2). */

export function draftSums(ui, form, disabled, act) {
	const { h } = ui;
	return h(
		"div",
		{ class: "sums wide" },
		h("div", { class: "choices-of" }, part(ui, form, disabled, act), questions(ui, form, disabled, act)),
		preview(ui, form, act),
	);
}

function part(ui, form, disabled, act) {
	const { h, __ } = ui;
	const { sale, choices } = form.prepared;
	const { kind } = form.values.part;
	if (choices.parts.length === 1) return null;
	const labels = {
		all: __("All of it"),
		percent: __("A percentage"),
		amount: __("An amount"),
		rest: __("What is left"),
	};
	const kinds = choices.parts.map((each) => [each, labels[each]]);
	const number = { disabled, inputmode: "decimal", autocomplete: "off", class: "number" };
	const value = (label) => ui.views.formField(ui, form, "part.value", label, act, { props: number });
	return h(
		"div",
		{ class: "part" },
		ui.views.formField(ui, form, "part.kind", __("Bill"), act, { options: kinds, props: { disabled } }),
		kind === "percent" && value(__("Percent")),
		kind === "amount" && value(__("Amount ({0})", [form.values.currency])),
		sale && h("p", { class: "muted wide" }, billed(ui, sale)),
	);
}

function billed(ui, { value, invoiced, drafted, left, currency }) {
	const { __ } = ui;
	const money = (amount) => ui.money(amount, currency);
	return [
		__("Invoiced {0} of {1}", [money(invoiced), money(value)]),
		!ui.isZero(drafted) && __("{0} in drafts", [money(drafted)]),
		!left.startsWith("-") && !ui.isZero(left) && __("{0} left", [money(left)]),
	]
		.filter(Boolean)
		.join(" · ");
}

/** What a person has to say yes to before it is sent. */
function questions(ui, { values, preview: { answer } }, disabled, act) {
	const { h } = ui;
	if (!answer?.questions.length) return null;
	const box = ({ code, message }) => {
		const tick = { change: (event) => act.confirmDraft(code, event.target.checked) };
		const props = { type: "checkbox", name: `confirmed.${code}`, checked: values.confirmed.includes(code), disabled, on: tick };
		return h("label", { key: code, class: "question" }, h("input", props), h("span", null, message));
	};
	return h("div", { class: "questions", role: "group", "aria-label": ui.__("To confirm") }, answer.questions.map(box));
}

function preview(ui, { values, prepared: { existing }, preview: { phase, answer, error } }, act) {
	const { h, __ } = ui;
	const retry = () => ui.button(__("Try again"), act.previewDraft, { kind: "quiet" });
	return h(
		"section",
		{ class: "preview", "aria-label": __("Preview"), "aria-busy": phase === "loading" },
		h("h3", null, __("Preview")),
		h("p", { class: "unseen", role: "status" }, phase === "loading" ? __("Loading") : ""),
		phase === "failed" && ui.notice("warning", error, " ", retry()),
		answer && values.part.kind !== "all" && partLines(ui, answer),
		answer && sums(ui, answer),
		answer && h("ul", { class: "muted" }, whatHappens(ui, answer, existing).map((sentence) => h("li", null, sentence))),
	);
}

function partLines(ui, { lines, currency }) {
	const { h } = ui;
	const line = ({ description, amount }) =>
		h("li", null, h("span", { dir: "auto" }, description), h("span", { class: "sum" }, ui.money(amount, currency)));
	return h("ul", { class: "part-lines" }, lines.map(line));
}

function sums(ui, { currency, discount, sub_total, taxes, total }) {
	const { h, __ } = ui;
	const row = (label, amount, name) => [h("dt", { class: name }, label), h("dd", { class: name }, ui.money(amount, currency))];
	return h(
		"dl",
		null,
		!ui.isZero(discount) && row(__("Discount included"), discount, "muted"),
		row(__("Sub total"), sub_total),
		taxes.map(({ label, amount }) => row(label, amount)),
		row(__("Total ({0})", [currency]), total, "total"),
	);
}

function whatHappens(ui, { contact, action, document_type, remarks }, existing) {
	const { __ } = ui;
	const customer =
		contact.action === "create" ? __("A new contact {0} will be created.", [contact.name]) : __("It goes to {0}.", [contact.name]);
	const making = document_type === "Credit Note" ? __("A new credit note will be made.") : __("A new invoice will be made.");
	const known = { type: document_type, number: existing?.number };
	const updating = __("{0} will be updated.", [ui.views.documentName(ui, known)]);
	return [action === "update" ? updating : making, customer, ...remarks];
}
