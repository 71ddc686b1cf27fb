/** Two small charts of plain nodes; each amount is there as text for those who do not see the drawing. */

/** What is unpaid, by how late it is: one bar cut in proportion, and its legend. */
export function ageingBar(ui, { ageing, currency }) {
	const { h, __ } = ui;
	const buckets = ageing.map(({ bucket, amount }) => ({
		bucket,
		label: bucketLabel(ui, bucket),
		amount: ui.money(amount, currency),
		share: Math.max(0, ui.magnitude(amount)),
	}));
	const isClear = buckets.every(({ share }) => share === 0);
	return h(
		"section",
		{ class: "chart", "aria-label": __("Ageing of what is unpaid") },
		h("h3", null, __("Ageing")),
		h("div", { class: ["ageing", isClear && "clear"], "aria-hidden": "true" }, buckets.map((bucket) => segment(ui, bucket))),
		h("dl", { class: "legend" }, buckets.map((bucket) => legend(ui, bucket))),
	);
}

/** Sales of the last 12 months; a month in which credit notes outweigh sales hangs below the line. */
export function monthBars(ui, { months, currency }) {
	const { h, __ } = ui;
	const values = months.map(({ amount }) => ui.magnitude(amount));
	const above = Math.max(0, ...values);
	const below = Math.max(0, ...values.map((value) => -value));
	const scale = above + below || 1;
	const bars = months.map(({ month, amount }, index) => {
		const size = `${(100 * Math.abs(values[index])) / scale}%`;
		return bar(ui, { month, amount: ui.money(amount, currency), size, isBelow: values[index] < 0 });
	});
	return h(
		"section",
		{ class: "chart", "aria-label": __("Sales of the last 12 months") },
		h("h3", null, __("Sales by month")),
		h("ol", { class: "months", style: { "--line-at": `${(100 * below) / scale}%` } }, bars),
	);
}

function bucketLabel({ __ }, bucket) {
	return bucket === "not_due" ? __("Not due") : __("{0} days", [bucket]);
}

function segment({ h }, { bucket, label, amount, share }) {
	if (share === 0) return null;
	return h("span", { key: bucket, class: `age-${ageClass(bucket)}`, style: { "--share": share }, title: `${label}: ${amount}` });
}

function legend({ h }, { bucket, label, amount, share }) {
	const name = h("dt", null, h("span", { class: ["dot", `age-${ageClass(bucket)}`] }), label);
	return h("div", { key: bucket, class: share === 0 ? "none" : null }, name, h("dd", null, amount));
}

function ageClass(bucket) {
	return bucket === "not_due" ? "0" : bucket.replace(/\D.*/, "");
}

function bar(ui, { month, amount, size, isBelow }) {
	const { h } = ui;
	return h(
		"li",
		{ key: month },
		h("span", { class: "track", "aria-hidden": "true" }, h("span", { class: ["bar", isBelow && "below"], style: { "--size": size } })),
		h("span", { class: "month", "aria-hidden": "true" }, ui.month(month)),
		h("span", { class: "tip" }, `${ui.month(month)} ${month.slice(0, 4)}: ${amount}`),
	);
}
