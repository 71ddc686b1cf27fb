/** What is the matter with Xero and how many calls are left, for who can do something about it. */

export function healthSection(ui, { health }) {
	if (!health?.matters.length) return null;
	const { h, __ } = ui;
	return h(
		"section",
		{ class: "health", key: "health", "aria-labelledby": "health" },
		h("h2", { id: "health" }, __("What needs you")),
		h("ul", { class: "contacts" }, health.matters.map((matter) => row(ui, matter))),
	);
}

function row(ui, { kind, level, text, since, url }) {
	const { h, __ } = ui;
	const words = { bad: __("Problem"), warning: __("Warning"), info: __("To do") };
	return h(
		"li",
		{ key: kind },
		h(
			"div",
			{ class: "who" },
			ui.badge(level, words[level]),
			h("span", null, text),
			since && h("span", { class: "muted" }, __("since {0}", [ui.moment(since)])),
		),
		h("a", { class: "button plain", href: url, "aria-label": `${__("Show")}: ${text}` }, __("Show")),
	);
}

/** Xero lets an organisation be asked so often a day; below a tenth reading waits. */
export function callsNote(ui, { health }) {
	if (!health) return null;
	const { h, __ } = ui;
	const { day_left: left, day_limit: limit, paused_until: paused } = health.calls;
	const share = Math.min(100, Math.round((100 * left) / limit));
	const said = __("{0} of {1} calls left today", [left, limit]);
	const until = paused && __("Xero wants no calls until {0}", [ui.moment(paused)]);
	return h(
		"p",
		{ class: ["muted calls", share <= 10 && "bad"], key: "calls" },
		h("span", { class: "gauge", style: { "--share": `${share}%` }, "aria-hidden": "true" }),
		[said, until].filter(Boolean).join(" · "),
	);
}
