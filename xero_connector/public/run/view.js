/**
 * A run as people see it: how far it is, how many records came out how, and each record with its outcome. `ui.run` is
 * `state.js`.
 */


export function runView(ui, state, act) {
	const { h } = ui;
	const isWaiting = state.busy || ui.run.isGoing(state.run);
	return h(
		"div",
		{ class: "root" },
		h("section", { class: "run", tabindex: "-1", "aria-busy": isWaiting, "aria-label": "Xero" }, content(ui, state, act)),
	);
}

function content(ui, state, act) {
	const { run, error } = state;
	if (!run) return error ? problem(ui, state, act) : ui.empty(null, ui.__("Starting…"));
	return [progress(ui, run), error && problem(ui, state, act), said(ui, run), counts(ui, run), buttons(ui, state, act), table(ui, run)];
}

/** While a run goes on, the next look comes by itself. */
function problem(ui, { run, error, busy }, act) {
	const comesBack = ui.run.isGoing(run) && !error.isFinal;
	const again = !comesBack && ui.button(ui.__("Try again"), act.again, { kind: "quiet", disabled: busy });
	return ui.notice("warning", error.message, " ", again);
}

function progress(ui, run) {
	const { h, __ } = ui;
	const done = ui.run.share(run);
	const sentence = howFar(ui, run);
	const bar = { role: "progressbar", "aria-label": __("Progress"), "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": done };
	return h(
		"div",
		{ class: "course" },
		h("p", null, h("strong", { role: "status" }, sentence), h("span", { class: "muted" }, __("{0} of {1}", [run.done, run.total]))),
		h("div", { ...bar, class: ["gauge", run.state === "Failed" && "bad"] }, h("div", { style: { "--share": `${done}%` } })),
		ui.run.isGoing(run) && h("p", { class: "muted" }, __("You can close this or work on: it goes on by itself.")),
	);
}

export function howFar({ __ }, { state, dry_run: isDry, total }) {
	if (state === "Done" && !total) return __("There was nothing to do.");
	const sentences = {
		Queued: __("Waiting to begin"),
		Running: isDry ? __("Trying, without sending anything") : __("Working"),
		Stopping: __("Stopping after the current step"),
		Stopped: __("Stopped"),
		Done: isDry ? __("Tried: nothing was sent") : __("Done"),
		Failed: __("Broken off"),
	};
	return sentences[state] ?? state;
}

function said(ui, { message, state }) {
	return message ? ui.notice(state === "Failed" ? "bad" : "info", message) : null;
}

function counts(ui, { counts: numbers }) {
	const { h, __ } = ui;
	const shown = ui.run.OUTCOMES.filter((outcome) => numbers[outcome]);
	if (!shown.length) return null;
	const one = (outcome) => h("li", { key: outcome }, badge(ui, outcome, ` ${numbers[outcome]}`));
	return h("ul", { class: "counts", "aria-label": __("Results") }, shown.map(one));
}

function badge(ui, outcome, more) {
	const [tone, label] = look(ui, outcome);
	return ui.badge(tone, more ? [label, more] : label);
}

function look({ __ }, outcome) {
	const looks = {
		would_create: ["info", __("Would be created")],
		would_update: ["info", __("Would be updated")],
		would_link: ["info", __("Would be linked")],
		linked: ["good", __("Linked")],
		review: ["warning", __("To be reviewed")],
		left_out: ["neutral", __("Left out")],
		created: ["good", __("Created")],
		updated: ["good", __("Updated")],
		unchanged: ["neutral", __("Unchanged")],
		agrees: ["good", __("Agrees")],
		differs: ["warning", __("Differs")],
		waiting: ["warning", __("Will be tried again")],
		refused: ["bad", __("Needs attention")],
		skipped: ["neutral", __("Skipped")],
		queued: ["neutral", __("Queued")],
	};
	return looks[outcome] ?? ["neutral", outcome];
}

function buttons(ui, { run, busy, canSend }, act) {
	const { h, __ } = ui;
	const offered = [
		ui.run.isGoing(run) && ui.button(__("Stop"), act.stop, { disabled: busy || run.state === "Stopping" }),
		ui.run.isResumable(run) && ui.button(__("Resume"), act.resume, { disabled: busy }),
		canSend && ui.run.found(run) > 0 && ui.button(__("Send these"), act.send, { kind: "primary", disabled: busy }),
		ui.run.leftOut(run) && ui.button(__("Download the rows left out"), act.takeLeftOut, { disabled: busy }),
	].filter(Boolean);
	return offered.length ? h("div", { class: "actions" }, offered) : null;
}

/** The roles are spelled out because narrow places lay the table out as cards. */
function table(ui, { rows, done }) {
	const { h, __ } = ui;
	if (!rows.length) return null;
	const columns = [
		["record", __("Record")],
		["outcome", __("Result")],
		["message", __("Message")],
		["number", __("In Xero")],
	];
	const heads = columns.map(([name, label]) => h("th", { role: "columnheader", scope: "col", class: name }, label));
	return [
		h(
			"table",
			{ class: "results", role: "table" },
			h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, heads)),
			h("tbody", { role: "rowgroup" }, rows.map((row) => result(ui, row))),
		),
		rows.length < done && h("p", { class: "muted" }, __("{0} of {1} records are shown.", [rows.length, done])),
	];
}

function result(ui, row) {
	const { h, __ } = ui;
	const cell = (name, ...children) => h("td", { role: "cell", class: name }, children);
	// deals are called by their customer, who may have several
	const which = row.title && row.title !== row.name ? row.name : null;
	return h(
		"tr",
		{ role: "row", key: `${row.doctype} ${row.name}` },
		cell(
			"record",
			ui.xeroLink(row.url, row.title || row.name, { dir: "auto", title: __("Open in a new tab") }),
			which && h("span", { class: "muted", dir: "auto" }, which),
		),
		cell("outcome", badge(ui, row.outcome)),
		cell("message", row.message && h("span", { dir: "auto" }, row.message)),
		cell("number", row.number && ui.xeroLink(row.xero_url, row.number, { mark: true, dir: "auto", title: __("Open in Xero") })),
	);
}
