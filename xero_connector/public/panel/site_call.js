/**
 * Calling the site from a browser, for hosts: the panel itself only knows `host.call` and `host.download`. Not by
 * `frappe.call`, which is missing in the CRM and puts every refusal on the screen, where the panel wants to say it
 * in its place.
 */

const PREFIX = "xero_connector.api.";

/**
 * @param {{token: function(): string, t: function(string): string}} site `token` gives the CSRF token of now.
 * @returns {function(string, object): Promise} rejects with an Error: `message` is a sentence, `status` the HTTP
 * status (0 if the site was not reached), `field` the path of the field that it is about, if there is one.
 */
export function createCall(site) {
	return async function call(method, args) {
		const response = await ask(site, method, args);
		return (await bodyOf(response)).message;
	};
}

/**
 * Saves the file that a method answers with, under the name that the site gives it.
 *
 * @returns {function(string, object): Promise} rejects as `createCall`'s does.
 */
export function createDownload(site) {
	return async function download(method, args) {
		const response = await ask(site, method, args);
		save(await response.blob(), fileName(response.headers.get("Content-Disposition") ?? ""));
	};
}

/** The site's answer if it is a good one. */
async function ask({ token, t }, method, args) {
	const response = await fetch(`/api/method/${PREFIX}${method}`, {
		method: "POST",
		credentials: "same-origin",
		headers: {
			Accept: "application/json",
			"Content-Type": "application/json",
			"X-Frappe-CSRF-Token": token(),
		},
		body: JSON.stringify(args),
	}).catch(() => {
		throw refusal(t("The site could not be reached. Check your connection."), 0);
	});
	if (response.ok) return response;
	const body = await bodyOf(response);
	throw refusal(sentenceOf(body) || generalSentence(response.status, t), response.status, body.xero_field);
}

function bodyOf(response) {
	return response.json().catch(() => ({}));
}

/** The address of a blob holds its bytes until it is revoked; the browser has them once the click is done. */
function save(blob, name) {
	const link = document.createElement("a");
	link.href = URL.createObjectURL(blob);
	link.download = name;
	link.click();
	setTimeout(() => URL.revokeObjectURL(link.href));
}

/** Of `attachment; filename="INV-1.pdf"; filename*=UTF-8''INV-%C3%A9.pdf` the second, which holds every letter. */
function fileName(disposition) {
	const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition);
	if (encoded) return decodeURIComponent(encoded[1]);
	return /filename="?([^";]+)"?/i.exec(disposition)?.[1] ?? "";
}

function refusal(message, status, field) {
	return Object.assign(new Error(message), { status, field });
}

function generalSentence(status, t) {
	if (status === 401) return t("You are no longer signed in. Reload the page.");
	if (status === 403) return t("You are not allowed to do this.");
	return t("Something went wrong on the site. Try again in a moment.");
}

/** The last message that Frappe would have shown, as plain text. */
function sentenceOf({ _server_messages: messages }) {
	if (!messages) return "";
	const last = JSON.parse(messages).at(-1);
	return plainText(JSON.parse(last).message);
}

/** Messages may be HTML; a parsed document of its own neither runs nor loads anything. */
function plainText(html) {
	return new DOMParser().parseFromString(html, "text/html").body.textContent.trim();
}
