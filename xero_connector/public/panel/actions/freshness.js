/**
 * Keeping an open panel fresh: by the site's events, without them by a cheap look at the version of what is shown,
 * and by asking the site to read Xero now.
 */

const TICK = 10_000; // milliseconds
const LOOK_PAUSE = 60_000;
const POLLS = 15;
const POLL_PAUSE = 2000;

export function freshnessActions(core, act) {
	const { host, api, get, dispatch } = core;
	let looked = Date.now();

	function age() {
		const { version, organisation } = get().panel ?? {};
		return { version, as_of: organisation?.as_of, problem: organisation?.problem };
	}

	/** Asks how fresh the site's figures are: new ones are loaded, and of the same ones the age is shown. */
	async function compare() {
		looked = Date.now();
		const { target } = get().requests;
		const answer = await api.version(core.where());
		if (target !== get().requests.target) return;
		if (answer.version === get().panel?.version) dispatch({ type: "freshness_answered", ...answer });
		else await act.reload();
	}

	/** Until the reading has ended, well or badly. */
	async function pollUntilRead() {
		const before = age();
		for (let poll = 0; poll < POLLS; poll++) {
			if (!(await core.wait(POLL_PAUSE))) return;
			await compare();
			const now = age();
			const isNew = now.version !== before.version || now.as_of !== before.as_of;
			if (isNew || (now.problem && now.problem !== before.problem)) return;
		}
		// a problem that was there before stands above the figures
		if (before.problem) return;
		host.toast(host.t("Xero is still being read. New figures appear here by themselves."), "info");
	}

	/** `contacts` null: any contact of the organisation may have changed. */
	function concerns({ organisation, contacts } = {}) {
		const { panel } = get();
		const shown = panel?.organisation?.name;
		if (shown === undefined) return true;
		if (shown !== organisation) return false;
		const own = panel.contacts.map(({ id }) => id);
		return !contacts || !own.length || contacts.some((id) => own.includes(id));
	}

	const isUrgent = ({ offline, panel }) => offline || panel?.organisation?.reading;

	return {
		async refresh() {
			const { refreshing, requests } = get();
			if (refreshing) return;
			dispatch({ type: "refreshing", refreshing: true });
			try {
				await api.refresh(core.where());
				await pollUntilRead();
			} catch (error) {
				host.toast(error.message, "error");
			} finally {
				if (requests.target === get().requests.target) dispatch({ type: "refreshing", refreshing: false });
			}
		},

		/** A look that fails is no event: the next one comes by itself, and `offline` tells of a lost site. */
		async look() {
			const { phase } = get();
			if (phase === "error") return act.load();
			if (phase === "ready") await compare().catch(() => {});
		},

		async lookIfDue() {
			const pause = isUrgent(get()) ? TICK : LOOK_PAUSE;
			if (core.isSeen() && Date.now() - looked >= pause) await act.look();
		},

		async stayFresh() {
			while (await core.wait(TICK, null)) await act.lookIfDue();
		},

		hear: (message) => concerns(message) && act.reloadSoon(),
		loseSite: () => dispatch({ type: "reached", reached: false }),
	};
}
