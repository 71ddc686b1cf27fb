/**
 * The Xero panel of a record, the same in every host. `host` is
 *
 *     {call(method, args) → Promise, toast(message, kind), confirm(message) → Promise<boolean>,
 *      t(text, values) → string, openRecord(doctype, name), subscribe(event, handler) → unsubscribe, locale}
 *
 * where `call("panel.get", {…})` rejects with an Error that has a sentence (`message`) and a `status`; `kind` is
 * "success", "info" or "error".
 *
 * Only this module imports, with the version that it was asked for itself (?v=…): browsers keep assets for a year,
 * and a nested import does not inherit the version. Every other module gets what it needs as an argument.
 */

const { search: version } = new URL(import.meta.url);
const MODULES = ["dom", "format", "state", "frame", "api", "ui", "controller"];
const ACTIONS = ["panel", "list", "link", "draft"];
const VIEWS = ["panel", "header", "overview", "charts", "list", "rows", "connect", "link", "draft"];

const [modules, actions, drawn] = await Promise.all([
	load("", MODULES),
	load("actions/", ACTIONS),
	load("views/", VIEWS),
]);
const [dom, format, states, { createFrames }, { createApi }, { createUi }, { createController }] = modules;
const { makeFrame, paint } = createFrames(dom);
const makers = ACTIONS.map((name, index) => actions[index][`${name}Actions`]);
const views = Object.assign({}, ...drawn);

/**
 * Puts the panel of one record into `element` and keeps it fresh until `unmount`. `update` points it at another
 * record, or brings the same one up to date.
 *
 * @param {Element} element
 * @param {{doctype: string, name: string}} target
 * @returns {{update: function({doctype: string, name: string}), unmount: function()}}
 */
export function mount(element, host, target) {
	const { frame, canvas } = makeFrame();
	const ui = createUi({ host, dom, format, views });
	const show = (state, act) => paint(canvas, views.panelView(ui, state, act));
	const controller = createController({ host, api: createApi(host), states, format, makers, target, paint: show });
	const { act, get } = controller;
	const unsubscribe = host.subscribe("xero_updated", (message) => {
		const shown = get().panel?.organisation?.name;
		if (shown === undefined || shown === message?.organisation) act.reloadSoon();
	});
	element.append(frame);
	act.load();

	return {
		update({ doctype, name }) {
			const shown = get().target;
			if (shown.doctype === doctype && shown.name === name) return act.reload();
			controller.retarget({ doctype, name });
			return act.load();
		},

		unmount() {
			controller.stop();
			unsubscribe();
			frame.remove();
		},
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
	return { h: dom.h, patch: dom.patch, paint, makeFrame, ui: createUi({ host, dom, format, views }) };
}

function load(folder, names) {
	return Promise.all(names.map((name) => import(`./${folder}${name}.js${version}`)));
}
