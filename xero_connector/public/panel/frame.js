/** A place of our own in the host's page: a shadow root with our style sheets, and painting into it. */

const { search: version } = new URL(import.meta.url);
const STYLES = ["base", "frame", "link", "overview", "list", "rows", "narrow", "dialog", "draft", "lines", "credit"];

/**
 * @returns {{makeFrame: function(string[]): {frame: Element, canvas: Element}, paint: function(Element, ...Node)}}
 */
export function createFrames({ h, patch }) {
	return {
		/**
		 * A shadow root keeps the host's styles out; its custom properties (colours, fonts) come in. `frame` goes
		 * into the host's page, `canvas` is what `paint` takes. `sheets` are addresses of further style sheets.
		 */
		makeFrame(sheets = []) {
			const frame = document.createElement("div");
			const canvas = document.createElement("div");
			const own = STYLES.map((name) => new URL(`styles/${name}.css${version}`, import.meta.url).href);
			const links = [...own, ...sheets].map(styleSheet);
			canvas.hidden = true;
			Promise.all(links.map(({ loaded }) => loaded)).then(() => (canvas.hidden = false));
			canvas.addEventListener("keydown", keepFromHost);
			frame.attachShadow({ mode: "open" }).append(...links.map(({ link }) => link), canvas);
			return { frame, canvas };
		},

		/**
		 * Shows `nodes` (also nested in arrays); opens and closes their dialog, and focuses a new [data-focus]. Whose
		 * focused node has gone goes on at the beginning, and not somewhere in the host's page.
		 */
		paint(canvas, ...nodes) {
			const next = h("div", null, nodes);
			const shown = canvas.querySelector("dialog");
			// closing gives the focus back to where it was before the dialog opened; removing would not
			if (shown?.open && !next.querySelector("dialog")) shown.close();
			const focused = canvas.getRootNode().activeElement;
			const before = new Set(canvas.querySelectorAll("[data-focus]"));
			patch(canvas, next);
			const dialog = canvas.querySelector("dialog");
			if (dialog && !dialog.open) dialog.showModal();
			const [appeared] = [...canvas.querySelectorAll("[data-focus]")].filter((node) => !before.has(node));
			if (appeared) appeared.focus();
			else if (focused && !focused.isConnected) (dialog ?? canvas.querySelector("section[tabindex='-1']"))?.focus();
		},
	};
}

/** `loaded` also without success: content without its looks is better than none. */
function styleSheet(href) {
	const link = document.createElement("link");
	const loaded = new Promise((resolve) => (link.onload = link.onerror = resolve));
	link.rel = "stylesheet";
	link.href = href;
	return { link, loaded };
}

/** Seen from outside a shadow root, typing does not come from a field, and the host would take it for shortcuts. */
function keepFromHost(event) {
	const isTyping = event.target.matches("input, textarea, select") && !event.ctrlKey && !event.metaKey;
	if (isTyping || event.target.closest("dialog")) event.stopPropagation();
}
