/**
 * What every view gets: the node builder, the translation, the formats, and the small parts that are drawn alike
 * everywhere. The translation is called `__` so that Frappe's extractor finds the sentences.
 */

const ICONS = {
	pin: "M9 4h6l-1 6 3 3v2H7v-2l3-3-1-6zM12 15v5",
	external: "M8 5H5v14h14v-3M13 5h6v6M19 5l-9 9",
	refresh: "M19 12a7 7 0 1 1-2.2-5.1L19 9M19 4v5h-5",
	plus: "M12 5v14M5 12h14",
	search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l4 4",
	chevron: "M7 10l5 5 5-5",
	close: "M6 6l12 12M18 6L6 18",
	alert: "M12 4l9 16H3l9-16zM12 10v4M12 17v.5",
	check: "M5 13l4 4L19 7",
	more: "M6 12h.01M12 12h.01M18 12h.01",
	download: "M12 5v10M8 11l4 4 4-4M5 19h14",
	copy: "M9 9h10v10H9zM5 15V5h10",
	link: "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1",
};

export function createUi({ host, dom, format, paths, views }) {
	const { h } = dom;
	const __ = (text, values) => host.t(text, values);
	const formats = format.createFormat(host.locale);

	function icon(name) {
		const path = h("path", { d: ICONS[name] });
		return h("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" }, path);
	}

	/** A link to Xero in a new tab, with an arrow if `mark`; plain text without an address that a link may have. */
	function xeroLink(url, label, { mark, ...props } = {}) {
		if (!dom.safeUrl(url)) return h("span", null, label);
		const outside = { href: url, target: "_blank", rel: "noopener noreferrer" };
		return h("a", { ...outside, ...props }, label, mark && [" ", icon("external")]);
	}

	/** `kind`: primary, plain (the default) or quiet. */
	function button(label, onClick, { kind = "plain", icon: name, ...props } = {}) {
		const parts = [name && icon(name), h("span", null, label)];
		return h("button", { type: "button", class: ["button", kind], on: { click: onClick }, ...props }, parts);
	}

	function iconButton(name, label, onClick, props) {
		const named = { type: "button", class: "icon-button", "aria-label": label, title: label };
		return h("button", { ...named, on: { click: onClick }, ...props }, icon(name));
	}

	/** `tone`: info, warning or bad. */
	function notice(tone, ...children) {
		const isAlarm = tone === "bad" || tone === "warning";
		const role = isAlarm ? "alert" : "status";
		return h("div", { class: ["notice", tone], role }, isAlarm && icon("alert"), h("div", null, children));
	}

	function badge(tone, label, props) {
		return h("span", { class: ["badge", tone], ...props }, label);
	}

	/** A sentence in place of content, with what can be done about it. */
	function empty(title, text, ...actions) {
		const words = [title && h("h3", null, title), text && h("p", null, text)];
		const offered = actions.filter(Boolean);
		return h("div", { class: "empty" }, words, offered.length > 0 && h("div", { class: "actions" }, offered));
	}

	/** A label over a control, with a hint or what is wrong below. */
	function field(id, label, control, { hint, error, wide } = {}) {
		control.id = id;
		const note = error || hint;
		if (note) control.setAttribute("aria-describedby", `${id}-note`);
		if (error) control.setAttribute("aria-invalid", "true");
		return h(
			"div",
			{ class: ["field", wide && "wide"] },
			h("label", { for: id }, label),
			control,
			note && h("p", { id: `${id}-note`, class: error ? "error" : "hint" }, note),
		);
	}

	/**
	 * Arrow keys move and choose, as a list of tabs does. Each tab controls the element with the id `panel`, which
	 * is labelled by the chosen tab: `ids` before the option's id.
	 */
	function tabs(label, options, chosen, onChoose, { ids = "tab-", panel, ...props } = {}) {
		const tab = ({ id, label: text, count }) =>
			h(
				"button",
				{
					type: "button",
					role: "tab",
					key: id,
					id: `${ids}${id}`,
					"aria-controls": panel,
					"aria-selected": id === chosen,
					tabindex: id === chosen ? "0" : "-1",
					on: { click: () => id !== chosen && onChoose(id) },
				},
				text,
				count !== undefined && h("span", { class: "count" }, count),
			);
		const list = { role: "tablist", "aria-label": label, on: { keydown: moveInTabs }, ...props };
		return h("div", list, options.map(tab));
	}

	/** A button that unfolds the element with the id `controls`; Escape folds it, from there as well (`onEscape`). */
	function disclosure(id, controls, isOpen, toggle, props, ...label) {
		const on = { click: toggle, ...(isOpen && { keydown: onEscape(toggle, id) }) };
		const state = { "aria-expanded": isOpen, "aria-controls": isOpen ? controls : null };
		return h("button", { type: "button", id, ...state, on, ...props }, label);
	}

	/** A button with a small list of links and buttons below it, which goes when the focus leaves it. */
	function menu(id, label, { isOpen, toggle, close }, items, props) {
		const leave = (event) => isOpen && !event.currentTarget.contains(event.relatedTarget) && close();
		const list = () => h("ul", { id: `${id}-items` }, items.map((item, index) => h("li", { key: String(index) }, item)));
		return h(
			"div",
			// a focusable box: some browsers do not focus a button that is clicked
			{ class: "menu", key: id, tabindex: "-1", on: { focusout: leave, keydown: isOpen ? onEscape(close, id) : null } },
			disclosure(id, `${id}-items`, isOpen, toggle, { class: "button quiet", ...props }, label, icon("chevron")),
			isOpen && list(),
		);
	}

	const parts = { icon, xeroLink, button, iconButton, notice, badge, empty, field, tabs, disclosure, menu, onEscape };
	return { h, __, ...formats, ...format, ...paths, views, ...parts };
}

/** A key handler: Escape closes and gives the focus to the node with the id `opener`; nobody else hears of it. */
function onEscape(close, opener) {
	return (event) => {
		if (event.key !== "Escape") return;
		event.stopPropagation();
		const root = event.currentTarget.getRootNode();
		close();
		root.getElementById(opener)?.focus();
	};
}

function moveInTabs(event) {
	const tabs = [...event.currentTarget.querySelectorAll('[role="tab"]')];
	const from = tabs.indexOf(event.target);
	const steps = { ArrowLeft: from - 1, ArrowRight: from + 1, Home: 0, End: tabs.length - 1 };
	const wanted = steps[event.key];
	if (from < 0 || wanted === undefined) return;
	event.preventDefault();
	const tab = tabs.at(wanted % tabs.length);
	tab.focus();
	tab.click();
}
