/** Contacts as CSV in Desk: an organisation's list to take away, and a list of clients to bring in, seen before. */

const { search: version } = new URL(import.meta.url);
const [{ deskHost, places }, { h, patch, safeUrl }, { openRun }, { titleOf }] = await Promise.all(
	["./host.js", "../panel/dom.js", "./run.js", "../run/offers.js"].map((path) => import(`${path}${version}`)),
);

const MODES = {
	new: () => __("New clients: a record for each that is not here yet"),
	update: () => __("Records that are here: change what the file says"),
};
const OUTCOMES = {
	would_create: { look: "blue", label: () => __("Would be created") },
	would_update: { look: "blue", label: () => __("Would be updated") },
	skipped: { look: "gray", label: () => __("Left out") },
	refused: { look: "red", label: () => __("Needs attention") },
};
/** Of the dialog, from top to bottom. */
const PARTS = ["choice", "file", "preview"];
const DONE = ["would_create", "would_update"];

/** On the list of Xero's contacts, for who sees the books: the dialog for the organisation that is chosen, or the one. */
export async function offerOnList(list) {
	if (!(await places()).books) return;
	const organisations = await frappe.db.get_list("Xero Organisation", { fields: ["name", "organisation_name"] });
	if (organisations.length) list.page.add_inner_button(__("Contacts as CSV"), () => openOne(organisations, () => list.refresh()));
}

function openOne(organisations, onClose) {
	const openIt = ({ name, organisation_name: title }) => open(name, title, onClose);
	if (organisations.length === 1) return openIt(organisations[0]);
	// Desk takes the labels of options for HTML
	const options = organisations.map(({ name, organisation_name: title }) => ({ value: name, label: frappe.utils.escape_html(title) }));
	const field = { fieldname: "organisation", fieldtype: "Select", label: __("Organisation"), reqd: 1, options };
	return frappe.prompt([field], ({ organisation }) => openIt(organisations.find(({ name }) => name === organisation)), __("Contacts as CSV"));
}

/** The dialog for one organisation; `onClose` when an import has been looked at. */
export function open(organisation, title, onClose = () => {}) {
	const host = deskHost();
	const state = { file: null, mode: "new", columns: null, preview: null, refusal: null, busy: false };
	const dialog = new frappe.ui.Dialog({
		title: frappe.utils.escape_html(__("Contacts as CSV: {0}", [title])),
		size: "extra-large",
		fields: PARTS.map((fieldname) => ({ fieldname, fieldtype: "HTML" })),
		primary_action_label: __("Import"),
		primary_action: start,
	});
	const [choice, file, preview] = PARTS.map((name) => dialog.get_field(name).$wrapper.get(0));

	const asked = () => ({ organisation, file: state.file, mode: state.mode, columns: state.columns });

	/** What a question brings, or why it is refused; meanwhile nothing can be pressed. */
	async function ask(question, change) {
		show({ busy: true, refusal: null });
		try {
			show({ ...change(await question()), busy: false });
		} catch (error) {
			show({ refusal: error.message, busy: false });
		}
	}

	const act = {
		take: () => ask(() => host.download("contacts.export_csv", { organisation }), () => ({})),
		choose: async (chosen) => {
			if (chosen) look({ file: await base64(chosen), columns: null });
		},
		mode: (mode) => look({ mode }),
		column: (number, field) => look({ columns: fieldsOf(state.preview).map((known, each) => (each === number ? field : known)) }),
	};

	function look(change) {
		show({ ...change, preview: change.file ? null : state.preview });
		if (state.file) ask(() => host.call("contacts.import_preview", asked()), (preview) => ({ preview }));
	}

	async function start() {
		if (!todo(state)) return;
		await ask(
			() => host.call("contacts.import_run", { ...asked(), columns: fieldsOf(state.preview) }),
			({ run, action }) => {
				dialog.hide();
				openRun(titleOf({ action }, host), { run }, onClose);
				return {};
			},
		);
	}

	function show(change) {
		Object.assign(state, change);
		patch(choice, h("div", null, choiceView(state, act)));
		patch(preview, h("div", null, previewView(state, act)));
		if (!state.busy && todo(state)) dialog.enable_primary_action();
		else dialog.disable_primary_action();
	}

	// made once: a browser forgets the file of an input that is drawn anew
	file.append(fileInput(act));
	show({});
	dialog.on_hide = () => dialog.$wrapper.remove();
	dialog.show();
}

