/**
 * Calling the site from a browser, for hosts: the panel itself only knows `host.call`. Not by `frappe.call`,
 * which is missing in the CRM and puts every refusal on the screen, where the panel wants to say it in its place.
 */

const PREFIX = "xero_connector.api.";

/**
 * @param {{token: function(): string, t: function(string): string}} site `token` gives the CSRF token of now.
 * @returns {function(string, object): Promise} rejects with an Error: `message` is a sentence, `status` the HTTP
 * status (0 if the site was not reached).
 */
export function createCall({ token, t }) {
	return async function call(method, args) {
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
		const answer = await response.json().catch(() => ({}));
		if (!response.ok) throw refusal(sentenceOf(answer) || generalSentence(response.status, t), response.status);
		return answer.message;
	};
}

function refusal(message, status) {
	return Object.assign(new Error(message), { status });
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
