/** What the panel gets from Frappe CRM. */

const ROUTES = {
	"CRM Deal": "deals",
	"CRM Lead": "leads",
	"CRM Organization": "organizations",
	Contact: "contacts",
};

/** Icons of the toasts of releases before 1.47. */
const ICONS = { success: "check", info: "info", error: "x" };

/** The host object of `panel/index.js`. */
export function crmHost({ t, call, download, dialogs, toast, createToast, socket, router }) {
	return {
		locale: locale(),
		t,
		call,
		download,

		toast(message, kind) {
			if (!toast) return createToast({ title: message, icon: ICONS[kind] });
			const show = toast[kind] ?? toast.success;
			return show(escaped(message));
		},

		confirm(message) {
			return dialogs.ask(t("Xero"), message, t("Confirm"));
		},

		openRecord(doctype, name) {
			const route = ROUTES[doctype];
			if (!route) return void window.open(deskAddress(doctype, name), "_blank", "noopener");
			dialogs.closeAll();
			return router.push(`/${route}/${encodeURIComponent(name)}`);
		},

		subscribe(event, handler) {
			socket.on(event, handler);
			return () => socket.off(event, handler);
		},
	};
}

function deskAddress(doctype, name) {
	return `/app/${doctype.toLowerCase().replaceAll(" ", "-")}/${encodeURIComponent(name)}`;
}

/** The CRM's toasts take HTML. */
function escaped(text) {
	const node = document.createElement("span");
	node.textContent = text;
	return node.innerHTML;
}

/** The site's language, with the country of the browser if it speaks the same ("en" → "en-NZ"). */
function locale() {
	const language = (window.sysdefaults?.language || "en").replace("_", "-");
	return navigator.language.startsWith(`${language}-`) ? navigator.language : language;
}
