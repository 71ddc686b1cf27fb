/**
 * The last answers about records, for as long as the page lives: a host that takes the panel away and puts it back
 * (Frappe CRM does so at every change of tab) shows at once what was there, and does not ask again within seconds.
 */

const FRESH_FOR = 5000; // milliseconds
const MOST = 30;

export function createMemory() {
	const answers = new Map();
	const asked = new Map();

	async function ask(key, question) {
		const promise = question();
		asked.set(key, promise);
		try {
			const answer = await promise;
			if (asked.get(key) === promise) keep(key, answer);
			return answer;
		} catch (error) {
			if (error.status === 403) answers.delete(key);
			throw error;
		} finally {
			if (asked.get(key) === promise) asked.delete(key);
		}
	}

	function join(key, question) {
		return asked.get(key) ?? ask(key, question);
	}

	/** {answer, isFresh} or null. */
	function recall(key) {
		const kept = answers.get(key);
		return kept ? { answer: kept.answer, isFresh: Date.now() - kept.at < FRESH_FOR } : null;
	}

	function keep(key, answer) {
		answers.delete(key);
		answers.set(key, { answer, at: Date.now() });
		if (answers.size > MOST) answers.delete(answers.keys().next().value);
	}

	return {
		/** Asks, and keeps the answer unless a newer question is under way by then. */
		ask,

		/** The answer to the question that is under way, or to this one. */
		join,
		recall,

		/** As `join`, but an answer of some seconds ago will do. */
		async latest(key, question) {
			const known = asked.has(key) ? null : recall(key);
			return known?.isFresh ? known.answer : join(key, question);
		},
	};
}
