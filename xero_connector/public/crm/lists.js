/**
 * Xero in the lists of Frappe CRM: actions for the selected rows, whose runs are shown in a dialog. A dialog of the
 * CRM takes HTML, so that a run is mounted into a place in it, as panels are.
 */

const ATTRIBUTE = "data-xero-run";

/** `offersOf(doctype)` are those of `run/offers.js`; `createPlaces` is that of `watch.js`. */
export function createLists({ dialogs, offersOf, mountRun, createPlaces }) {
	const runs = [];
	const { keep } = createPlaces(`[${ATTRIBUTE}]`, (element) => mountRun(element, runs[element.getAttribute(ATTRIBUTE)]));

	async function open(title, wanted) {
		const number = runs.push(wanted) - 1;
		await dialogs.show({ title, size: "4xl", html: `<div ${ATTRIBUTE}="${number}"></div>` }).closed;
	}

	/** In the CRM's terms: what a list does with its selected rows, a set of names. */
	function action({ label, url, title, begin }) {
		if (url) return { label, onClick: () => void window.open(url, "_blank", "noopener") };
		return {
			label,
			async onClick({ list, selections, unselectAll }) {
				await open(title, begin([...selections]));
				unselectAll();
				list.reload();
			},
		};
	}

	return { keep, actions: (doctype) => offersOf(doctype).map(action) };
}
