/** A draft invoice or credit note from a record: what is special about its form. */

const EDITING_PAUSE = 400;

const recordOf = ({ doctype, name }) => ({ doctype, name });

export function draftActions(core, act) {
	const { host, api, get, dispatch } = core;

	core.forms.draft = {
		prepare: api.prepareDraft,
		valuesOf: ({ values }) => values,
		isBlocked: core.states.isDraftBlocked,
		/** What is wrong the preview tells, and sending has the last word. */
		errorsOf: () => ({}),
		send: (values, about) => api.sendDraft(recordOf(about), values),
		progress: (outbox, about) => api.draftProgress(recordOf(about), outbox),
		whenReady: preview,
		whenEdited: core.debounced(EDITING_PAUSE, preview),
		whenSent: showSent,
	};

	/** All questions come back, also those that are answered: `confirmed` is for sending. */
	function preview() {
		const { form } = get();
		const isAsked = form?.kind === "draft" && form.phase === "editing" && !form.changing && form.prepared.mode !== "closed";
		if (!isAsked) return null;
		const question = () => api.previewDraft(recordOf(form.about), { ...form.values, confirmed: [] });
		return core.ask("preview", { type: "preview_asked" }, question, {
			answered: (answer) => ({ type: "preview_answered", answer }),
			failed: "preview_failed",
		});
	}

	/** The view that the list starts with has no drafts: who just sent one would read that there is nothing. */
	function showSent() {
		const view = get().form.outcome.document?.status === "Draft" ? "drafts" : "all";
		const dates = { from_date: "", to_date: "" };
		dispatch({ type: "list_edited", change: { kind: "invoice", view, search: "", ...dates, dates } });
		return act.reload();
	}

	/** The form of something else; with `keeps`, what the person has typed stays. */
	async function change(about, keeps = false) {
		await core.ask("form", { type: "draft_changing", about }, () => api.prepareDraft(about), {
			answered: (prepared) => ({ type: "draft_changed", prepared, keeps }),
			failed: "draft_unchanged",
		});
		await preview();
	}

	return {
		/** Without effect where none can be made, so that a host may ask for it unseen. */
		openDraft() {
			const { panel } = get();
			const isOffered = panel?.organisation && panel.can.draft && panel.record.can_draft;
			return isOffered ? act.openForm("draft", core.where()) : null;
		},

		chooseDraftOrganisation: (organisation) => change({ ...get().form.about, organisation }, true),

		/** Of a person or company: for one of their sales, or for none. */
		chooseDraftSale(record) {
			const { organisation } = get().form.about;
			return change({ ...recordOf(record), organisation });
		},

		/** A dialog of ours would cover the host's question, so it steps aside. */
		async startAnotherDraft() {
			const { form, requests } = get();
			const question = host.t("Make another invoice from this record? What was sent before stays as it is in Xero.");
			dispatch({ type: "draft_hidden", isHidden: true });
			const isWanted = await host.confirm(question);
			if (requests.form !== get().requests.form) return;
			dispatch({ type: "draft_hidden", isHidden: false });
			if (isWanted) await change({ ...form.about, sequence: form.prepared.next_sequence });
		},

		confirmDraft: (code, confirmed) => dispatch({ type: "draft_confirmed", code, confirmed }),
		previewDraft: preview,
	};
}
