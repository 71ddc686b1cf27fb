/** Xero in the lists of Desk: what can be done with the selected rows, and over Sales Invoices what with all. */

const { search: version } = new URL(import.meta.url);
const [{ deskHost, places }, { listOffers, toolOffers }, { openRun }] = await Promise.all([
	import(`./host.js${version}`),
	import(`../run/offers.js${version}`),
	import(`./run.js${version}`),
]);

/** The doctype that the tools are about. */
const OF_TOOLS = "Sales Invoice";

/** Actions for the selected rows, and in the menu of the list the tools; nothing for who may not send. */
export async function extendList(listview) {
	const { doctype, page } = listview;
	const host = deskHost();
	const given = await places();
	const openForList = (title, wanted) => openRun(title, wanted, () => listview.refresh());
	for (const { label, url, title, begin } of listOffers(given, host, doctype)) {
		const choose = () => openForList(title, begin(listview.get_checked_items(true)));
		page.add_actions_menu_item(label, url ? () => window.location.assign(url) : choose, false);
	}
	if (doctype !== OF_TOOLS || !given.send || !given.connected) return;
	for (const { label, title, begin } of toolOffers(host)) {
		page.add_menu_item(label, () => openForList(title, begin()));
	}
}
