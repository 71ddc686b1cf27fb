/** The settings page's live parts: what they are, where they stand, and when they are asked for again. */

const { search: version } = new URL(import.meta.url);
const PARTS = ["parts", "organisations", "health", "set_up"];
const [{ address, call, h, note }, { isChanging, organisations }, { health }, { setUp }] = await Promise.all(
	PARTS.map((name) => import(`./settings/${name}.js${version}`)),
);

const POLL_MS = 2000;
const CUSTOM = "Custom Connection";

let timer = null;

/** Draws into the HTML fields of the form of Xero Settings; asks again while something is being read. */
export async function mount(frm) {
	clearTimeout(timer);
	const [status, steps] = await Promise.all([call("connection.status"), call("setup.steps")]);
	const page = pageOf(frm);
	draw(page, status, steps);
	if (status.organisations.some(isChanging) && isOpen(frm)) page.later();
}

/** What the parts can do with the page. */
function pageOf(frm) {
	const again = () => mount(frm);
	return {
		frm,
		again,
		later() {
			clearTimeout(timer);
			timer = setTimeout(again, POLL_MS);
		},
		change: (field) => frm.scroll_to_field(field),
		/** A dialog of another module, for what it takes, and then what it may have changed. */
		async open(name, ...wanted) {
			const { open } = await import(`./${name}.js${version}`);
			await open(...wanted, again);
		},
	};
}

function isOpen(frm) {
	return frm.get_field("overview").wrapper.isConnected && frm.page.wrapper.is(":visible");
}

function draw(page, status, steps) {
	const { frm } = page;
	place(frm, "set_up", setUp(page, status, steps));
	place(frm, "health", health(page, status));
	place(frm, "overview", organisations(page, status));
	place(frm, "redirect_uri", redirectUri(frm, status));
	place(frm, "webhook_url", webhookUrl(steps.webhook_url));
	place(frm, "log_note", logNote());
}

function place(frm, field, node) {
	frm.get_field(field).$wrapper.get(0).replaceChildren(node);
}

function redirectUri(frm, { redirect_uri: uri, accepts_redirect: isAccepted }) {
	if (frm.doc.app_type === CUSTOM) return note(__("A Custom Connection needs no redirect URI."));
	return address({
		id: "xero-redirect-uri",
		label: __("Redirect URI"),
		value: uri,
		help: __("Enter exactly this in your app on developer.xero.com."),
		problem: !isAccepted && __("Xero accepts only https addresses, or http://localhost."),
	});
}

function webhookUrl(url) {
	return address({
		id: "xero-webhook-url",
		label: __("Webhook URL"),
		value: url,
		help: __("Enter this in your app on developer.xero.com, under Webhooks, and press Send “Intent to receive” there."),
		problem: !url.startsWith("https:") && __("Xero tells of changes only to https addresses that it can reach."),
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
