/**
 * What can be done with Xero for many records, where a host has them. An offer is {label, title, begin}: `begin()` is
 * what a run begins with (see `mountRun`), `title` what it is called; or {label, url}, an address to go to.
 */

/**
 * For the selected rows of a list (R72, R73): `begin(names)` is a run over them. Who may not send is offered nothing.
 *
 * @param {object} places the answer of `panel.places`
 */
export function listOffers({ send, connected, configure, settings_url: url }, host, doctype) {
	const { t: __, call } = host;
	if (!connected) return configure ? [{ label: __("Connect to Xero"), url }] : [];
	if (!send) return [];
	const sending = (names) => once((isDry) => call("drafts.send_many", { doctype, names, dry_run: Number(isDry) }));
	const updating = (names) => once(() => call("drafts.update_many", { doctype, names }));
	return [
		offer(host, "Send", (names) => ({ start: sending(names) })),
		offer(host, "Send", (names) => ({ start: sending(names), dryRun: true }), { label: __("Send to Xero (dry run)") }),
		offer(host, "Update", (names) => ({ start: updating(names) })),
	];
}

/** Tools over all sales invoices (R81, R82): for sending, the run is a dry one first. */
export function toolOffers(host) {
	const { t: __, call } = host;
	return [
		offer(host, "Send All Live Invoices", () => ({ start: sendAllLive(call), dryRun: true }), {
			explanation: __("Submitted invoices on which nothing is paid. First you see what would be sent."),
		}),
		offer(host, "Update All Balances", () => ({ start: once(() => call("tools.update_all_balances", {})) }), {
			explanation: __("What Xero says of every invoice that was sent and is not paid, then all customers' balances."),
		}),
	];
}

function offer(host, action, begin, more) {
	const title = titleOf({ action }, host);
	return { label: title, title, begin, ...more };
}

/** What a run does. */
export function titleOf({ action }, { t: __ }) {
	const titles = {
		Send: __("Send to Xero"),
		Update: __("Update from Xero"),
		"Send All Live Invoices": __("Send all live invoices"),
		"Update All Balances": __("Update all invoice balances"),
		"Import CSV": __("Import contacts from a CSV file"),
		"Import Contacts": __("Bring contacts in from Xero"),
		Reconcile: __("Compare with Xero"),
		"Fix Differences": __("Read again what differs"),
	};
	return titles[action] ?? action;
}

/** The run that is shown again: of one that tried all live invoices, the sending can still follow. */
export function reopen({ run, action }, { call }) {
	return action === "Send All Live Invoices" ? { run, start: sendAllLive(call) } : { run };
}

function sendAllLive(call) {
	return once((isDry) => call("tools.send_all_live", { dry_run: Number(isDry) }));
}

/** One run for each answer to "dry?": a page that draws the same run anew must not start another. */
function once(start) {
	const begun = new Map();
	return (isDry) => {
		if (!begun.has(isDry)) begun.set(isDry, start(isDry).catch((error) => (begun.delete(isDry), Promise.reject(error))));
		return begun.get(isDry);
	};
}
