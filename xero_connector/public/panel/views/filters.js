/** Controls that narrow down a list, drawn alike wherever there is one. */

/** Two or three choices side by side; one of them applies. */
export function segments({ h }, label, options, chosen, onChoose) {
	const segment = ({ id, label: text }) => {
		const isOn = id === chosen;
		const choose = { click: () => !isOn && onChoose(id) };
		return h("button", { type: "button", key: id, "aria-pressed": isOn, on: choose }, text);
	};
	return h("div", { class: "segments", role: "group", "aria-label": label }, options.map(segment));
}

export function kinds(ui, chosen, onChoose) {
	const { __ } = ui;
	const options = [
		{ id: "invoice", label: __("Invoices") },
		{ id: "bill", label: __("Bills") },
	];
	return segments(ui, __("Kind of document"), options, chosen, onChoose);
}

export function searchField(ui, key, label, value, onInput, props) {
	const { h } = ui;
	const typed = { input: (event) => onInput(event.target.value) };
	const input = { type: "search", key, "aria-label": label, placeholder: label, value, on: typed, ...props };
	return h("div", { class: "search" }, ui.icon("search"), h("input", input));
}

/**
 * A range of days that waits for Apply. `edited` is what the fields say, `applied` what the list is filtered by;
 * with `clear` a range that applies can be taken back.
 */
export function dateRange(ui, edited, applied, { edit, apply, clear }) {
	const { h, __ } = ui;
	const isApplied = edited.from_date === applied.from_date && edited.to_date === applied.to_date;
	const isFiltered = applied.from_date || applied.to_date;
	const day = (name, label) => {
		const typed = { input: (event) => edit({ [name]: event.target.value }) };
		return h("label", null, h("span", null, label), h("input", { type: "date", value: edited[name], on: typed }));
	};
	const submit = (event) => {
		event.preventDefault();
		apply();
	};
	return h(
		"form",
		{ class: "dates", on: { submit } },
		day("from_date", __("From")),
		day("to_date", __("To")),
		h("button", { class: "button plain", disabled: isApplied }, __("Apply")),
		isFiltered && clear && ui.button(__("Clear"), clear, { kind: "quiet" }),
	);
}
