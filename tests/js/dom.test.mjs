import assert from "node:assert/strict";
import test from "node:test";
import "./page.mjs";
import { h, patch, safeUrl } from "../../xero_connector/public/panel/dom.js";

test("text stays text", () => {
	const node = h("p", { title: '"><b>' }, "<img src=x onerror=alert(1)>");
	assert.equal(node.children.length, 0);
	assert.equal(node.textContent, "<img src=x onerror=alert(1)>");
	assert.equal(node.title, '"><b>');
});

test("only http(s) becomes a link", () => {
	for (const address of ["javascript:alert(1)", " JavaScript:alert(1)", "data:text/html,x", "vbscript:x", "", null]) {
		assert.equal(safeUrl(address), null, String(address));
		assert.equal(h("a", { href: address }).hasAttribute("href"), false, String(address));
	}
	assert.equal(safeUrl("/app/xero-settings"), "https://site.example/app/xero-settings");
	assert.equal(safeUrl("https://go.xero.com/x"), "https://go.xero.com/x");
});

test("what is false, null or empty is left out, and zero is not", () => {
	const node = h("p", { hidden: false, title: null, "aria-pressed": false }, null, false, "", 0);
	assert.equal(node.outerHTML, '<p aria-pressed="false">0</p>');
});

test("a patch keeps the nodes, exchanges their handlers and removes what is gone", () => {
	const pressed = [];
	const view = (name) => h("div", null, h("button", { on: { click: () => pressed.push(name) } }, name), name === "a" && h("i"));
	const page = view("a");
	const button = page.firstChild;
	patch(page, view("b"));
	button.click();
	assert.equal(page.firstChild, button);
	assert.equal(button.textContent, "b");
	assert.deepEqual(pressed, ["b"]);
	assert.equal(page.children.length, 1);
});

test("a node that goes takes none of those behind it along, if it has a key", () => {
	const view = (isShown) => h("div", null, isShown && h("i", { key: "note" }), h("b"), h("u"));
	const page = view(true);
	const behind = [...page.children].slice(1);
	patch(page, view(false));
	assert.deepEqual([...page.children], behind);
	patch(page, view(true));
	assert.deepEqual([...page.children].slice(1), behind);
});

test("a box is ticked as the state says, also after somebody has ticked it", () => {
	const view = (checked) => h("div", null, h("input", { type: "checkbox", checked }));
	const page = view(false);
	page.firstChild.click();
	patch(page, view(false));
	assert.equal(page.firstChild.checked, false);
	patch(page, view(true));
	assert.equal(page.firstChild.checked, true);
});

test("a handler that is gone is not called", () => {
	let calls = 0;
	const page = h("div", null, h("button", { on: { click: () => calls++ } }));
	patch(page, h("div", null, h("button")));
	page.firstChild.click();
	assert.equal(calls, 0);
});

test("rows with keys move with their nodes", () => {
	const list = (...keys) => h("ul", null, keys.map((key) => h("li", { key }, key)));
	const page = list("a", "b", "c");
	const [, b, c] = page.children;
	patch(page, list("c", "b", "d"));
	assert.deepEqual([...page.children].map((node) => node.textContent), ["c", "b", "d"]);
	assert.equal(page.children[0], c);
	assert.equal(page.children[1], b);
});
