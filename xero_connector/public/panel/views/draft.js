/** The form of a draft invoice: filled in by the server, every field open to change, sent once. */

export function draftDialog(ui, state, act) {
	const { h, __ } = ui;
	const { draft } = state;
	const cancel = (event) => {
		event.preventDefault();
		act.closeDraft();
	};
	return h(
		"dialog",
		{ class: "dialog", "aria-labelledby": "draft-title", on: { cancel } },
		h(
			"header",
			null,
			h("h2", { id: "draft-title" }, __("New draft invoice")),
			ui.iconButton("close", __("Close"), act.closeDraft),
		),
		PHASES[draft.phase](ui, draft, act),
	);
}

const PHASES = { preparing, failed, editing: form, sending: form, sent, background };

function preparing({ h, __ }) {
	const bones = ["row", "row", "row"].map((name) => h("div", { class: ["bone", name] }));
	return h("div", { class: "content skeleton", role: "status" }, h("span", { class: "unseen" }, __("Loading")), bones);
}

function failed(ui, { message }, act) {
	return [ui.h("div", { class: "content" }, ui.notice("bad", message)), closing(ui, act)];
}

function sent(ui, { outcome }, act) {
	const { h, __ } = ui;
	const { number, url } = outcome.document ?? {};
	const sentence = number ? __("Draft invoice {0} is in Xero.", [number]) : __("The draft invoice is in Xero.");
	const open = url && ui.xeroLink(url, __("Open in Xero"), { mark: true });
	const done = h("div", { class: "done", role: "status" }, ui.icon("check"), h("p", null, sentence), open);
	return [h("div", { class: "content" }, done), closing(ui, act)];
}

function background(ui, _draft, act) {
	const sentence = ui.__("Sending takes longer than usual and goes on in the background. The invoice appears in the list when Xero has it.");
	return [ui.h("div", { class: "content" }, ui.notice("info", sentence)), closing(ui, act)];
}

function closing(ui, act) {
	return ui.h("footer", null, ui.button(ui.__("Close"), act.closeDraft, { "data-focus": true }));
}

function form(ui, draft, act) {
	const { h, __ } = ui;
	const isSending = draft.phase === "sending";
	const submit = (event) => {
		event.preventDefault();
		act.sendDraft();
		event.target.querySelector("[aria-invalid]")?.focus();
	};
	return h(
		"form",
		{ class: "draft", novalidate: true, on: { submit }, "aria-busy": isSending },
		h("div", { class: "content" }, notices(ui, draft), h("div", { class: "fields" }, fields(ui, draft, isSending, act))),
		h(
			"footer",
			null,
			isSending && h("span", { class: "muted", role: "status" }, draft.outcome?.message ?? __("Sending…")),
			ui.button(__("Cancel"), act.closeDraft, { disabled: isSending }),
			sendButton(ui, draft, isSending),
		),
	);
}

/** The server makes one invoice of a record, however often it is asked. */
function sendButton({ h, __ }, { prepared }, isSending) {
	const disabled = isSending || prepared.existing !== null;
	return h("button", { class: "button primary", disabled }, isSending ? __("Sending…") : __("Send to Xero"));
}

function notices(ui, { prepared, message }) {
	const { __ } = ui;
	const { existing, problems } = prepared;
	const link = existing && ui.xeroLink(existing.url, existing.number || __("an invoice"));
	return [
		message && ui.notice("bad", message),
		problems.map((problem) => ui.notice("warning", problem)),
		existing && ui.notice("info", __("The invoice of this record is already in Xero:"), " ", link, ` (${existing.status})`),
	];
}

function fields(ui, draft, disabled, act) {
	const { h, __ } = ui;
	const { values, errors, prepared } = draft;
	const text = (name, props, tag = "input") =>
		h(tag, {
			name,
			disabled,
			value: values[name] ?? "",
			on: { input: (event) => act.editDraft(name, event.target.value) },
			...props,
		});
	const place = (name, label, control, more) => ui.field(`draft-${name}`, label, control, { error: errors[name], ...more });
	const day = { type: "date", required: true };
	return [
		prepared.organisations.length > 1 && organisation(ui, draft, disabled, act),
		contact(ui, draft, disabled, act),
		place("date", __("Date"), text("date", day)),
		place("due_date", __("Due date"), text("due_date", day)),
		place("reference", __("Reference"), text("reference", { maxlength: "255" }), { wide: true }),
		place("description", __("Description"), text("description", { rows: "3", maxlength: "4000" }, "textarea"), { wide: true }),
		place("amount", __("Amount ({0})", [values.currency]), text("amount", { inputmode: "decimal", class: "amount" }), {
			hint: values.account && __("Account {0}", [values.account]),
		}),
	];
}

function organisation(ui, { values, prepared }, disabled, act) {
	const { h, __ } = ui;
	const option = ({ name, title }) => h("option", { value: name }, title);
	const choose = { change: (event) => act.chooseDraftOrganisation(event.target.value) };
	const select = h("select", { disabled, value: values.organisation, on: choose }, prepared.organisations.map(option));
	return ui.field("draft-organisation", __("Xero organisation"), select, { wide: true });
}

/** The browser's own suggestions: contacts of Xero while a name is typed. */
function contact(ui, { values, errors, contacts }, disabled, act) {
	const { h, __ } = ui;
	const input = h("input", {
		name: "contact_name",
		disabled,
		"data-focus": true,
		list: "draft-contacts",
		autocomplete: "off",
		maxlength: "255",
		value: values.contact_name ?? "",
		on: { input: (event) => act.nameContact(event.target.value) },
	});
	const hint = values.contact_id
		? __("A contact that is in Xero.")
		: __("The Xero contact of this name is used; if there is none, it is created.");
	const option = ({ name, email }) => h("option", { value: name, label: email });
	return [
		ui.field("draft-contact_name", __("Xero contact"), input, { error: errors.contact_name, hint, wide: true }),
		h("datalist", { id: "draft-contacts" }, contacts.map(option)),
	];
}
