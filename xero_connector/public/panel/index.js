/**
 * The Xero panel of a record, the same in every host. `host` is
 *
 *     {call(method, args) → Promise, download(method, args) → Promise, toast(message, kind),
 *      confirm(message) → Promise<boolean>, t(text, values) → string, openRecord(doctype, name),
 *      subscribe(event, handler) → unsubscribe, locale}
 *
 * where `call("panel.get", {…})` and `download`, which saves a file, reject with an Error that has a sentence
 * (`message`), a `status` (0 if the site was not reached), and for a field of a form that is refused its path (`field`);
 * `kind` is "success", "info" or "error".
 *
 * Only this module imports, with the version that it was asked for itself (?v=…): browsers keep assets for a year,
 * and a nested import does not inherit the version. Every other module gets what it needs as an argument.
 */

const { search: version } = new URL(import.meta.url);
const MODULES = ["dom", "format", "paths", "state", "memory", "frame", "api", "ui", "controller"];
const STATES = ["list", "panel", "link", "form", "draft", "recipient", "find"];
const ACTIONS = [
	...["panel", "freshness", "list", "document", "link", "find"],
	...["form", "draft", "lines", "recipient", "contact", "void", "remark"],
];
const VIEWS = [
	...["panel", "header", "overview", "sale", "charts", "filters", "list", "rows", "details", "connect", "link"],
	...["own_document", "dialog", "form", "contact", "void", "find", "credit", "remark"],
	...["draft", "draft/notices", "draft/recipient", "draft/lines", "draft/sums"],
];

const [{ dom, format, paths, state, memory, frame, api, ui, controller }, parts, actions, drawn] = await Promise.all([
	load("", MODULES),
	load("state/", STATES),
	load("actions/", ACTIONS),
	load("views/", VIEWS),
]);
const { makeFrame, paint } = frame.createFrames(dom);
const slices = STATES.map((name) => parts[name][`${name}State`]);
const makers = ACTIONS.map((name) => actions[name][`${name}Actions`]);
const views = Object.assign({}, ...Object.values(drawn));
const shared = {
	createApi: api.createApi,
	states: Object.assign({}, ...Object.values(parts), state.createStates(slices, paths)),
	memory: memory.createMemory(),
	format,
	makers,
};

/**
 * Puts the panel of one record into `element` and keeps it fresh until `unmount`. `update` points it at another
 * record, or brings the same one up to date. `openDraft`, and `open: "draft"` in a target, open the form of a draft
 * as soon as the panel is there, for who may make one.
 *
 * @param {Element} element
 * @param {{doctype: string, name: string, open: string|undefined}} target
 * @returns {{update: function({doctype, name, open}), openDraft: function(), unmount: function()}}
 */
export function mount(element, host, { open, ...target }) {
	const { frame: place, canvas } = makeFrame();
	const drawing = ui.createUi({ host, dom, format, paths, views });
	const show = (shown, act) => paint(canvas, views.panelView(drawing, shown, act));
	const isSeen = () => document.visibilityState === "visible" && (place.checkVisibility?.() ?? true);
	const { act, get, retarget, stop } = controller.createController({ ...shared, host, target, paint: show, isSeen });
	const unsubscribe = host.subscribe("xero_updated", (message) => act.hear(message));
	const unwatch = watch({ visibilitychange: act.lookIfDue }, { online: act.look, offline: act.loseSite });
	element.append(place);

	/** What a target asks for besides being shown waits for the panel. */
	async function begin(loading, wish) {
		await loading;
		if (wish === "draft") await act.openDraft();
	}
	let begun = begin(act.load(), open);
	act.stayFresh();

	return {
		update({ doctype, name, open: wish }) {
			const shown = get().target;
			const isSame = shown.doctype === doctype && shown.name === name;
			if (!isSame) retarget({ doctype, name });
			begun = begin(isSame ? act.reload() : act.load(), wish);
			return begun;
		},

		openDraft: () => begun.then(act.openDraft),

		unmount() {
			stop();
			unsubscribe();
			unwatch();
			place.remove();
		},
	};
}

/**
 * Whether a host offers a new draft beside the panel of this record: the reader may, and something is being sold (R8).
 * No, too, where the site could not say. Panel and host share one question (`panel.get`): who comes second asks
 * nothing, and within seconds neither.
 *
 * @param {{doctype: string, name: string}} target
 */
export async function offersDraft(host, { doctype, name }) {
	const where = { doctype, name };
	const question = () => shared.createApi(host).panel(where);
	// what could not be answered is said in the panel
	const answer = await shared.memory.latest(JSON.stringify(where), question).catch(() => null);
	return Boolean(answer?.can.draft && answer.record.is_live);
}

/** Listens to events of the document and of its window until the function that it returns is called. */
function watch(ofDocument, ofWindow) {
	const heard = [
		...Object.entries(ofDocument).map((listener) => [document, ...listener]),
		...Object.entries(ofWindow).map((listener) => [document.defaultView, ...listener]),
	];
	for (const [source, type, listener] of heard) source.addEventListener(type, listener);
	return () => {
		for (const [source, type, listener] of heard) source.removeEventListener(type, listener);
	};
}

/**
 * What another page of ours draws with, so that it looks and behaves like the panel. `ui` has the parts of `ui.js`,
 * the formats and, as `ui.views`, every view of the panel (such as `documentTable`); `makeFrame(sheets)` and
 * `paint(canvas, ...nodes)` are those of `frame.js`. What is painted stands in a node of class "root".
 *
 * @returns {Promise<{h, patch, paint, makeFrame, ui}>}
 */
export async function toolkit(host) {
	return { h: dom.h, patch: dom.patch, paint, makeFrame, ui: ui.createUi({ host, dom, format, paths, views }) };
}

/** {name: module} */
async function load(folder, names) {
	const modules = await Promise.all(names.map((name) => import(`./${folder}${name}.js${version}`)));
	return Object.fromEntries(names.map((name, index) => [name, modules[index]]));
}
