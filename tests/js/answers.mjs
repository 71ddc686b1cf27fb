/** Answers of the API as the panel gets them; each call gives fresh objects. */

const COUNTS = { open: 3, unpaid: 5, overdue: 1, due_today: 0, paid: 4, drafts: 1, pinned: 1, all: 12 };

export function row(change) {
	return {
		id: "d1",
		number: "INV-0001",
		reference: "PO 7",
		type: "Invoice",
		date: "2026-11-01",
		due_date: "2026-12-01",
		status: "Authorised",
		currency: "NZD",
		total: "1150.00",
		amount_due: "1150.00",
		contact_name: "Aotearoa Widgets",
		url: "https://go.xero.com/invoice/d1",
		pinned: false,
		overdue: false,
		payments: [],
		remarks: [],
		pdf: true,
		online: true,
		...change,
	};
}

export function page(change) {
	const paging = { kind: "invoice", view: "open", scope: "record", start: 0, page_length: 20, total: 1 };
	return { ...paging, counts: { ...COUNTS }, rows: [row()], ...change };
}

export function contact(change) {
	return {
		id: "c1",
		name: "Aotearoa Widgets",
		email: "accounts@widgets.example",
		is_customer: true,
		is_supplier: false,
		organisation: "ORG1",
		status: "Active",
		url: "https://go.xero.com/contact/c1",
		inherited_from: null,
		...change,
	};
}

export function overview(change) {
	return {
		currency: "NZD",
		unpaid: "48312.50",
		awaiting_approval: "0.00",
		paid: "128450.75",
		overdue: "1200.00",
		bills_unpaid: null,
		lifetime: "412906.20",
		last_12_months: "115000.75",
		ageing: ["not_due", "1-30", "31-60", "61-90", "90+"].map((bucket) => ({ bucket, amount: "10.00" })),
		months: Array.from({ length: 12 }, (_, index) => ({
			month: `2026-${String(index + 1).padStart(2, "0")}`,
			amount: "100.00",
		})),
		other_currencies: [],
		sale: null,
		...change,
	};
}

export function sale(change) {
	const amounts = { value: "10000.00", invoiced: "4000.00", drafted: "0.00", left: "6000.00" };
	return { currency: "NZD", ...amounts, others: 0, ...change };
}

export function credit(change) {
	const owed = { unpaid: "800.00", overdue: "0.00", oldest_days: 0, with_this: null };
	const limit = { limit: null, limit_currency: null, limit_compared: false, over_limit: null, near_limit: false };
	return { currency: "NZD", ...owed, ...limit, promises: [], disputes: [], ...change };
}

export function remark(change) {
	return {
		name: "r1",
		document: "d1",
		number: "INV-0001",
		kind: "Promise",
		promised_on: "2026-12-03",
		amount: null,
		currency: "NZD",
		text: "By bank",
		by: "Sally Seller",
		on: "2026-11-20T10:00:00+13:00",
		broken: false,
		...change,
	};
}

export function organisation(change) {
	return {
		name: "ORG1",
		title: "Kiwi Test Ltd",
		base_currency: "NZD",
		as_of: "2026-11-21T01:00:00Z",
		needs_reconnect: false,
		problem: null,
		is_demo: false,
		reading: false,
		...change,
	};
}

export function panel(change) {
	return {
		state: "linked",
		can: { connect: false, link: true, draft: true, send: false, bills: false, books: false },
		record: {
			doctype: "CRM Deal",
			name: "D-1",
			title: "Website rebuild",
			search: "Website rebuild",
			view: "open",
			scope: "record",
			scopes: ["record", "customer"],
			can_draft: true,
			is_live: true,
			sales: [],
			own_document: null,
		},
		today: "2026-11-21",
		settings_url: "/app/xero-settings",
		organisation: organisation(),
		organisations: [{ name: "ORG1", title: "Kiwi Test Ltd", linked: true, connected: true }],
		contacts: [contact()],
		overview: overview(),
		credit: null,
		counts: { invoice: { ...COUNTS } },
		list: page(),
		version: "v1",
		...change,
	};
}

