/** The frame of every dialog: a title, a way out (Escape too), and what is in it. */

export function dialogView(ui, { id, title, close, wide = false }, ...content) {
	const { h, __ } = ui;
	const cancel = (event) => {
		event.preventDefault();
		close();
	};
	return h(
		"dialog",
		{ class: ["dialog", wide && "wide"], key: id, "aria-labelledby": `${id}-title`, on: { cancel } },
		h("div", { class: "head" }, h("h2", { id: `${id}-title` }, title), ui.iconButton("close", __("Close"), close)),
		content,
	);
}
