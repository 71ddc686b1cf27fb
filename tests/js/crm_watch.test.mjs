import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { nextFrame } from "./crm_page.mjs";
import { createPanels, watch } from "../../xero_connector/public/crm/watch.js";

const mounted = [];
const mount = (element, target) => {
	const panel = { element, target, gone: false, unmount: () => (panel.gone = true) };
	mounted.push(panel);
	return panel;
};
const looks = [];

watch([createPanels(mount), { keep: () => looks.push(mounted.length) }]);

function place(name, doctype = "CRM Deal") {
	const element = document.createElement("div");
	element.innerHTML = `<p><span data-xero-panel="${doctype}" data-xero-name="${encodeURIComponent(name)}"></span></p>`;
	return element;
}

beforeEach(async () => {
	document.body.replaceChildren();
	await nextFrame();
	mounted.length = 0;
	looks.length = 0;
});

test("a place that comes with any change of the page gets the panel of its record", async () => {
	document.body.append(place('Tom & "Co" / 5 %', "CRM Organization"));
	await nextFrame();
	assert.deepEqual(mounted.map(({ target }) => target), [{ doctype: "CRM Organization", name: 'Tom & "Co" / 5 %' }]);
});

test("a panel whose place has gone is taken down, and a new place gets a new one", async () => {
	const first = place("D-1");
	document.body.append(first);
	await nextFrame();
	first.remove();
	document.body.append(place("D-1"));
	await nextFrame();
	assert.deepEqual(mounted.map(({ gone }) => gone), [true, false]);
});

test("what changes around a panel leaves it alone", async () => {
	document.body.append(place("D-1"));
	await nextFrame();
	document.body.append(document.createElement("p"), place("D-2"));
	await nextFrame();
	assert.deepEqual(mounted.map(({ target, gone }) => [target.name, gone]), [["D-1", false], ["D-2", false]]);
});

test("many changes are looked at once, in the next frame", async () => {
	for (let count = 0; count < 20; count++) {
		document.body.append(document.createElement("p"));
		await Promise.resolve();
	}
	assert.deepEqual(looks, []);
	assert.equal(await nextFrame(), 1);
	assert.deepEqual(looks, [0]);
	document.body.append(place("D-1"));
	await nextFrame();
	assert.deepEqual(looks, [0, 1]);
});

test("a place can name the form that is to be open in its panel", async () => {
	const element = place("D-1");
	element.querySelector("span").dataset.xeroForm = "draft";
	document.body.append(element);
	await nextFrame();
	assert.deepEqual(mounted[0].target, { doctype: "CRM Deal", name: "D-1", open: "draft" });
});
