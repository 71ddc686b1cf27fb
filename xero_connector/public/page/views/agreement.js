/** Whether what is shown is what Xero has: the last comparison, which runs every night. For who sees the books. */

/** @param {{state, as_of, differences, open, reconciliation}|null} agreement null where it was never compared */
export function agreementNote(ui, agreement) {
	if (!agreement) return null;
	const { h } = ui;
	const [tone, sentence] = said(ui, agreement);
	return h(
		"p",
		{ class: "agreement muted", key: "agreement" },
		ui.badge(tone, h("a", { href: `/app/xero-reconciliation/${agreement.reconciliation}` }, sentence)),
	);
}

function said({ __, moment }, { state, as_of: at, differences, open }) {
	const when = moment(at);
	if (state === "Agrees") return ["good", __("Agrees with Xero to the cent at {0}", [when])];
	if (state === "Fixed") {
		const one = differences === 1;
		return ["good", one ? __("1 difference at {0}, put right", [when]) : __("{0} differences at {1}, all put right", [differences, when])];
	}
	return ["bad", open === 1 ? __("1 difference from Xero at {0}", [when]) : __("{0} differences from Xero at {1}", [open, when])];
}
