/** Map Taxes: each tax rate of this site beside the one of Xero's that it is, decided by a manager. */

const { search: version } = new URL(import.meta.url);
const [{ deskHost }, { h, patch }] = await Promise.all(
	["./host.js", "../panel/dom.js"].map((path) => import(`${path}${version}`)),
);

const KINDS = {
	"Item Tax Template": () => __("Item Tax Template"),
	"Sales Taxes and Charges Template": () => __("Sales Taxes and Charges Template"),
	"Xero Own Rate": () => __("Own rate"),
};
const STATES = {
	mapped: { look: "green", label: () => __("Mapped") },
	suggested: { look: "blue", label: () => __("Suggested") },
	none: { look: "gray", label: () => __("Not mapped") },
	broken: { look: "red", label: () => __("Does not hold") },
};
const TROUBLES = {
	Changed: ({ mapped_rate: ours, xero_rate: theirs }) =>
		__("When it was mapped it was {0} % here and {1} % in Xero.", [ours, theirs]),
	Gone: () => __("Xero has archived this tax rate, or no longer has it."),
	Unfit: () => __("Xero no longer allows this tax rate on sales."),
};

/** The dialog for one organisation; `onSaved` when the map was kept. */
export async function open(organisation, title, onSaved = () => {}) {
	const { call } = deskHost();
	const state = { ...(await call("taxes.suggest", { organisation })), refusal: null };
	const dialog = new frappe.ui.Dialog({
		title: frappe.utils.escape_html(__("Map Taxes: {0}", [title])),
		size: "extra-large",
		fields: [{ fieldname: "map", fieldtype: "HTML" }],
		primary_action_label: __("Save"),
		primary_action: save,
	});
	const root = dialog.get_field("map").$wrapper.get(0);
	const paint = () => patch(root, h("div", null, view(state, change)));

	function change(row, values) {
		Object.assign(row, values);
		state.refusal = null;
		paint();
	}

	async function save() {
		dialog.disable_primary_action();
		try {
			Object.assign(state, await call("taxes.save_map", { organisation, rows: state.rows.map(choice) }), { refusal: null });
			tell(dialog, state.rows);
			onSaved();
		} catch (error) {
			state.refusal = { message: error.message, row: rowOf(error.field) };
		} finally {
			dialog.enable_primary_action();
			paint();
		}
	}

	paint();
	dialog.on_hide = () => dialog.$wrapper.remove();
	dialog.show();
}

/** What does not hold keeps the dialog open: it is what somebody came for. */
function tell(dialog, rows) {
	const broken = rows.filter((row) => row.trouble).length;
	const mapped = rows.filter((row) => row.state === "mapped").length - broken;
	const left = broken ? __("{0} still do not hold.", [broken]) : "";
	const message = [__("{0} mapped.", [mapped]), left].filter(Boolean).join(" ");
	frappe.show_alert({ message, indicator: broken ? "orange" : "green" });
	if (!broken) dialog.hide();
}

function choice({ our_doctype, our_name, tax_type, reason }) {
	return { our_doctype, our_name, tax_type, reason };
}

/** Of "rows.3.reason" 3; null where it is about none of them. */
function rowOf(field) {
	const [, number] = /^rows\.(\d+)\./.exec(field ?? "") ?? [];
	return number === undefined ? null : Number(number);
}

function view(state, change) {
	if (!state.rows.length) return [nothing()];
	return [
		h(
			"p",
			{ class: "text-muted" },
			__("Equal rates belong together. What is suggested is mapped when you save."),
		),
		state.refusal?.row === null && alert(state.refusal.message),
		h(
			"div",
			{ class: "table-responsive" },
			h(
				"table",
				{ class: "table table-sm" },
				h("thead", null, h("tr", null, [__("Rate here"), __("Tax rate in Xero"), __("State")].map((text) => h("th", { scope: "col" }, text)))),
				h("tbody", null, state.rows.map((row, number) => line(state, row, number, change))),
			),
		),
	];
}

function nothing() {
	const text = __("There are no tax rates here yet: neither templates of ERPNext nor own tax rates in Xero Settings.");
	return h("p", { class: "text-muted" }, text);
}

function line(state, row, number, change) {
	const refusal = state.refusal?.row === number ? state.refusal.message : null;
	return h(
		"tr",
		{ "data-rate": row.our_name },
		h(
			"td",
			null,
			h("div", null, h("strong", null, row.title), " ", percent(row.our_rate)),
			h("div", { class: "text-muted small" }, KINDS[row.our_doctype]?.() ?? row.our_doctype),
		),
		h("td", null, rates(state, row, change), differs(state, row) && reason(state, row, change), refusal && alert(refusal)),
		h("td", null, standing(row)),
	);
}

function rates({ rates: known }, row, change) {
	const isGone = row.tax_type && !known.some((rate) => rate.value === row.tax_type);
	const options = [
		{ value: "", label: __("Not mapped") },
		...(isGone ? [{ value: row.tax_type, label: __("{0} (no longer in use)", [row.tax_type]) }] : []),
		...known.map(({ value, label, rate }) => ({ value, label: `${label} · ${percent(rate)}` })),
	];
	return h(
		"select",
		{
			class: "custom-select",
			"aria-label": __("Tax rate in Xero for {0}", [row.title]),
			value: row.tax_type,
			on: { change: (event) => change(row, { tax_type: event.target.value, reason: "" }) },
		},
		options.map(({ value, label }) => h("option", { value, selected: value === row.tax_type }, label)),
	);
}

/** Whether the chosen rate is another than the one here; one that is not there any more cannot be compared. */
function differs({ rates: known }, row) {
	const theirs = known.find((rate) => rate.value === row.tax_type);
	return Boolean(theirs) && theirs.rate !== row.our_rate;
}

function reason({ may_override: mayOverride }, row, change) {
	if (!mayOverride && !row.reason) {
		return h("p", { class: "text-danger small mt-1 mb-0" }, __("These rates differ: only a Xero Manager can map them."));
	}
	return h("input", {
		class: "form-control mt-1",
		type: "text",
		maxlength: 500,
		readonly: !mayOverride,
		"aria-label": __("Why {0} belongs to a rate that differs", [row.title]),
		placeholder: __("These rates differ. Why do they belong together?"),
		value: row.reason,
		on: { input: (event) => change(row, { reason: event.target.value }) },
	});
}

function standing(row) {
	const { look, label } = STATES[row.trouble ? "broken" : row.state];
	return [
		h("span", { class: `indicator-pill ${look}` }, label()),
		row.trouble && h("div", { class: "text-danger small mt-1" }, TROUBLES[row.trouble](row)),
	];
}

function percent(rate) {
	return __("{0} %", [rate]);
}

function alert(text) {
	return h("p", { class: "text-danger small mt-1 mb-0", role: "alert" }, text);
}
