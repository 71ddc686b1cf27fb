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

/** A panel in every `<div data-xero-panel="CRM Deal" data-xero-name="…encoded…">`, for as long as it is there. */
export function createPanels(mount) {
	const panels = new Map();

	function keep() {
		for (const [element, panel] of panels) {
			if (element.isConnected) continue;
			panel.unmount();
			panels.delete(element);
		}
		for (const element of document.querySelectorAll("[data-xero-panel]")) {
			if (!panels.has(element)) panels.set(element, mount(element, targetOf(element)));
		}
	}

	return { keep };
}

function targetOf({ dataset }) {
	return { doctype: dataset.xeroPanel, name: decodeURIComponent(dataset.xeroName) };
}
