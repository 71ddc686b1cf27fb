/**
 * The CRM draws and drops the nodes of its pages as it likes: on every change of route or tab, on save, in dialogs.
 * So what we put on a page is not put there once but kept there: each keeper's `keep()` looks at the page after it
 * has changed, at most once a frame.
 */
export function watch(keepers) {
	let isDue = false;
	const keepAll = () => {
		isDue = false;
		for (const { keep } of keepers) keep();
	};
	const observer = new MutationObserver(() => {
		if (isDue) return;
		isDue = true;
		requestAnimationFrame(keepAll);
	});
	observer.observe(document.body, { childList: true, subtree: true });
	keepAll();
}

/** What `mount(element)` puts into every element of this selector, for as long as the element is there. */
export function createPlaces(selector, mount) {
	const mounted = new Map();

	function keep() {
		for (const [element, handle] of mounted) {
			if (element.isConnected) continue;
			handle.unmount();
			mounted.delete(element);
		}
		for (const element of document.querySelectorAll(selector)) {
			if (!mounted.has(element)) mounted.set(element, mount(element));
		}
	}

	return { keep };
}

/** A panel in every `<div data-xero-panel="CRM Deal" data-xero-name="…encoded…">`. */
export function createPanels(mount) {
	return createPlaces("[data-xero-panel]", (element) => mount(element, targetOf(element)));
}

/** `data-xero-form` names the form that is to be open in the panel. */
function targetOf({ dataset: { xeroPanel: doctype, xeroName, xeroForm: open } }) {
	const target = { doctype, name: decodeURIComponent(xeroName) };
	return open ? { ...target, open } : target;
}