export function unlinked(change) {
	return panel({ state: "no_contact", contacts: [], overview: null, counts: null, list: null, ...change });
}

export function unconnected(change) {
	const nothing = { organisation: null, organisations: [], today: null };
	return unlinked({ state: "not_connected", ...nothing, ...change });
}

export function line(change) {
	const money = { quantity: "1", unit_amount: "12500.00", discount_rate: "", discount_amount: "" };
	return { item_code: "", description: "Website rebuild", ...money, account_code: "200", tax_type: "OUTPUT2", ...change };
}

const PERSON = { first_name: "Ana", last_name: "Ruiz", email_address: "ana@widgets.example", phone: "+64 9 555 0101" };
const ADDRESS = { address_line: "1 Quay Street", city: "Auckland", region: "", postal_code: "1010", country: "NZ" };

export function draftValues(change) {
	return {
		organisation: "ORG1",
		sequence: 1,
		contact_id: "c1",
		contact_name: "Aotearoa Widgets",
		contact: { ...PERSON, ...ADDRESS },
		date: "2026-11-21",
		due_date: "2026-12-21",
		reference: "",
		currency: "NZD",
		branding_theme: "",
		line_amount_types: "Exclusive",
		status: "Draft",
		lines: [line()],
		part: { kind: "all", value: "" },
		confirmed: [],
		...change,
	};
}

export function choices(change) {
	return {
		accounts: [
			{ value: "200", label: "200 Sales", tax_type: "OUTPUT2" },
			{ value: "260", label: "260 Other revenue", tax_type: "ZERORATED" },
		],
		tax_rates: [
			{ value: "OUTPUT2", label: "15% GST on income", rate: "15" },
			{ value: "ZERORATED", label: "Zero rated", rate: "0" },
		],
		items: [
			{
				value: "HOST",
				label: "Hosting",
				description: "Hosting, a year",
				unit_amount: "240.00",
				account_code: "260",
				tax_type: "ZERORATED",
			},
		],
		currencies: ["NZD", "AUD"],
		branding_themes: [{ value: "t1", label: "Kiwi blue" }],
		statuses: ["Draft", "Submitted", "Authorised"],
		line_amount_types: ["Exclusive", "Inclusive", "NoTax"],
		parts: ["all", "percent", "amount"],
		...change,
	};
}

export function draft(change) {
	return {
		mode: "create",
		reason: null,
		sequence: 1,
		next_sequence: 2,
		existing: null,
		others: [],
		organisation: "ORG1",
		organisations: [{ name: "ORG1", title: "Kiwi Test Ltd" }],
		values: draftValues(),
		record_lines: null,
		choices: choices(),
		sale: null,
		document_type: "Invoice",
		problems: [],
		...change,
	};
}

export function preview(change) {
	const tax = { discount: "0.00", tax: "1875.00", tax_label: "15% GST on income" };
	return {
		action: "create",
		document_type: "Invoice",
		status: "Draft",
		reference: "D-1",
		currency: "NZD",
		lines: [{ description: "Website rebuild", amount: "12500.00", ...tax }],
		sub_total: "12500.00",
		discount: "0.00",
		taxes: [{ label: "15% GST on income", amount: "1875.00" }],
		tax: "1875.00",
		total: "14375.00",
		contact: { action: "use", id: "c1", name: "Aotearoa Widgets" },
		problems: [],
		questions: [],
		remarks: [],
		...change,
	};
}

export function outcome(state, change) {
	return { outbox: "o1", state, message: "The draft is on its way to Xero.", document: null, ...change };
}

export function version(change) {
	return { version: "v1", as_of: "2026-11-21T01:00:00Z", problem: null, reading: false, ...change };
}

export function suggestion(change) {
	return contact({ score: 97, reasons: ["email", "name"], ...change });
}

export function newContact(change) {
	return { values: { name: "Aotearoa Widgets", ...PERSON, ...ADDRESS }, existing: null, problems: [], ...change };
}

export function found(change) {
	return { rows: [row()], limited: false, ...change };
}
