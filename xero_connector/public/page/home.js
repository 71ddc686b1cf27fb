/** The home: how Xero stands, what is overdue, what is one's own; and a search over customers and documents. */

const { search: version } = new URL(import.meta.url);
const VIEWS = ["home", "agreement", "health", "search", "overdue", "mine", "tools"];
const [{ initialState, isSearch, reduce }, { recordPath }, { openRun }, offers, { howFar }, ...drawn] = await Promise.all(
	["./state", "./host", "./run", "../run/offers", "../run/view", ...VIEWS.map((name) => `./views/${name}`)].map(
		(name) => import(`${name}.js${version}`),
	),
);
const views = Object.assign({}, ...drawn);
const STYLES = new URL(`home.css${version}`, import.meta.url).href;

const PAUSE = 300; // milliseconds without a key, after which the site is asked
const FRESH_FOR = 60_000;
/**
 * Puts the home into `element`. `tools` are those of `toolkit` in `panel/index.js`.
 *
 * @returns {{unmount: function()}}
 */
export function mountHome(element, host, tools) {
	const { frame, canvas } = tools.makeFrame([STYLES]);
	const titleOf = (run) => offers.titleOf(run, host);
	const ui = { ...tools.ui, recordPath, home: views, howFar, tools: offers.toolOffers(host), titleOf };
	let state = initialState();
	let asked = 0;
	let pause = 0;

	function dispatch(action) {
		const before = state;
		state = reduce(state, action);
		if (state !== before) tools.paint(canvas, views.homeView(ui, state, act));
	}

	/** Every call tells whether the site is there. */
	async function ask(channel, method, args) {
		dispatch({ type: `${channel}_asked` });
		const under = { channel, request: state.requests[channel] };
		try {
			const answer = await host.call(method, { organisation: state.organisation, ...args });
			dispatch({ type: "reached", reached: true });
			dispatch({ ...under, type: `${channel}_answered`, answer });
		} catch ({ message, status }) {
			dispatch({ type: "reached", reached: status !== 0 });
			dispatch({ ...under, type: `${channel}_failed`, message, status });
			if (channel === "more") host.toast(message, "error");
		}
	}

	const act = {
		load() {
			asked = Date.now();
			return ask("home", "home.get");
		},

		chooseOrganisation(organisation) {
			clearTimeout(pause);
			dispatch({ type: "organisation_chosen", organisation });
			return act.load();
		},

		showMore: () => ask("more", "home.list_overdue", { start: state.home.overdue.rows.length }),

		type(text) {
			clearTimeout(pause);
			dispatch({ type: "typed", text });
			if (isSearch(text)) pause = setTimeout(act.search, PAUSE);
		},

		search() {
			clearTimeout(pause);
			if (isSearch(state.search.text)) return ask("search", "home.search", { text: state.search.text });
		},

		useTool: ({ title, begin }) => follow(title, begin()),
		async compare() {
			try {
				const { reconciliation } = await host.call("tools.reconcile", { organisation: state.organisation });
				host.open(`/app/xero-reconciliation/${reconciliation}`);
			} catch ({ message }) {
				host.toast(message, "error");
			}
		},

		showRun: (run) => follow(titleOf(run), offers.reopen(run, host)),
	};

	/** What a run has changed is asked for when it is out of sight. */
	async function follow(title, wanted) {
		await openRun(document, host, title, wanted);
		await act.load();
	}

	const listeners = [
		[document, "visibilitychange", () => !document.hidden && Date.now() - asked > FRESH_FOR && act.load()],
		[document.defaultView, "online", act.load],
		[document.defaultView, "offline", () => dispatch({ type: "reached", reached: false })],
	];
	for (const [source, type, listener] of listeners) source.addEventListener(type, listener);
	element.append(frame);
	tools.paint(canvas, views.homeView(ui, state, act));
	act.load();

	return {
		unmount() {
			clearTimeout(pause);
			for (const [source, type, listener] of listeners) source.removeEventListener(type, listener);
			frame.remove();
		},
	};
}
