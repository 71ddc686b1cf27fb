/**
 * A form that is filled in by the server, sent once and followed. What is special about a kind of form is in
 * `ui.views.<kind>Form`: {title, notices, fields, submit, sent, background}, each a function of (ui, form, …).
 */

export function formDialog(ui, { form }, act) {
	const kind = ui.views[`${form.kind}Form`];
	const frame = { id: form.kind, title: kind.title(ui), close: act.closeForm };
	return ui.views.dialogView(ui, frame, PHASES[form.phase](ui, kind, form, act));
}

const PHASES = { preparing, failed, editing, sending: editing, sent, background };

function preparing({ h, __ }) {
	const bones = ["row", "row", "row"].map((name) => h("div", { class: ["bone", name] }));
	return h("div", { class: "content skeleton", role: "status" }, h("span", { class: "unseen" }, __("Loading")), bones);
}

function failed(ui, _kind, { message }, act) {
	return [ui.h("div", { class: "content" }, ui.notice("bad", message)), closing(ui, act)];
}

function sent(ui, kind, form, act) {
	const { h } = ui;
	const done = h("div", { class: "done", role: "status" }, ui.icon("check"), kind.sent(ui, form));
	return [h("div", { class: "content" }, done), closing(ui, act)];
}

function background(ui, kind, _form, act) {
	return [ui.h("div", { class: "content" }, ui.notice("info", kind.background(ui))), closing(ui, act)];
}

function closing(ui, act) {
	return ui.h("div", { class: "foot" }, ui.button(ui.__("Close"), act.closeForm, { "data-focus": true }));
}

function editing(ui, kind, form, act) {
	const { h, __ } = ui;
	const isSending = form.phase === "sending";
	const submit = (event) => {
		event.preventDefault();
		act.sendForm();
		event.target.querySelector("[aria-invalid]")?.focus();
	};
	return h(
		"form",
		{ class: form.kind, novalidate: true, on: { submit }, "aria-busy": isSending },
		h(
			"div",
			{ class: "content" },
			form.message && ui.notice("bad", form.message),
			kind.notices(ui, form, act),
			h("div", { class: "fields" }, kind.fields(ui, form, isSending, act)),
		),
		h(
			"div",
			{ class: "foot" },
			isSending && h("span", { class: "muted", role: "status" }, form.outcome?.message ?? __("Sending…")),
			ui.button(__("Cancel"), act.closeForm, { disabled: isSending }),
			kind.submit(ui, form, isSending),
		),
	);
}

/** A field of the form's values; `props` are the control's, `more` those of `ui.field`. */
export function formField(ui, form, name, label, act, { tag = "input", props, ...more } = {}) {
	const typed = { input: (event) => act.editForm({ [name]: event.target.value }) };
	const control = ui.h(tag, { name, value: form.values[name] ?? "", on: typed, ...props });
	return ui.field(`${form.kind}-${name}`, label, control, { error: form.errors[name], ...more });
}
