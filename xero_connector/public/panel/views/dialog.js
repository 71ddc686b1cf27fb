/** The frame of every dialog: a title, a way out (Escape too), and what is in it. `size`: none, "wide" or "full". */

export function dialogView(ui, { id, title, close, size }, ...content) {
	const { h, __ } = ui;
	const cancel = (event) => {
		event.preventDefault();
		close();
	};
	return h(
		"dialog",
		{ class: ["dialog", size], key: id, tabindex: "-1", "aria-labelledby": `${id}-title`, on: { cancel } },
		h("div", { class: "head" }, h("h2", { id: `${id}-title` }, title), ui.iconButton("close", __("Close"), close)),
		content,
	);
}
