/** Replay, on the form and list of webhook events in Desk: what Xero told is done again. */

/** Whether it says what changed; one that is Unknown may as well. */
const canBeDone = (row) => Boolean(row.organisation && row.resource);
/** Waits for its turn anyway. */
const WAITING = "Waiting";

export function offerOnForm(frm) {
	if (!canBeDone(frm.doc) || frm.doc.state === WAITING) return;
	frm.add_custom_button(__("Replay"), async () => {
		await replay([frm.doc.name]);
		frm.reload_doc();
	});
}

/** Replay for the rows that are ticked. */
export function offerOnList(list) {
	list.page.add_actions_menu_item(
		__("Replay"),
		async () => {
			await replay(list.get_checked_items(true));
			list.clear_checked_items();
			list.refresh();
		},
		false,
	);
}

async function replay(events) {
	const { queued, skipped } = await frappe.xcall("xero_connector.api.webhook.replay", { events });
	const left = skipped ? __("{0} not: they do not say what changed.", [skipped]) : "";
	const message = [__("{0} queued to be read again.", [queued]), left].filter(Boolean).join(" ");
	frappe.show_alert({ message, indicator: queued ? "green" : "orange" });
}
