// Builds the browser bundles of Frappe's Desk: `node build.mjs APPS OUT`, run beside node_modules.
// A bench does this with its own esbuild set-up, which needs the bench; this is the part of it that Desk needs.
import * as sfc from "@vue/compiler-sfc";
import esbuild from "esbuild";
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import * as sass from "sass";

const [apps, out] = process.argv.slice(2).map((folder) => path.resolve(folder));
const modules = path.resolve("node_modules");
const source = path.join(apps, "frappe/public");
const MODULES_PREFIX = "frappe/public/node_modules/";

// Templates: an imported .html registers itself with the client's template engine.
const templates = {
	name: "templates",
	setup(build) {
		build.onResolve({ filter: /\.html$/ }, (found) => ({
			path: path.join(found.resolveDir, found.path),
			namespace: "template",
		}));
		build.onLoad({ filter: /.*/, namespace: "template" }, (found) => {
			const name = JSON.stringify(path.basename(found.path, ".html"));
			const html = fs.readFileSync(found.path, "utf8").replace(/\s+/g, " ").replace(/<!--.*?-->/g, "");
			// in a template literal as on a bench: Frappe's templates count on what that does to backslashes
			const literal = html.replace(/`/g, "\\`").replace(/\$\{/g, "\\${");
			return { contents: `frappe.templates[${name}] = \`${literal}\`;`, loader: "js" };
		});
	},
};

// Frappe writes paths from the bench's apps folder; /assets/… stays a URL.
const benchPaths = {
	name: "bench-paths",
	setup(build) {
		build.onResolve({ filter: /^\/assets\// }, (found) => ({ path: found.path, external: true }));
		build.onResolve({ filter: /^frappe\/public\/node_modules\// }, (found) => ({
			path: path.join(modules, found.path.slice(MODULES_PREFIX.length)),
		}));
		build.onResolve({ filter: /^frappe\/public\/(css|js)\// }, (found) => ({ path: path.join(apps, found.path) }));
	},
};

function styleSheet(style, id) {
	// a package's plain style sheet: bundled here, for the browser would look for it below the page's address
	let css = style.content.replace(/@import\s+["']([^"']+\.css)["'];/g, (rule, name) => {
		const file = path.join(modules, name);
		return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : rule;
	});
	if (style.lang === "scss") {
		css = sass.compileString(css, { loadPaths: [apps, modules], logger: sass.Logger.silent }).css;
	}
	const { code } = sfc.compileStyle({ source: css, filename: id, id: `data-v-${id}`, scoped: style.scoped });
	return `{const style = document.createElement("style"); style.textContent = ${JSON.stringify(code)}; document.head.append(style);}`;
}

function component(file) {
	const { descriptor } = sfc.parse(fs.readFileSync(file, "utf8"), { filename: file });
	const id = Buffer.from(file).toString("hex").slice(-12);
	const scoped = descriptor.styles.some((style) => style.scoped);
	const scopeId = scoped ? `data-v-${id}` : undefined;
	const template = () => {
		const source = descriptor.template.content;
		const compiled = sfc.compileTemplate({ source, filename: file, id, scoped, compilerOptions: { scopeId } });
		return `${compiled.code}\ncomponent.render = render;`;
	};
	const code = [];
	if (descriptor.scriptSetup || descriptor.script) {
		const templateOptions = { scoped, id, compilerOptions: { scopeId } };
		const options = { id, inlineTemplate: true, templateOptions, genDefaultAs: "component" };
		code.push(sfc.compileScript(descriptor, options).content);
		if (!descriptor.scriptSetup && descriptor.template) code.push(template());
	} else {
		code.push("const component = {};", template());
	}
	if (scoped) code.push(`component.__scopeId = "${scopeId}";`);
	code.push(...descriptor.styles.map((style) => styleSheet(style, id)), "export default component;");
	return code.join("\n");
}

const vue = {
	name: "vue",
	setup(build) {
		build.onLoad({ filter: /\.vue$/ }, (found) => ({
			contents: component(found.path),
			loader: "ts",
			resolveDir: path.dirname(found.path),
		}));
	},
};

const styles = {
	name: "styles",
	setup(build) {
		const importer = {
			findFileUrl(url) {
				if (url.startsWith("~")) return pathToFileURL(path.join(modules, url.slice(1)));
				if (url.startsWith(MODULES_PREFIX)) {
					return pathToFileURL(path.join(modules, url.slice(MODULES_PREFIX.length)));
				}
				return null;
			},
		};
		build.onLoad({ filter: /\.scss$/ }, (found) => {
			const loadPaths = [path.dirname(found.path), apps, modules];
			const options = { loadPaths, quietDeps: true, logger: sass.Logger.silent, importers: [importer] };
			return { contents: sass.compile(found.path, options).css, loader: "css", resolveDir: path.dirname(found.path) };
		});
	},
};

// error reporting to its makers; a player of videos, whose import its package no longer allows
const SKIPPED = ["sentry.bundle.js", "video_player.bundle.js"];

function bundles(folder) {
	return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
		const file = path.join(folder, entry.name);
		if (entry.isDirectory()) return bundles(file);
		return /\.bundle\.(js|ts|scss)$/.test(entry.name) && !SKIPPED.includes(entry.name) ? [file] : [];
	});
}

const files = Object.fromEntries(["png", "woff", "woff2", "ttf", "eot", "gif"].map((kind) => [`.${kind}`, "file"]));
const options = {
	bundle: true,
	plugins: [templates, benchPaths, vue, styles],
	target: ["es2020"],
	nodePaths: [modules, apps],
	minify: true,
	logLevel: "silent",
	loader: { ...files, ".svg": "dataurl" },
	external: ["/assets/*"],
	define: {
		"process.env.NODE_ENV": '"production"',
		__VUE_OPTIONS_API__: "true",
		__VUE_PROD_DEVTOOLS__: "false",
		__VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
	},
};

const assets = {};
const failures = [];
for (const entry of bundles(source)) {
	const name = path.basename(entry).replace(/\.scss$/, ".css").replace(/\.ts$/, ".js");
	const kind = name.endsWith(".css") ? "css" : "js";
	try {
		await esbuild.build({ ...options, entryPoints: [entry], outfile: path.join(out, kind, name) });
		assets[name] = `/assets/frappe/dist/${kind}/${name}`;
	} catch (error) {
		const [first] = error.errors ?? [error];
		failures.push(`${name}: ${first.text ?? first.message}`);
	}
}
fs.writeFileSync(path.join(out, "assets.json"), JSON.stringify(assets, null, "\t"));
console.log(`${Object.keys(assets).length} bundles, ${failures.length} failed`);
for (const failure of failures) console.log(`  ${failure}`);
process.exit(failures.length ? 1 : 0);
