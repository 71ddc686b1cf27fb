// Map Taxes in Desk: what is shown of each rate, what is saved, and where a refusal is read.
import assert from "node:assert/strict";
import { test } from "node:test";
import { settled, t, window } from "./page.mjs";

const RATES = [
	{ value: "OUTPUT2", label: "GST on Income", rate: "15" },
	{ value: "TAX001", label: "Levy", rate: "17.5" },
];

function rate(our_name, values = {}) {
	const blank = { tax_type: "", xero_rate: "", state: "none", trouble: "", reason: "" };
	return { our_doctype: "Xero Own Rate", our_name, title: our_name, our_rate: "15", mapped_rate: "15", ...blank, ...values };
}

const MAPPED = { tax_type: "OUTPUT2", xero_rate: "15", state: "mapped" };

/** Desk with one dialog at a time; `answer` is what saving answers with, an Error refuses. */
function desk(rows, { answer, mayOverride = true } = {}) {
	const seen = { saved: [], alerts: [], hidden: false, root: document.createElement("div") };
	globalThis.__ = t;
	globalThis.window = window;
	globalThis.frappe = {
		boot: { lang: "en" },
		csrf_token: "token",
		utils: { escape_html: (text) => text.replaceAll("<", "&lt;") },
		show_alert: (alert) => seen.alerts.push(alert),
		ui: {
			Dialog: class {
				$wrapper = { remove() {} };

				constructor(options) {
					seen.options = options;
				}

				get_field() {
					return { $wrapper: { get: () => seen.root } };
				}

				show() {}

				hide() {
					seen.hidden = true;
				}

				disable_primary_action() {}

				enable_primary_action() {}
			},
		},
	};
	globalThis.fetch = async (address, { body }) => {
		if (address.endsWith("taxes.suggest")) return reply({ rows, rates: RATES, may_override: mayOverride });
		seen.saved.push(JSON.parse(body));
		return answer.status ? answer : reply({ rows: answer, rates: RATES, may_override: mayOverride });
	};
	return seen;
}

function reply(message) {
	return { ok: true, status: 200, json: async () => ({ message }) };
}

function refusal(text, field) {
	const messages = JSON.stringify([JSON.stringify({ message: text })]);
	return { ok: false, status: 417, json: async () => ({ _server_messages: messages, xero_field: field }) };
}

const { open } = await import("../../xero_connector/public/desk/taxes.js");

async function opened(rows, options) {
	const seen = desk(rows, options);
	await open("tenant", "Demo <b>", () => (seen.told = true));
	return seen;
}

function row(seen, name) {
	return seen.root.querySelector(`[data-rate="${name}"]`);
}

function choose(seen, name, value) {
	const select = row(seen, name).querySelector("select");
	select.value = value;
	select.dispatchEvent(new window.Event("change"));
}

async function save(seen) {
	await seen.options.primary_action();
	await settled();
}

test("each rate stands beside Xero's, with what is suggested chosen", async () => {
	const seen = await opened([rate("GST", { ...MAPPED, state: "suggested" }), rate("Levy <i>", { our_rate: "7" })]);
	assert.equal(row(seen, "GST").querySelector("select").value, "OUTPUT2");
	assert.match(row(seen, "GST").textContent, /GST 15 %.*Suggested/);
	assert.equal(seen.root.querySelectorAll("tbody tr").length, 2);
	assert.equal(seen.root.querySelector("i"), null);
	assert.equal(seen.options.title, "Map Taxes: Demo &lt;b>");
});

test("what is chosen is saved with its reason, and the dialog goes", async () => {
	const seen = await opened([rate("GST")], { answer: [rate("GST", MAPPED)] });
	assert.equal(row(seen, "GST").querySelector("input"), null);
	choose(seen, "GST", "TAX001");
	const input = row(seen, "GST").querySelector("input");
	input.value = "as agreed";
	input.dispatchEvent(new window.Event("input"));
	await save(seen);
	const rows = [{ our_doctype: "Xero Own Rate", our_name: "GST", tax_type: "TAX001", reason: "as agreed" }];
	assert.deepEqual(seen.saved, [{ organisation: "tenant", rows }]);
	assert.deepEqual([seen.hidden, seen.told, seen.alerts[0].message], [true, true, "1 mapped."]);
});

test("another tax rate begins without the reason of the one before", async () => {
	const seen = await opened([rate("GST", { ...MAPPED, tax_type: "TAX001", reason: "as agreed" })]);
	choose(seen, "GST", "OUTPUT2");
	choose(seen, "GST", "TAX001");
	assert.equal(row(seen, "GST").querySelector("input").value, "");
});

test("a refusal is read beside its rate and goes with the next choice", async () => {
	const answer = refusal("GST differs.", "rows.1.reason");
	const seen = await opened([rate("Other"), rate("GST")], { answer });
	await save(seen);
	assert.equal(row(seen, "GST").querySelector("[role=alert]").textContent, "GST differs.");
	assert.equal(row(seen, "Other").querySelector("[role=alert]"), null);
	assert.deepEqual([seen.hidden, seen.told], [false, undefined]);
	choose(seen, "GST", "OUTPUT2");
	assert.equal(seen.root.querySelector("[role=alert]"), null);
});

test("a refusal that is about no rate stands above them", async () => {
	const seen = await opened([rate("GST")], { answer: refusal("You are not allowed to do this.") });
	await save(seen);
	assert.equal(seen.root.querySelector("[role=alert]").textContent, "You are not allowed to do this.");
});

for (const [trouble, told] of [
	["Changed", /was 15 % here and 15 % in Xero/],
	["Gone", /archived/],
	["Unfit", /no longer allows/],
]) {
	test(`a pair that does not hold says why: ${trouble}`, async () => {
		const seen = await opened([rate("GST", { ...MAPPED, trouble })]);
		assert.match(row(seen, "GST").textContent, /Does not hold/);
		assert.match(row(seen, "GST").textContent, told);
	});
}

test("a tax rate that Xero has no more stays chosen until somebody chooses another", async () => {
	const gone = rate("GST", { ...MAPPED, tax_type: "OLD", trouble: "Gone" });
	const seen = await opened([gone], { answer: [gone] });
	assert.equal(row(seen, "GST").querySelector("select").value, "OLD");
	await save(seen);
	assert.equal(seen.saved[0].rows[0].tax_type, "OLD");
	assert.deepEqual([seen.hidden, seen.alerts[0].message], [false, "0 mapped. 1 still do not hold."]);
});

test("who may not override reads so and is offered no reason to give", async () => {
	const seen = await opened([rate("GST")], { mayOverride: false });
	choose(seen, "GST", "TAX001");
	assert.equal(row(seen, "GST").querySelector("input"), null);
	assert.match(row(seen, "GST").textContent, /only a Xero Manager/);
});

test("without any rates it is said where they come from", async () => {
	const seen = await opened([]);
	assert.match(seen.root.textContent, /no tax rates here yet/);
});
