/** Loading the panel, keeping it fresh, and asking the server to read Xero again. */

const POLLS = 10;
const POLL_PAUSE = 2000;
const EVENT_PAUSE = 1000;

export function panelActions(core, act) {
	const { host, api, get, dispatch } = core;
	let isReloadDue = false;

	async function load(quiet) {
		const answer = await core.ask("panel", { type: "panel_asked", quiet }, () => api.panel(get().target), {
			answered: (answer) => ({ type: "panel_answered", answer }),
			failed: "panel_failed",
		});
		act.searchWhenUnlinked();
		return answer;
	}

	/** Until the reading has ended, well or badly. */
	async function pollUntilRead() {
		const state = () => get().panel?.organisation ?? {};
		const { as_of: before, problem: known } = state();
		for (let poll = 0; poll < POLLS; poll++) {
			if (!(await core.wait(POLL_PAUSE))) return;
			await act.reload();
			const { as_of, problem } = state();
			if (as_of !== before || (problem && problem !== known)) return;
		}
		// a problem that was there before stands above the figures
		if (state().problem) return;
		host.toast(host.t("Xero is still being read. New figures appear here by themselves."), "info");
	}

	return {
		load: () => load(false),

		/** Fresh figures without a skeleton; what the reader has filtered or unfolded stays. */
		async reload() {
			const answer = await load(true);
			if (answer && get().panel && core.states.isListChanged(get())) await act.reloadList();
		},

		/** For events, which come in swarms while Xero is being read. */
		async reloadSoon() {
			if (isReloadDue) return;
			isReloadDue = true;
			const isCurrent = await core.wait(EVENT_PAUSE);
			isReloadDue = false;
			if (isCurrent) await act.reload();
		},

		async refresh() {
			const { refreshing, requests } = get();
			if (refreshing) return;
			dispatch({ type: "refreshing", refreshing: true });
			try {
				await api.refresh(get().target);
				await pollUntilRead();
			} catch (error) {
				host.toast(error.message, "error");
			} finally {
				if (requests.target === get().requests.target) dispatch({ type: "refreshing", refreshing: false });
			}
		},

		openRecord: (doctype, name) => host.openRecord(doctype, name),
	};
}
