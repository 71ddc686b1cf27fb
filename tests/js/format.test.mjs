import assert from "node:assert/strict";
import test from "node:test";
import * as format from "../../xero_connector/public/panel/format.js";

const { money, day, month, moment } = format.createFormat("en-NZ");
const plain = (text) => text.replace(/\u00a0/g, " ");

test("a large amount keeps its cents", () => {
	assert.equal(money("90071992547409931.37", "NZD"), "$90,071,992,547,409,931.37");
});

test("a negative amount keeps its sign, also below one", () => {
	assert.equal(money("-1200.50", "NZD"), "-$1,200.50");
	assert.equal(money("-0.05", "NZD"), "-$0.05");
});

test("an amount is written with the decimals of its currency", () => {
	assert.equal(plain(money("250000", "JPY", "code")), "JPY 250,000");
	assert.equal(plain(money("12.345", "KWD", "code")), "KWD 12.345");
});

test("an amount of an unknown currency is still shown", () => {
	assert.equal(money("5.00", "??"), "?? 5.00");
	assert.equal(money("5.00", null), "5.00");
});

test("what is no amount is not shown as one", () => {
	for (const amount of [null, undefined, "", "abc", "1e5"]) assert.equal(money(amount, "NZD"), "");
});

test("a date is the same calendar day in every time zone", () => {
	const before = process.env.TZ;
	for (const zone of ["Pacific/Auckland", "America/Los_Angeles", "Pacific/Kiritimati", "UTC"]) {
		process.env.TZ = zone;
		assert.equal(format.createFormat("en-NZ").day("2026-03-01"), "1 Mar 2026", zone);
		assert.equal(month("2026-01"), "Jan", zone);
	}
	process.env.TZ = before ?? "";
	assert.equal(day(null), "");
});

test("a moment of another day says which day", () => {
	const now = new Date("2026-11-21T12:00:00Z");
	assert.doesNotMatch(moment("2026-11-21T11:55:00Z", now), /2026/);
	assert.match(moment("2026-11-18 11:55:00", now), /2026/);
});

test("a moment without a zone is UTC", () => {
	const now = new Date();
	const iso = now.toISOString();
	assert.equal(moment(iso.slice(0, 19).replace("T", " "), now), moment(iso, now));
});

test("Frappe's form of a language works, and an unknown one does no harm", () => {
	assert.match(format.createFormat("pt_BR").money("1200.50", "BRL"), /1\.200,50/);
	assert.equal(format.createFormat("not a language").money("1.00", "USD"), "$1.00");
});
