/** How many calls to Xero an organisation has left, today and this minute. */

const { bar, h } = await import(`./parts.js${new URL(import.meta.url).search}`);

const LOW = 10; // percent of the day, below which reading waits

export function meter({ day_left: left, day_limit: limit, paused_until: paused }) {
	const share = Math.min(100, Math.round((100 * left) / limit));
	const said = __("{0} of {1} calls left today", [left, limit]);
	const until = paused && __("Xero wants no calls until {0}", [clock(paused)]);
	return h(
		"div",
		{ class: "mt-2", "data-meter": share <= LOW ? "low" : "enough" },
		h("div", { class: ["small", share <= LOW ? "text-danger" : "text-muted"] }, [said, until].filter(Boolean).join(" · ")),
		bar(share, said),
	);
}

function clock(iso) {
	return new Date(iso).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}
