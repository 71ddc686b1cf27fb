/** What the panel gets from Desk. The only module of the panel's side that knows `frappe`. */

const { search: version } = new URL(import.meta.url);
const { createCall, createDownload } = await import(`../panel/site_call.js${version}`);

const INDICATORS = { success: "green", info: "blue", error: "red" };

/** The host object of `panel/index.js`. */
export function deskHost() {
	const t = (text, values) => __(text, values);
	const site = { t, token: () => frappe.csrf_token };
	return {
		locale: locale(),
		t,
		call: createCall(site),
		download: createDownload(site),

		toast(message, kind) {
			frappe.show_alert({ message: frappe.utils.escape_html(message), indicator: INDICATORS[kind] });
		},

		confirm(message) {
			return new Promise((resolve) => {
				const answer = (value) => () => resolve(value);
				frappe.confirm(frappe.utils.escape_html(message), answer(true), answer(false));
			});
		},

		openRecord(doctype, name) {
			frappe.set_route("Form", doctype, name);
		},

		subscribe(event, handler) {
			frappe.realtime.on(event, handler);
			return () => frappe.realtime.off(event, handler);
		},
	};
}

let asked = null;

/** What this user is shown of Xero (`panel.places`), asked once for as long as the page lives. */
export function places() {
	asked ??= deskHost()
		.call("panel.places", {})
		.catch((error) => {
			asked = null;
			throw error;
		});
	return asked;
}

/** The user's language, with the country of the browser if it speaks the same ("en" → "en-NZ"). */
function locale() {
	const language = (frappe.boot.lang || "en").replace("_", "-");
	return navigator.language.startsWith(`${language}-`) ? navigator.language : language;
}
