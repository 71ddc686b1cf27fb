/** The settings page's live parts: what they are, where they stand, and when they are asked for again. */

const { search: version } = new URL(import.meta.url);
const [{ address, call, h }, { isChanging, organisations }] = await Promise.all(
	["parts", "organisations"].map((name) => import(`./settings/${name}.js${version}`)),
);

const POLL_MS = 2000;

let timer = null;

/** Draws into the HTML fields of the form of Xero Settings; asks again while something is being read. */
export async function mount(frm) {
	clearTimeout(timer);
	const status = await call("connection.status");
	const again = () => mount(frm);
	const later = () => {
		clearTimeout(timer);
		timer = setTimeout(again, POLL_MS);
	};
	draw({ frm, again, later }, status);
	if (status.organisations.some(isChanging) && isOpen(frm)) later();
}

function isOpen(frm) {
	return frm.get_field("overview").wrapper.isConnected && frm.page.wrapper.is(":visible");
}

function draw(page, status) {
	place(page.frm, "overview", organisations(page, status));
	place(page.frm, "redirect_uri", redirectUri(status));
	place(page.frm, "log_note", logNote());
}

function place(frm, field, node) {
	frm.get_field(field).$wrapper.get(0).replaceChildren(node);
}

function redirectUri({ redirect_uri: uri, accepts_redirect: isAccepted }) {
	return address({
		id: "xero-redirect-uri",
		label: __("Redirect URI"),
		value: uri,
		help: __("Enter exactly this in your app on developer.xero.com."),
		problem: !isAccepted && __("Xero accepts only https addresses, or http://localhost."),
	});
}

function logNote() {
	return h(
		"p",
		{ class: "text-muted" },
		__("Every attempt to bring something to Xero is kept, with its outcome."),
		" ",
		h("a", { href: "/app/xero-log" }, __("Open the log")),
		// Frappe's page is for who manages the site
		frappe.model.can_read("Log Settings") && [" · ", h("a", { href: "/app/log-settings" }, __("How long it is kept"))],
	);
}
