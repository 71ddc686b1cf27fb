/**
 * The page /xero. Its frame (www/xero.html) says which record is meant, if one is; the rest is drawn here: the panel
 * of that record, or the home.
 */

const { search: version } = new URL(import.meta.url);
const [{ pageHost }, { mountHome }, { mount, toolkit }] = await Promise.all([
	import(`./host.js${version}`),
	import(`./home.js${version}`),
	import(`../panel/index.js${version}`),
]);

const host = pageHost(document);
const content = document.getElementById("content");
const { doctype, name, title } = content.dataset;
if (doctype) showRecord();
else mountHome(content, host, await toolkit(host));

function showRecord() {
	const heading = document.createElement("h1");
	heading.dir = "auto";
	heading.textContent = title;
	const kind = document.createElement("p");
	kind.textContent = host.t(doctype);
	content.append(heading, kind);
	document.title = `${title} · Xero`;
	mount(content, host, { doctype, name });
}
