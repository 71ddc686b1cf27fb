/** A dialog over the page with a run in it (see `mountRun`). Escape and its button close it; the run goes on. */

const { search: version } = new URL(import.meta.url);
const { mountRun } = await import(`../run/index.js${version}`);

/** Resolves when it has been closed. */
export function openRun(page, host, title, wanted) {
	const dialog = element(page, "dialog", { className: "job" });
	const heading = element(page, "h2", { id: "job", textContent: title });
	const close = element(page, "button", { type: "button", textContent: "×", ariaLabel: host.t("Close") });
	const head = element(page, "header", {});
	const place = element(page, "div", {});
	head.append(heading, close);
	dialog.append(head, place);
	dialog.setAttribute("aria-labelledby", heading.id);
	close.addEventListener("click", () => dialog.close());
	page.body.append(dialog);
	dialog.showModal();
	const run = mountRun(place, host, wanted);
	return new Promise((resolve) => {
		dialog.addEventListener("close", () => {
			run.unmount();
			dialog.remove();
			resolve();
		});
	});
}

function element(page, tag, properties) {
	return Object.assign(page.createElement(tag), properties);
}
