/** What a run's answer means: pure functions over the shape of `tools.progress`. */

const GOING = ["Queued", "Running", "Stopping"];
const TRIED = ["would_create", "would_update"];

/** What became of a record, what needs somebody first. */
export const OUTCOMES = [
	...["refused", "differs", "waiting", "review", "skipped", "left_out", "created", "linked", "updated"],
	...["would_create", "would_link", "would_update", "agrees", "unchanged", "queued"],
];

export function isGoing(run) {
	return GOING.includes(run?.state);
}

/** A run that has come to a stand before its end can be gone on with. */
export function isResumable({ state }) {
	return state === "Stopped" || state === "Failed";
}

/** How many documents a dry run that is done has found to send. */
export function found({ state, dry_run: isDry, counts }) {
	return isDry && state === "Done" ? TRIED.reduce((sum, outcome) => sum + (counts[outcome] ?? 0), 0) : 0;
}

/** Whether a file of contacts had rows that nothing was done with: they can be had back, with the reasons. */
export function leftOut(run) {
	const { action, counts } = run;
	return action === "Import CSV" && !isGoing(run) && (counts.skipped ?? 0) + (counts.refused ?? 0) > 0;
}

/** In hundredths; a run without records is done when it says so. */
export function share({ done, total, state }) {
	if (total) return Math.min(100, Math.floor((100 * done) / total));
	return state === "Done" ? 100 : 0;
}
