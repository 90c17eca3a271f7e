// A built site as the checks see it: its files, its addresses and its parsed pages; and how checks report.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parse } from "parse5";

/** Reads a built site. Addresses are those of `base_url`, which the start page names as its canonical address. */
export function readSite(folder) {
  const files = new Map();
  for (const path of readdirSync(folder, { recursive: true }).map((path) => path.replaceAll("\\", "/")).sort()) {
    if (statSync(join(folder, path)).isFile() && !path.startsWith(".")) files.set(path, readFileSync(join(folder, path)));
  }
  const pages = new Map();
  for (const [path, bytes] of files) {
    if (path.endsWith(".html")) pages.set(path, readPage(path, bytes.toString("utf8")));
  }
  const home = pages.get("index.html");
  if (!home) throw new Error(`${folder} holds no index.html: build the site first`);
  const canonical = new URL(linkOf(home, "canonical"));
  return { folder, files, pages, origin: canonical.origin, base: canonical.pathname.replace(/\/$/, "") };
}

/** The output behind an address of the site, or nothing if no output stands there. */
export function fileAt(site, pathname) {
  if (pathname !== site.base && !pathname.startsWith(`${site.base}/`)) return undefined;
  const path = decodeURIComponent(pathname.slice(site.base.length + 1));
  return [path, `${path}index.html`].find((path) => site.files.has(path));
}

/** The address of an output within its host. */
export function addressOf(site, path) {
  return `${site.base}/${path.replace(/(^|\/)index\.html$/, "$1")}`;
}

/** All elements of a page in the order of the document. */
function readPage(path, html) {
  const document = parse(html);
  const elements = [];
  const walk = (node) => {
    if (node.tagName) elements.push(node);
    for (const child of node.childNodes ?? []) walk(child);
  };
  walk(document);
  const has = (name, value) => elements.some((element) => attribute(element, name) === value);
  return { path, html, document, elements, isRedirect: has("http-equiv", "refresh") };
}

export function attribute(element, name) {
  return element.attrs.find((attribute) => attribute.name === name)?.value;
}

export function elementsCalled(page, ...names) {
  return page.elements.filter((element) => names.includes(element.tagName));
}

/** The text of an element, without scripts and styles; with `skip`, without those elements too. */
export function textOf(node, skip = []) {
  if (["script", "style", ...skip].includes(node.tagName)) return "";
  if (node.nodeName === "#text") return node.value;
  return (node.childNodes ?? []).map((child) => textOf(child, skip)).join("");
}

function linkOf(page, rel) {
  const link = elementsCalled(page, "link").find((link) => attribute(link, "rel") === rel);
  return link && attribute(link, "href");
}

/** Prints problems, the places of each message together, and sets the exit status. */
export function report(name, problems, checked) {
  const places = new Map();
  for (const { at, message } of problems) places.set(message, [...(places.get(message) ?? []), at]);
  for (const [message, at] of places) {
    const more = at.length > 5 ? `, and ${at.length - 5} more` : "";
    console.log(`${name}: ${message}\n  at ${at.slice(0, 5).join(", ")}${more}`);
  }
  console.log(`${name}: ${checked}, ${problems.length} problem${problems.length === 1 ? "" : "s"}`);
  if (problems.length > 0) process.exitCode = 1;
}
