/**
 * A form that is filled in by the server, sent once and followed. What is special about a kind of form is in
 * `ui.views.<kind>Form`: {title, notices, fields, submit, sent, background}, each a function of (ui, form, …), and
 * the `size` of its dialog.
 */

export function formDialog(ui, { form, panel }, act) {
	const kind = ui.views[`${form.kind}Form`];
	const frame = { id: form.kind, title: kind.title(ui, form), close: act.closeForm, size: kind.size };
	return ui.views.dialogView(ui, frame, PHASES[form.phase](ui, kind, form, act, panel));
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

function background(ui, kind, form, act) {
	return [ui.h("div", { class: "content" }, ui.notice("info", kind.background(ui, form))), closing(ui, act)];
}

function closing(ui, act) {
	return ui.h("div", { class: "foot" }, ui.button(ui.__("Close"), act.closeForm, { "data-focus": true }));
}

function editing(ui, kind, form, act, panel) {
	const { h, __ } = ui;
	const isSending = form.phase === "sending";
	const submit = (event) => {
		event.preventDefault();
		act.sendForm();
		event.target.querySelector("[aria-invalid]")?.focus();
	};
	return h(
		"form",
		{ class: form.kind, novalidate: true, on: { submit }, "aria-busy": isSending || Boolean(form.changing) },
		h(
			"div",
			{ class: "content" },
			h("div", { class: "notices" }, form.message && ui.notice("bad", form.message), kind.notices(ui, form, act)),
			h("div", { class: "fields" }, kind.fields(ui, form, isSending, act, panel)),
		),
		h(
			"div",
			{ class: "foot" },
			isSending && h("span", { class: "muted", role: "status" }, form.outcome?.message ?? __("Sending…")),
			ui.button(__("Cancel"), act.closeForm, { disabled: isSending }),
			kind.submit(ui, form, isSending, act),
		),
	);
}

/**
 * A field of the form's values by its path; `props` are the control's, `more` those of `ui.field`. With `options`
 * ([[value, label]]) it is a choice; a value that is not among them is shown as it is.
 */
export function formField(ui, form, path, label, act, { tag = "input", options, props, ...more } = {}) {
	const typed = { input: (event) => act.editForm({ [path]: event.target.value }) };
	const value = ui.valueAt(form.values, path) ?? "";
	// what was refused gets the focus; what a preview tells must not take it from who is typing
	const focus = { "data-focus": path in form.errors };
	const control = { name: path, value, on: typed, ...focus, ...props };
	const shown = options ? choice(ui, options, control) : ui.h(tag, control);
	return ui.field(`${form.kind}-${path}`, label, shown, { error: form.errors[path] ?? form.problems[path], ...more });
}

function choice({ h }, options, control) {
	const { value } = control;
	const all = options.some(([known]) => known === value) ? options : [[value, value], ...options];
	return h("select", control, all.map(([known, text]) => h("option", { value: known }, text)));
}
