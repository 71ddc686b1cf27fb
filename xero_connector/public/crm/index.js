/**
 * Frappe CRM as a host of the panel. Called by the CRM's form scripts (`form_script.js`, one record for each
 * doctype) with what the CRM hands to such scripts; which of its places there are depends on its release:
 *
 *     the inner tab or side-panel section   `enterForm` fills the field of the layout (site/crm_places.py)
 *     a button in the header                `setupPage`, or `enterForm` where the release has `this.actions`
 *     a tab in the main row                 `main_tab.js`, or `this.tabs` where a release has it
 *     actions for the rows of a list        `setupList` (`list_script.js`)
 *
 * Somebody who may not see Xero gets none of them, and loads nothing but this module.
 */

const { search: version } = new URL(import.meta.url);
const { createCall, createDownload } = await load("../panel/site_call.js");

const FIELD = "xero_panel";
/** The parts of a layout, by the names that `site/crm_places.py` gives them, which stay when they are moved. */
const PARTS = ["xero_panel_tab", "xero_panel_section", FIELD];

const MODULES = [
	...["../panel/index.js", "../run/index.js", "../run/offers.js"],
	...["./host.js", "./dialogs.js", "./watch.js", "./main_tab.js", "./lists.js"],
];

const site = { token: () => window.csrf_token, t };

/** What the class of a form script calls on load and on every refresh. */
export async function enterForm(form, doctype, helpers, hasHeader) {
	const xero = await open(helpers);
	for (const part of PARTS) form.setFieldProperty?.(part, "hidden", !xero);
	if (!xero) return;
	const target = { doctype, name: form.doc.name };
	form.setFieldHtml?.(FIELD, panelHtml(target));
	if (xero.mainTab) showMainTab(form, doctype, helpers, xero);
	if (hasHeader) await showButton(form, target, xero);
}

/** At once, and with a new draft as soon as the site has said that there can be one. */
async function showButton(form, target, xero) {
	const show = (isLive) => (form.actions = [...form.actions.filter(isOthers), dropdown(target, xero, isLive)]);
	show(false);
	if (await xero.offersDraft(target)) show(true);
}

/** The answer of a form script's `setupForm`, whose page is `{doc, $dialog, $socket, router, …}`. */
export async function setupPage(page, doctype) {
	const xero = await open(helpersOf(page));
	if (!xero) return { actions: [] };
	xero.mainTab?.serve(doctype);
	const target = { doctype, name: page.doc.name };
	return { actions: [dropdown(target, xero, await xero.offersDraft(target))] };
}

/** The answer of a list script's `setupList`, whose page is as that of `setupPage`, with a list. */
export async function setupList(page, doctype) {
	const xero = await open(helpersOf(page));
	return { bulk_actions: xero ? xero.lists.actions(doctype) : [] };
}

function helpersOf({ $dialog: createDialog, $socket: socket, router, toast, createToast }) {
	return { createDialog, socket, router, toast, createToast };
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
	const places = await call("panel.places", {});
	if (!places.see) return null;
	const ours = Object.assign({}, ...(await Promise.all(MODULES.map((path) => load(path)))));
	const dialogs = ours.createDialogs(helpers.createDialog);
	const host = ours.crmHost({ ...helpers, t, dialogs, call, download: createDownload(site) });
	const panels = ours.createPanels((element, target) => ours.mount(element, host, target));
	const lists = ours.createLists({
		dialogs,
		createPlaces: ours.createPlaces,
		offersOf: (doctype) => ours.listOffers(places, host, doctype),
		mountRun: (element, wanted) => ours.mountRun(element, host, wanted),
	});
	const mainTab = places.main_tab ? ours.createMainTab(t("Xero")) : null;
	addStyles();
	ours.watch([panels, lists, ...(mainTab ? [mainTab] : [])]);
	return { dialogs, lists, mainTab, offersDraft: (target) => ours.offersDraft(host, target) };
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

/** In the CRM's terms: a button with a menu; where something is being sold, with a new draft first. */
function dropdown(target, { dialogs }, isLive) {
	const path = [target.doctype, target.name].map(encodeURIComponent).join("/");
	const showPanel = (form) => void dialogs.show({ title: t("Xero"), size: "4xl", html: panelHtml(target, form) });
	const items = [
		{ label: t("Show invoices"), onClick: () => showPanel() },
		{ label: t("Open full page"), onClick: () => void window.open(`/xero/${path}`, "_blank", "noopener") },
	];
	if (isLive) items.unshift({ label: t("New draft invoice"), onClick: () => showPanel("draft") });
	return { buttonLabel: t("Xero"), group: t("Xero"), hideLabel: true, items };
}

/** All values are safe between the quotes: they are ours, or encoded. `form` is to be open in the panel. */
function panelHtml({ doctype, name }, form) {
	const opened = form ? ` data-xero-form="${form}"` : "";
	return `<div data-xero-panel="${doctype}" data-xero-name="${encodeURIComponent(name)}"${opened}></div>`;
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
