/** The form of a draft beside what every form has: its preview, and being prepared anew for another choice. */

const NO_PREVIEW = { phase: "loading", answer: null, error: null };
/** What belongs to the record or to the person, and not to one organisation of Xero. */
const KEPT = ["date", "due_date", "reference", "currency", "line_amount_types", "status", "part"];

export function draftState({ ask, merge, valueAt }) {
	/** From now on no answer to an earlier question is wanted; what is shown stays until the next one. */
	function stale(state) {
		return merge(ask(state, "preview"), "form", { preview: { ...state.form.preview, phase: "loading", error: null } });
	}

	const ifDraft = (change) => (state, action) => (state.form?.kind === "draft" ? change(state, action) : state);

	return {
		initial: () => ({}),

		handlers: {
			form_opened: ifDraft((state) =>
				merge(ask(state, "preview"), "form", { preview: NO_PREVIEW, changing: null, isHidden: false }),
			),
			form_closed: (state) => ask(state, "preview"),

			/** With other lines than before, those of the preview are not theirs. */
			form_edited: ifDraft((state, { change }) => {
				const { answer } = state.form.preview;
				const isMoved = answer && ("lines" in change || "part.kind" in change);
				const preview = { ...state.form.preview, answer: isMoved ? { ...answer, lines: [] } : answer };
				return stale(merge(state, "form", { preview }));
			}),

			preview_asked: stale,
			preview_answered(state, { answer }) {
				const { values, preview } = state.form;
				const confirmed = values.confirmed.filter((code) => isSame(question(answer, code), question(preview.answer, code)));
				return merge(state, "form", {
					values: { ...values, confirmed },
					preview: { phase: "ready", answer, error: null },
					problems: byField(answer.problems.filter(({ field }) => valueAt(values, field) !== undefined)),
				});
			},
			preview_failed: (state, { message }) =>
				merge(state, "form", { preview: { phase: "failed", answer: null, error: message }, problems: {} }),

			/** Ticking a question changes no sum. */
			draft_confirmed(state, { code, confirmed }) {
				const others = state.form.values.confirmed.filter((other) => other !== code);
				const values = { ...state.form.values, confirmed: confirmed ? [...others, code] : others };
				return merge(state, "form", { values });
			},

			draft_changing: (state, { about }) => merge(ask(stale(state), "form"), "form", { changing: about, message: null }),
			draft_changed(state, { prepared, keeps }) {
				const { form } = state;
				const values = keeps ? takenOver(form, prepared) : prepared.values;
				const fresh = { errors: {}, problems: {}, preview: NO_PREVIEW };
				return merge(state, "form", { ...fresh, prepared, values, about: form.changing, changing: null });
			},
			draft_unchanged: (state, { message }) => merge(state, "form", { changing: null, message }),

			draft_hidden: (state, { isHidden }) => merge(state, "form", { isHidden }),
		},
	};
}

/** Whether there is no use in sending: the site knows what is wrong, or waits for an answer. */
export function isDraftBlocked({ prepared, changing, preview: { phase, answer }, values }) {
	if (changing || prepared.mode === "closed" || prepared.problems.length) return true;
	const isOpen = answer?.questions.some(({ code }) => !values.confirmed.includes(code));
	return Boolean(isOpen || (phase === "ready" && answer.problems.length));
}

/** What a person has typed outlives another organisation; its contacts, accounts and tax rates do not. */
function takenOver({ values, prepared: before }, prepared) {
	const isTyped = (name) => !isSame(values[name], before.values[name]);
	const typed = KEPT.filter(isTyped).map((name) => [name, values[name]]);
	const lines = isTyped("lines") ? linesOver(values.lines, prepared.values.lines) : prepared.values.lines;
	return { ...prepared.values, ...Object.fromEntries(typed), lines };
}

function linesOver(typed, prepared) {
	const [usual = {}] = prepared;
	return typed.map((line, index) => {
		const { account_code = "", tax_type = "" } = prepared[index] ?? usual;
		return { ...line, account_code, tax_type };
	});
}

function question(answer, code) {
	return answer?.questions.find((one) => one.code === code)?.message ?? null;
}

/** Values of a form are plain: texts, lists and objects of them, in one order of their names. */
function isSame(one, other) {
	return JSON.stringify(one) === JSON.stringify(other);
}

function byField(problems) {
	const sentences = {};
	for (const { field, message } of problems) sentences[field] = sentences[field] ? `${sentences[field]} ${message}` : message;
	return sentences;
}
