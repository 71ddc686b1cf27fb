/**
 * Holds the state, tells the painter of every change, and gives the actions what they stand on (`core`).
 *
 * `makers` are the functions of `actions/`: each takes (core, act) and returns named actions; `act` is all of
 * them together, so that one may call another. `isSeen` tells whether somebody can see the panel now.
 */
export function createController({ host, createApi, states, memory, format, makers, target, paint, isSeen }) {
	let state = states.initialState(target);
	let stopped = false;
	const timers = new Map();
	const act = {};

	function dispatch(action) {
		if (stopped) return;
		const before = state;
		state = states.reduce(state, action);
		if (state !== before) paint(state, act);
	}

	/** Every call tells whether the site is there. */
	function reaching(method) {
		return async (...args) => {
			try {
				const answer = await method(...args);
				dispatch({ type: "reached", reached: true });
				return answer;
			} catch (error) {
				dispatch({ type: "reached", reached: error.status !== 0 });
				throw error;
			}
		};
	}

	const core = {
		host,
		api: createApi({ call: reaching(host.call), download: reaching(host.download) }),
		states,
		memory,
		isSeen,
		isDecimal: format.isDecimal,
		dispatch,
		get: () => state,

		/** The forms that a record can have, by kind; what each is, its action says (see `actions/form.js`). */
		forms: {},

		/** The record, and the organisation that is shown or that the reader has chosen. */
		where() {
			const organisation = state.panel?.organisation?.name ?? state.organisation;
			return organisation ? { ...state.target, organisation } : state.target;
		},

		/**
		 * Gives a question its number and dispatches, under it, what `answered` makes of the answer or an action
		 * of type `failed`. Resolves to the answer, null after a failure.
		 */
		async ask(channel, asking, question, { answered, failed }) {
			dispatch({ ...asking, channel });
			const request = state.requests[channel];
			const under = { channel, request };
			let answer = null;
			let outcome;
			try {
				answer = await question();
				outcome = answered(answer);
			} catch (error) {
				outcome = { type: failed, message: error.message, status: error.status };
			}
			dispatch({ ...under, ...outcome });
			return answer;
		},

		/**
		 * True after `ms` if the panel still shows the same record and `channel` has not been asked again; with
		 * null for the channel, if the panel is still there.
		 */
		wait(ms, channel = "target") {
			const request = state.requests[channel];
			return new Promise((resolve) => {
				const settle = (alive) => {
					timers.delete(timer);
					resolve(alive && request === state.requests[channel]);
				};
				const timer = setTimeout(settle, ms, true);
				timers.set(timer, settle);
			});
		},

		/** `work`, called once when `ms` have passed without a further call. */
		debounced(ms, work) {
			let last = 0;
			return async (...args) => {
				const mine = ++last;
				if ((await core.wait(ms)) && mine === last) await work(...args);
			};
		},

		/** Runs `work` unless it runs already under this key; says why it failed. True when it succeeded. */
		async once(key, work) {
			if (stopped || state.busy.includes(key)) return false;
			const { target: number } = state.requests;
			dispatch({ type: "busy", key, busy: true });
			try {
				await work();
				return number === state.requests.target;
			} catch (error) {
				host.toast(error.message, "error");
				return false;
			} finally {
				if (number === state.requests.target) dispatch({ type: "busy", key, busy: false });
			}
		},
	};
	for (const make of makers) Object.assign(act, make(core, act));

	return {
		act,
		get: core.get,

		retarget(next) {
			dispatch({ type: "retargeted", target: next });
		},

		stop() {
			stopped = true;
			for (const [timer, settle] of timers) {
				clearTimeout(timer);
				settle(false);
			}
		},
	};
}
