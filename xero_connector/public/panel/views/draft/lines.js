/** The lines of a draft: a table whose rows are cards where it is narrow, which is why its roles are spelled out. */

export function draftLines(ui, form, disabled, act) {
	const { h, __ } = ui;
	const columns = columnsOf(ui, form);
	const row = (_line, index) => lineRow(ui, form, columns, index, disabled, act);
	const heads = [...columns, { name: "amount", label: __("Amount") }].map(({ name, label }) =>
		h("th", { role: "columnheader", scope: "col", class: name }, label),
	);
	const last = h("th", { role: "columnheader", scope: "col", class: "remove" }, h("span", { class: "unseen" }, __("Remove")));
	return h(
		"div",
		{ class: "lines wide" },
		h(
			"table",
			{ role: "table", "aria-label": __("Lines") },
			h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, heads, last)),
			h("tbody", { role: "rowgroup" }, form.values.lines.map(row)),
		),
		items(ui, form.prepared.choices),
		problem(ui, form, "lines"),
		ui.button(__("Add a line"), act.addLine, { icon: "plus", disabled }),
	);
}

/** Credit notes have net prices (R93); an amount of discount stands only where the record has one. */
function columnsOf(ui, { prepared, values }) {
	const { __ } = ui;
	const { document_type, choices, record_lines } = prepared;
	const number = { inputmode: "decimal", autocomplete: "off", class: "number" };
	const known = [...prepared.values.lines, ...(record_lines ?? []), ...values.lines];
	const isDiscounted = document_type !== "Credit Note";
	const hasAmounts = isDiscounted && known.some((line) => line.discount_amount);
	const accounts = choices.accounts.map(({ value, label }) => [value, label]);
	const taxes = choices.tax_rates.map(({ value, label }) => [value, label]);
	const none = [["", __("None")]];
	return [
		{ name: "item_code", label: __("Item"), props: { list: "draft-items", autocomplete: "off", maxlength: "30" } },
		{ name: "description", label: __("Description"), tag: "textarea", props: { rows: "1", maxlength: "4000", dir: "auto" } },
		{ name: "quantity", label: __("Quantity"), props: number },
		{ name: "unit_amount", label: __("Price"), props: number },
		isDiscounted && { name: "discount_rate", label: __("Discount %"), props: number },
		hasAmounts && { name: "discount_amount", label: __("Discount amount"), props: number },
		{ name: "account_code", label: __("Account"), options: [...none, ...accounts] },
		values.line_amount_types !== "NoTax" && { name: "tax_type", label: __("Tax rate"), options: [...none, ...taxes] },
	].filter(Boolean);
}

function lineRow(ui, form, columns, index, disabled, act) {
	const { h, __ } = ui;
	const cell = (name, ...children) => h("td", { role: "cell", class: name }, children);
	const handlers = {
		item_code: { change: () => act.fillFromItem(index) },
		account_code: { input: (event) => act.chooseAccount(index, event.target.value) },
	};
	const field = ({ name, label, props, ...how }) => {
		const path = `lines.${index}.${name}`;
		const typed = { input: (event) => act.editForm({ [path]: event.target.value }) };
		const on = { ...typed, ...handlers[name] };
		const named = { "aria-label": __("{0} of line {1}", [label, index + 1]) };
		// a line that is added gets the focus
		const focus = name === "item_code" && { "data-focus": true };
		return cell(name, ui.views.formField(ui, form, path, label, act, { props: { disabled, ...props, ...named, ...focus, on }, ...how }));
	};
	const remove = ui.iconButton("close", __("Remove line {0}", [index + 1]), () => act.removeLine(index), { disabled });
	return h(
		"tr",
		{ role: "row" },
		columns.map(field),
		cell("amount", h("span", { class: "cell-label" }, __("Amount")), h("span", null, amountOf(ui, form, index))),
		cell("remove", remove),
	);
}

/** As the preview has it; a part of the lines has lines of its own. */
function amountOf(ui, { values, preview: { answer } }, index) {
	const isWhole = values.part.kind === "all" && answer?.lines.length === values.lines.length;
	return isWhole ? ui.money(answer.lines[index].amount, answer.currency) : "";
}

function items({ h }, { items: known }) {
	return h("datalist", { id: "draft-items" }, known.map(({ value, label }) => h("option", { value, label })));
}

function problem({ h }, { errors, problems }, path) {
	const sentence = errors[path] ?? problems[path];
	return sentence ? h("p", { class: "error", key: "problem", role: "alert" }, sentence) : null;
}