/** The bytes of a file, as text that a request can hold. */
function base64(file) {
	return new Promise((resolve, reject) => {
		const reader = new FileReader();
		reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
		reader.onerror = () => reject(reader.error);
		reader.readAsDataURL(file);
	});
}

function fieldsOf(preview) {
	return preview.columns.map(({ field }) => field);
}

/** How many rows an import would do something with. */
function todo({ preview }) {
	return preview ? DONE.reduce((sum, outcome) => sum + (preview.counts[outcome] ?? 0), 0) : 0;
}

function choiceView(state, act) {
	return [
		h("h5", null, __("Export")),
		h("p", { class: "text-muted" }, __("All contacts of the organisation, with Xero's reference and the record that each is here.")),
		h("button", { type: "button", class: "btn btn-default btn-sm mb-4", disabled: state.busy, on: { click: act.take } }, __("Download")),
		h("h5", null, __("Import")),
		modes(state, act),
	];
}

function previewView(state, act) {
	return [
		state.refusal && h("p", { class: "text-danger", role: "alert", key: "refusal" }, state.refusal),
		state.preview && h("div", { key: "preview", "aria-busy": state.busy }, counts(state.preview), table(state, act)),
	];
}

function modes(state, act) {
	const offered = Object.entries(MODES).map(([mode, label]) =>
		h(
			"label",
			{ class: "d-block font-weight-normal" },
			h("input", {
				type: "radio",
				name: "xero-import-mode",
				class: "mr-2",
				checked: state.mode === mode,
				disabled: state.busy,
				on: { change: () => act.mode(mode) },
			}),
			label(),
		),
	);
	return h("div", { role: "radiogroup", "aria-label": __("What to import") }, offered);
}

function fileInput(act) {
	return h(
		"div",
		{ class: "mb-3" },
		h("input", {
			type: "file",
			accept: ".csv,text/csv",
			class: "form-control-file my-2",
			"aria-label": __("CSV file"),
			on: { change: (event) => act.choose(event.target.files[0]) },
		}),
		h(
			"p",
			{ class: "text-muted small" },
			__("Rows are matched by CRM ID, Xero Reference, name, and name with postcode. You see what would happen before anything does."),
		),
	);
}

function counts({ total, counts: numbers }) {
	const shown = Object.keys(OUTCOMES).filter((outcome) => numbers[outcome]);
	return h(
		"p",
		{ role: "status" },
		__("{0} rows", [total]),
		shown.map((outcome) => [" ", pill(outcome, ` ${numbers[outcome]}`)]),
	);
}

function pill(outcome, more) {
	const { look, label } = OUTCOMES[outcome];
	return h("span", { class: `indicator-pill ${look}` }, label(), more);
}

function table(state, act) {
	const { columns, choices, rows, total } = state.preview;
	return [
		h("h6", null, __("Columns")),
		h("div", { class: "row" }, columns.map((column, number) => columnChoice(state, column, number, choices, act))),
		h(
			"div",
			{ class: "table-responsive" },
			h(
				"table",
				{ class: "table table-sm" },
				h("thead", null, h("tr", null, [__("Line"), __("Name"), __("What would happen"), __("Record")].map((text) => h("th", { scope: "col" }, text)))),
				h("tbody", null, rows.map(line)),
			),
		),
		rows.length < total && h("p", { class: "text-muted small" }, __("{0} of {1} rows are shown.", [rows.length, total])),
	];
}

function columnChoice(state, { heading, field }, number, choices, act) {
	const options = [{ value: "", label: __("Leave out") }, ...choices];
	return h(
		"label",
		{ class: "col-sm-4 col-md-3 font-weight-normal small" },
		h("span", { class: "d-block text-truncate", title: heading }, heading || __("Column {0}", [number + 1])),
		h(
			"select",
			{ class: "custom-select custom-select-sm", value: field, disabled: state.busy, on: { change: (event) => act.column(number, event.target.value) } },
			options.map(({ value, label }) => h("option", { value, selected: value === field }, label)),
		),
	);
}

function line({ line: number, name, outcome, message, record, url }) {
	const link = record && safeUrl(url) ? h("a", { href: url, target: "_blank", rel: "noopener" }, record) : record;
	return h(
		"tr",
		null,
		h("td", null, String(number)),
		h("td", { dir: "auto" }, name),
		h("td", null, pill(outcome), message && h("div", { class: "small text-muted" }, message)),
		h("td", { dir: "auto" }, link),
	);
}
