/**
 * A run over many records (Xero Run), the same in every host: what is done with each record, how far it is, and the
 * means to stop it, to go on with it, and to do what a dry run has only tried. `host` is that of `panel/index.js`.
 *
 * The work is a job of the site's: whoever closes this stops looking, not the run.
 */

const { search: version } = new URL(import.meta.url);
const [dom, format, frames, { createUi }, { runView }, runs] = await Promise.all(
	["../panel/dom", "../panel/format", "../panel/frame", "../panel/ui", "./view", "./state"].map(
		(name) => import(`${name}.js${version}`),
	),
);
const { makeFrame, paint } = frames.createFrames(dom);
const STYLES = new URL(`run.css${version}`, import.meta.url).href;

const PAUSE = 1000; // milliseconds between two looks at a run that goes on

/** The run is not there, or not for this person: asking again brings nothing else. */
const FINAL = [403, 404];

/**
 * Starts a run and shows it in `element`, or shows the run with the id `run`.
 *
 * `start(isDry)` asks the site for a new run and resolves to its first answer (the shape of `tools.progress`);
 * `dryRun` begins with one that only tries. Without `start`, what a dry run has tried is not offered.
 *
 * @param {Element} element
 * @param {{start?: function(boolean): Promise, dryRun?: boolean, run?: string}} wanted
 * @returns {{unmount: function()}}
 */
export function mountRun(element, host, { start = null, dryRun = false, run = null }) {
	const { frame, canvas } = makeFrame([STYLES]);
	const ui = { ...createUi({ host, dom, format, views: {} }), run: runs };
	let state = { run: null, busy: false, error: null, canSend: start !== null };
	let asked = 0;
	let timer = 0;

	function show(change) {
		state = { ...state, ...change };
		paint(canvas, runView(ui, state, act));
	}

	/** Shows what is answered, and looks again while the run goes on. An answer that is overtaken is dropped. */
	async function ask(question) {
		const mine = ++asked;
		clearTimeout(timer);
		const change = await question().then(
			(answer) => ({ run: answer, error: null }),
			({ message, status }) => ({ error: { message, isFinal: FINAL.includes(status) } }),
		);
		if (mine !== asked) return;
		show({ ...change, busy: false });
		if (runs.isGoing(state.run) && !state.error?.isFinal) timer = setTimeout(look, PAUSE);
	}

	/** As `ask`, for what was pressed: nothing else can be until the answer. */
	function press(question) {
		if (state.busy) return null;
		show({ busy: true });
		return ask(question);
	}

	const of = (method) => () => host.call(`tools.${method}`, { run: state.run?.run ?? run });
	const look = () => ask(of("progress"));
	const begin = (isDry) => press(() => start(isDry));

	const act = {
		stop: () => press(of("stop")),
		resume: () => press(of("resume")),
		send: () => begin(false),
		takeLeftOut: () =>
			host.download("contacts.import_result", { run: state.run.run }).catch(({ message }) => host.toast(message, "error")),
		/** A run that was never heard of begins; of any other the site knows how far it is. */
		again: () => (state.run || run ? press(of("progress")) : begin(dryRun)),
	};

	element.append(frame);
	act.again();

	return {
		unmount() {
			asked += 1;
			clearTimeout(timer);
			frame.remove();
		},
	};
}
