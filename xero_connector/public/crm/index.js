/**
 * Frappe CRM as a host of the panel. Called by the CRM's form scripts (`form_script.js`, one record for each
 * doctype) with what the CRM hands to such scripts; which of its places there are depends on its release:
 *
 *     the inner tab or side-panel section   `enterForm` fills the field of the layout (site/crm_places.py)
 *     a button in the header                `setupPage`, or `enterForm` where the release has `this.actions`
 *     a tab in the main row                 `main_tab.js`, or `this.tabs` where a release has it
 *
 * Somebody who may not see Xero gets none of them, and loads nothing but this module.
 */

const { search: version } = new URL(import.meta.url);
const { createCall, createDownload } = await load("../panel/site_call.js");

const FIELD = "xero_panel";
/** The parts of a layout, by the names that `site/crm_places.py` gives them, which stay when they are moved. */
const PARTS = ["xero_panel_tab", "xero_panel_section", FIELD];

const site = { token: () => window.csrf_token, t };

/** What the class of a form script calls on load and on every refresh. */
export async function enterForm(form, doctype, helpers, hasHeader) {
	const xero = await open(helpers);
	for (const part of PARTS) form.setFieldProperty?.(part, "hidden", !xero);
	if (!xero) return;
	const target = { doctype, name: form.doc.name };
	form.setFieldHtml?.(FIELD, panelHtml(target));
	if (hasHeader) form.actions = [...form.actions.filter(isOthers), dropdown(target, xero)];
	if (xero.mainTab) showMainTab(form, doctype, helpers, xero);
}

/** The answer of a form script's `setupForm`, whose page is `{doc, $dialog, $socket, router, …}`. */
export async function setupPage(page, doctype) {
	const { $dialog: createDialog, $socket: socket, router, toast, createToast } = page;
	const xero = await open({ createDialog, socket, router, toast, createToast });
	if (!xero) return { actions: [] };
	xero.mainTab?.serve(doctype);
	return { actions: [dropdown({ doctype, name: page.doc.name }, xero)] };
}

function load(path) {
	return import(`${path}${version}`);
}

function t(text, values = []) {
	return window.__(text, values);
}

/**
 * What is open on this page, asked for once; null for somebody who may not see Xero. It is the window's, because a
 * page that stays open over an update can run scripts, and so modules, of two versions.
 */
function open(helpers) {
	window.xero_connector_crm ??= ask(helpers).catch((error) => {
		delete window.xero_connector_crm;
		throw error;
	});
	return window.xero_connector_crm;
}

async function ask(helpers) {
	const call = createCall(site);
	const { see, main_tab } = await call("panel.places", {});
	if (!see) return null;
	const modules = ["../panel/index.js", "host.js", "dialogs.js", "watch.js", "main_tab.js"];
	const [panel, { crmHost }, { createDialogs }, { createPanels, watch }, { createMainTab }] = await Promise.all(
		modules.map((path) => load(path.startsWith(".") ? path : `./${path}`)),
	);
	const dialogs = createDialogs(helpers.createDialog);
	const host = crmHost({ ...helpers, t, dialogs, call, download: createDownload(site) });
	const panels = createPanels((element, target) => panel.mount(element, host, target));
	const mainTab = main_tab ? createMainTab(t("Xero")) : null;
	addStyles();
	watch([panels, ...(mainTab ? [mainTab] : [])]);
	return { dialogs, mainTab };
}

function addStyles() {
	const link = document.createElement("link");
	link.rel = "stylesheet";
	link.href = new URL(`crm.css${version}`, import.meta.url).href;
	document.head.append(link);
}

function isOthers({ buttonLabel }) {
	return buttonLabel !== t("Xero");
}

/** In the CRM's terms: a button with a menu. */
function dropdown(target, { dialogs }) {
	const path = [target.doctype, target.name].map(encodeURIComponent).join("/");
	const items = [
		{
			label: t("Show invoices"),
			onClick: () => void dialogs.show({ title: t("Xero"), size: "4xl", html: panelHtml(target) }),
		},
		{ label: t("Open full page"), onClick: () => void window.open(`/xero/${path}`, "_blank", "noopener") },
	];
	return { buttonLabel: t("Xero"), group: t("Xero"), hideLabel: true, items };
}

/** Both values are safe between the quotes: one is ours, the other is encoded. */
function panelHtml({ doctype, name }) {
	return `<div data-xero-panel="${doctype}" data-xero-name="${encodeURIComponent(name)}"></div>`;
}

/** A release with `this.tabs` (frappe/crm#2743) has `h` too; without them the tab is put there from outside. */
function showMainTab(form, doctype, { h }, { mainTab }) {
	if (!Array.isArray(form.tabs) || !h) return mainTab.serve(doctype);
	if (form.tabs.some(({ name }) => name === "Xero")) return;
	const draw = ({ doctype, docname }) =>
		h("div", { class: "p-5", "data-xero-panel": doctype, "data-xero-name": encodeURIComponent(docname) });
	const component = { props: ["doctype", "docname", "doc"], setup: (props) => () => draw(props) };
	form.tabs.push({ name: "Xero", label: t("Xero"), component });
}
