/** Retry, on the forms and lists of the outbox and of the log in Desk. Who may not send is offered nothing. */

const OUTBOX = "Xero Outbox";
const RETRYABLE = ["Failed", "Needs Attention"];
/** Rows in one call. */
const MOST = 500;
/** How a row of a doctype tells its state, and which row of the outbox it is about. */
const FIELDS = {
	[OUTBOX]: { state: "state", outbox: "name" },
	"Xero Log": { state: "outcome", outbox: "outbox" },
};

/** Above the form of a row of the outbox, why it is not sent. */
export async function explainOnForm(frm) {
	const { docname } = frm;
	if (!RETRYABLE.includes(frm.doc.state) || !(await maySend())) return;
	const { message } = await call("explain", { outbox: docname });
	if (frm.docname === docname) frm.set_intro(frappe.utils.escape_html(message), "orange");
}

/** A button on the form, if its row of the outbox, as it is now, can be tried again. */
export async function offerOnForm(frm) {
	const { docname } = frm;
	const outbox = frm.doc[FIELDS[frm.doctype].outbox];
	const state = await stateOf(frm, outbox);
	if (!RETRYABLE.includes(state) || !(await maySend()) || frm.docname !== docname) return;
	frm.add_custom_button(__("Retry"), async () => {
		await call("retry", { outbox });
		tell(1, 0);
		frm.reload_doc();
	});
	const { error_code } = frm.doc;
	if (!error_code) return;
	frm.add_custom_button(__("Retry all with this problem"), () => {
		frappe.confirm(__("Send everything to Xero again that this problem keeps back?"), async () => {
			await retryKind(error_code);
			frm.reload_doc();
		});
	});
}

/** Everything that failed for one reason, some hundreds in a call. */
async function retryKind(error_code) {
	const sum = { queued: 0, skipped: 0 };
	let after = "";
	do {
		const answer = await call("retry_kind", { error_code, after });
		sum.queued += answer.queued;
		sum.skipped += answer.skipped;
		after = answer.after;
	} while (after);
	tell(sum.queued, sum.skipped);
}

/** Retry for the rows that are ticked, and for all failed ones that the list's filters let through. */
export async function offerOnList(list) {
	if (!(await maySend())) return;
	list.page.add_actions_menu_item(__("Retry"), () => retry(list, failedOf(list)), false);
	list.page.add_inner_button(__("Retry all failed"), async () => {
		const outboxes = await allFailed(list);
		const question = __("Send {0} to Xero again?", [outboxes.length]);
		if (outboxes.length) frappe.confirm(question, () => retry(list, outboxes));
		else nothing();
	});
}

/** A log's row tells of an attempt; what became of it since stands in the outbox. */
async function stateOf(frm, outbox) {
	if (frm.doctype === OUTBOX) return frm.doc.state;
	const { message } = await frappe.db.get_value(OUTBOX, outbox, "state");
	return message?.state;
}

async function maySend() {
	const { send } = await frappe.xcall("xero_connector.api.panel.places");
	return send;
}

function failedOf(list) {
	const { state, outbox } = FIELDS[list.doctype];
	return distinct(list.get_checked_items().filter((row) => RETRYABLE.includes(row[state])), outbox);
}

async function allFailed(list) {
	const { state, outbox } = FIELDS[list.doctype];
	const filters = [...list.get_filters_for_args(), [list.doctype, state, "in", RETRYABLE]];
	const rows = await frappe.db.get_list(list.doctype, { fields: [outbox], filters, limit: 0 });
	return distinct(rows, outbox);
}

function distinct(rows, field) {
	return [...new Set(rows.map((row) => row[field]).filter(Boolean))];
}

async function retry(list, outboxes) {
	if (!outboxes.length) return nothing();
	const sum = { queued: 0, skipped: 0 };
	for (let start = 0; start < outboxes.length; start += MOST) {
		const { queued, skipped } = await call("retry_many", { outboxes: outboxes.slice(start, start + MOST) });
		sum.queued += queued;
		sum.skipped += skipped;
	}
	tell(sum.queued, sum.skipped);
	list.clear_checked_items();
	list.refresh();
}

function call(method, args) {
	return frappe.xcall(`xero_connector.api.tools.${method}`, args);
}

function tell(queued, skipped) {
	const left = skipped ? __("{0} not: sent by now, or on the way.", [skipped]) : "";
	const message = [__("{0} queued for Xero.", [queued]), left].filter(Boolean).join(" ");
	frappe.show_alert({ message, indicator: queued ? "green" : "orange" });
}

function nothing() {
	frappe.show_alert({ message: __("Nothing here has failed."), indicator: "blue" });
}
