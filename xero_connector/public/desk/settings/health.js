/** What is the matter with Xero, the gravest first; each with the place where it is dealt with. */

const { search: version } = new URL(import.meta.url);
const { age, button, connect, h } = await import(`./parts.js${version}`);

const PILL = { bad: "red", warning: "orange", info: "blue" };
const LEVEL = { bad: () => __("Problem"), warning: () => __("Warning"), info: () => __("To do") };
const SETTINGS = "/app/xero-settings";
const CONSENT = ["disconnected", "lapsing", "consent_lacks"];

export function health(page, { enabled, matters }) {
	if (!enabled || !matters.length) return h("div");
	return h(
		"section",
		{ class: "frappe-card p-3 mb-3", "data-health": matters.length, "aria-label": __("Health") },
		h("h5", { class: "mb-2" }, __("What needs you")),
		h("ul", { class: "list-unstyled mb-0" }, matters.map((matter) => row(page, matter))),
	);
}

function row(page, matter) {
	return h(
		"li",
		{ class: "d-sm-flex align-items-baseline py-1", "data-matter": matter.kind },
		h("span", { class: `indicator-pill flex-shrink-0 ${PILL[matter.level]} mr-2` }, LEVEL[matter.level]()),
		h(
			"span",
			{ class: "mr-2" },
			matter.title && [h("strong", null, matter.title), ": "],
			matter.text,
			matter.since && h("span", { class: "text-muted small" }, " ", age(matter.since)),
		),
		remedy(page, matter),
	);
}

function remedy(page, { kind, url, organisation, title }) {
	if (CONSENT.includes(kind)) return button(__("Reconnect"), "btn-default btn-xs flex-shrink-0", () => connect(page), "reconnect");
	if (kind === "map_broken") {
		return button(__("Map Taxes"), "btn-default btn-xs flex-shrink-0", () => page.open("taxes", organisation, title), "map-taxes");
	}
	if (kind === "matches_wait" && url !== SETTINGS) {
		return button(__("Review"), "btn-default btn-xs flex-shrink-0", () => page.open("matches", organisation), "review");
	}
	return url === SETTINGS ? null : h("a", { class: "btn btn-default btn-xs flex-shrink-0", href: url }, __("Show"));
}
