/** Loading what the panel shows of a record, and what the header offers beside it. */

const EVENT_PAUSE = 1000;

export function panelActions(core, act) {
	const { host, api, get, dispatch, memory } = core;
	let isReloadDue = false;

	/** The key of what is remembered, and the question for it: this record, in the organisation that was chosen. */
	function wanted() {
		const { target, organisation } = get();
		const where = organisation ? { ...target, organisation } : target;
		return [JSON.stringify(where), () => api.panel(where)];
	}

	async function load(quiet, ask) {
		const answer = await core.ask("panel", { type: "panel_asked", quiet }, () => ask(...wanted()), {
			answered: (answer) => ({ type: "panel_answered", answer }),
			failed: "panel_failed",
		});
		act.suggestWhenUnlinked();
		return answer;
	}

	return {
		/** What is remembered of the record is there at once, and brought up to date unless it is seconds old. */
		load() {
			const [key] = wanted();
			const known = memory.recall(key);
			if (known) dispatch({ type: "panel_answered", answer: known.answer });
			if (known?.isFresh) return act.suggestWhenUnlinked();
			return load(known !== null, memory.join);
		},

		/** Fresh figures without a skeleton; what the reader has filtered or unfolded stays. */
		async reload() {
			const answer = await load(true, memory.ask);
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

		/** Figures of one organisation never meet those of another (B11), so the panel begins anew. */
		chooseOrganisation(organisation) {
			dispatch({ type: "organisation_chosen", organisation });
			return act.load();
		},

		openRecord: (doctype, name) => host.openRecord(doctype, name),

		toggleMenu: (id) => dispatch({ type: "menu_toggled", id }),
		closeMenu: () => dispatch({ type: "menu_closed" }),

		statementAddress: ({ id }) => api.statementAddress(get().target, id),
		downloadStatement({ id }) {
			dispatch({ type: "menu_closed" });
			return core.once(`statement:${id}`, () => api.downloadStatement(get().target, id));
		},
	};
}
