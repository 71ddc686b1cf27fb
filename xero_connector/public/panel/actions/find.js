/** Find & link (R131): looking for a document of Xero, and linking it to the record. */

const TYPING_PAUSE = 250;

export function findActions(core, act) {
	const { api, get, dispatch } = core;

	function search() {
		const { kind, text, from_date, to_date } = get().find;
		const query = { kind, text: text.trim(), from_date: from_date || null, to_date: to_date || null };
		return core.ask("find", { type: "find_asked" }, () => api.findDocuments(core.where(), query), {
			answered: (answer) => ({ type: "find_answered", ...answer }),
			failed: "find_failed",
		});
	}

	function change(filters) {
		dispatch({ type: "find_edited", change: filters });
		return search();
	}

	const searchSoon = core.debounced(TYPING_PAUSE, () => get().find && search());

	return {
		openFind() {
			dispatch({ type: "find_opened", kind: "invoice" });
			return search();
		},
		searchDocuments: search,
		findKind: (kind) => change({ kind, rows: [] }),

		typeFind(text) {
			dispatch({ type: "find_edited", change: { text } });
			return searchSoon();
		},

		editFindDates(dates) {
			dispatch({ type: "find_edited", change: { dates: { ...get().find.dates, ...dates } } });
		},
		applyFindDates: () => change({ ...get().find.dates }),

		async toggleLink({ id, pinned }) {
			const call = pinned ? api.unlinkDocument : api.linkDocument;
			const done = await core.once(`find:${id}`, () => call(core.where(), id));
			if (done) dispatch({ type: "find_linked", id, pinned: !pinned });
		},

		async closeFind() {
			const { changed } = get().find;
			dispatch({ type: "find_closed" });
			if (changed) await act.reload();
		},
	};
}
