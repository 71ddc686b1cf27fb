/** What panel and home get from our own page. There is no socket here: the panel looks for news by itself. */

const { search: version } = new URL(import.meta.url);
const { createCall, createDownload } = await import(`../panel/site_call.js${version}`);

const TOAST_STAYS = { success: 5000, info: 7000, error: 12_000 }; // milliseconds

/** The host object of `panel/index.js`. */
export function pageHost(page) {
	const messages = new Map(Object.entries(JSON.parse(page.getElementById("messages").textContent)));
	const t = (text, values = []) => fill(messages.get(text) || text, values);
	const token = () => page.querySelector('meta[name="csrf-token"]').content;
	return {
		locale: locale(page.documentElement.lang || "en"),
		t,
		call: createCall({ t, token }),
		download: createDownload({ t, token }),
		toast: (message, kind) => toast(page, message, kind, t),
		confirm: (message) => confirm(page, message, t),
		open: (address) => page.location.assign(address),
		openRecord: (doctype, name) => page.location.assign(recordPath({ doctype, name })),
		subscribe: () => () => {},
	};
}

/** The address of a record's page. */
export function recordPath({ doctype, name }) {
	return `/xero/${encodeURIComponent(doctype)}/${encodeURIComponent(name)}`;
}

/** "{0} of {1}" with the values in place, as Frappe's own `__` does. */
function fill(text, values) {
	return text.replace(/\{(\d+)\}/g, (place, index) => values[index] ?? place);
}

/** The user's language, with the country of the browser if it speaks the same ("en" → "en-NZ"). */
function locale(lang) {
	const language = lang.replace("_", "-");
	return navigator.language.startsWith(`${language}-`) ? navigator.language : language;
}

/** The place for them is a live region; what went wrong interrupts. */
function toast(page, message, kind, t) {
	const note = element(page, "div", { className: `toast ${kind}`, role: kind === "error" ? "alert" : null });
	const close = element(page, "button", { type: "button", textContent: "×", ariaLabel: t("Close") });
	close.addEventListener("click", () => note.remove());
	note.append(element(page, "span", { textContent: message }), close);
	page.getElementById("toasts").append(note);
	setTimeout(() => note.remove(), TOAST_STAYS[kind]);
}

/** A question that Escape answers with no. */
function confirm(page, message, t) {
	const dialog = element(page, "dialog", { className: "question" });
	const text = element(page, "p", { textContent: message, id: "question" });
	const no = element(page, "button", { textContent: t("Cancel") });
	const yes = element(page, "button", { textContent: t("Yes"), value: "yes", className: "primary" });
	const form = element(page, "form", { method: "dialog" });
	dialog.setAttribute("aria-labelledby", text.id);
	form.append(no, yes);
	dialog.append(text, form);
	page.body.append(dialog);
	dialog.showModal();
	return new Promise((resolve) => {
		dialog.addEventListener("close", () => {
			dialog.remove();
			resolve(dialog.returnValue === "yes");
		});
	});
}

function element(page, tag, properties) {
	return Object.assign(page.createElement(tag), properties);
}
