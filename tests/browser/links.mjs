// Looks for broken output in a built site: links, anchors, required parts of a page, feeds, sitemap.
//
//     node links.mjs SITE

import { SaxesParser } from "saxes";
import { addressOf, attribute, elementsCalled, fileAt, readSite, report, textOf } from "./site.mjs";

/** Attributes that hold an address. What the browser loads by itself must come from the site. */
const LOADED = [
  "script[src]", "img[src]", "source[src]", "iframe[src]", "embed[src]", "object[data]", "video[src]", "video[poster]",
  "audio[src]", "track[src]", "use[href]", "image[href]",
];
const FOLLOWED = ["a[href]", "area[href]", "form[action]"];
const LOADED_RELATIONS = [
  "stylesheet", "icon", "preload", "modulepreload", "prefetch", "preconnect", "dns-prefetch", "manifest", "apple-touch-icon",
];

const site = readSite(process.argv[2]);
const problems = [];
const ids = new Map([...site.pages.values()].map((page) => [page.path, idsOf(page)]));
let links = 0;

for (const page of site.pages.values()) {
  checkParts(page);
  checkLinks(page);
  checkData(page);
}
for (const [path, bytes] of site.files) {
  if (path.endsWith(".css")) checkStyles(path, bytes.toString("utf8"));
}
checkAtom();
checkJsonFeed();
checkSitemap();
checkRobots();
report("links", problems, `${site.pages.size} pages, ${links} links`);

function problem(at, message) {
  problems.push({ at, message });
}

function idsOf(page) {
  const ids = new Set();
  for (const id of page.elements.map((element) => attribute(element, "id")).filter((id) => id !== undefined)) {
    if (ids.has(id)) problem(page.path, `the id "${id}" stands there twice`);
    ids.add(id);
  }
  return ids;
}

/** What every page has, and what none may have. */
function checkParts(page) {
  const [html] = elementsCalled(page, "html");
  const [title] = elementsCalled(page, "title");
  const meta = (name) => elementsCalled(page, "meta").find((meta) => attribute(meta, "name") === name);
  if (!attribute(html, "lang")) problem(page.path, "no language");
  if (!title || textOf(title).trim() === "") problem(page.path, "no title");
  if (!attribute(meta("description") ?? { attrs: [] }, "content")?.trim()) problem(page.path, "no description");
  const headings = elementsCalled(page, "h1");
  if (headings.length !== 1) problem(page.path, `${headings.length} level-one headings`);
  for (const heading of elementsCalled(page, "h1", "h2", "h3", "h4", "h5", "h6")) {
    if (textOf(heading).trim() === "") problem(page.path, "an empty heading");
  }
  for (const item of elementsCalled(page, "li", "dt", "dd", "figcaption", "summary")) {
    const hasPicture = (item.childNodes ?? []).some((child) => ["img", "svg", "input"].includes(child.tagName));
    const isEmpty = textOf(item).trim() === "" && !hasPicture;
    if (isEmpty) problem(page.path, `an empty <${item.tagName}>`);
  }
  const [body] = elementsCalled(page, "body");
  const text = textOf(body, ["code", "pre"]);
  for (const left of ["{{", "{%", "[[", "[@", "![", "[object "]) {
    if (text.includes(left)) problem(page.path, `"${left}" in the text`);
  }
  if (page.isRedirect) return;
  const canonical = elementsCalled(page, "link").find((link) => attribute(link, "rel") === "canonical");
  const own = site.origin + addressOf(site, page.path);
  if (attribute(canonical ?? { attrs: [] }, "href") !== own) problem(page.path, `its canonical address is not ${own}`);
}

function checkLinks(page) {
  const from = site.origin + addressOf(site, page.path);
  for (const element of page.elements) {
    for (const { name, value } of element.attrs) {
      const key = `${element.tagName}[${name}]`;
      if (LOADED.includes(key)) checkAddress(page, from, value, "loaded");
      if (FOLLOWED.includes(key)) checkAddress(page, from, value, "followed");
      if (name === "srcset") value.split(",").forEach((part) => checkAddress(page, from, part.trim().split(/\s/)[0], "loaded"));
      if (name === "style") problem(page.path, "an inline style");
      if (name.startsWith("on")) problem(page.path, `an inline ${name} handler`);
    }
    const relations = (attribute(element, "rel") ?? "").split(/\s+/);
    if (element.tagName === "link") {
      const isLoaded = relations.some((relation) => LOADED_RELATIONS.includes(relation));
      checkAddress(page, from, attribute(element, "href"), isLoaded ? "loaded" : "followed");
    }
    if (element.tagName === "meta" && attribute(element, "http-equiv") === "refresh") {
      checkAddress(page, from, attribute(element, "content").replace(/^[^=]*=/, ""), "followed");
    }
    if (element.tagName === "meta" && /^(og|twitter):(image|url)$/.test(attribute(element, "property") ?? attribute(element, "name") ?? "")) {
      checkAddress(page, from, attribute(element, "content"), "followed");
    }
  }
}

function checkAddress(page, from, address, how) {
  links += 1;
  const at = page.path;
  if (address === undefined || address.trim() === "") return problem(at, "an empty address");
  if (!URL.canParse(address, from)) return problem(at, `${address} is no address`);
  const url = new URL(address, from);
  if (["mailto:", "tel:"].includes(url.protocol)) return;
  if (!["http:", "https:"].includes(url.protocol)) return problem(at, `${address} is an address of its own kind`);
  if (url.origin !== site.origin) {
    if (how === "loaded") problem(at, `${address} is loaded from elsewhere`);
    return;
  }
  // The page for unknown addresses is shown at any of them.
  if (at === "404.html" && !/^([a-z]+:|\/|#)/.test(address)) problem(at, `${address} is a relative address`);
  const file = fileAt(site, url.pathname);
  if (!file) return problem(at, `${address} leads nowhere`);
  if (file.endsWith("index.html") && !url.pathname.endsWith("/") && !url.pathname.endsWith("index.html")) {
    problem(at, `${address} needs a slash at its end`);
  }
  const anchor = decodeURIComponent(url.hash.slice(1));
  if (anchor !== "" && site.pages.has(file) && !ids.get(file).has(anchor)) problem(at, `${address}: no such anchor`);
}

/** Structured data are JSON, and name only addresses that exist. */
function checkData(page) {
  const from = site.origin + addressOf(site, page.path);
  for (const script of elementsCalled(page, "script").filter((script) => attribute(script, "type") === "application/ld+json")) {
    const text = script.childNodes.map((child) => child.value).join("");
    try {
      for (const [key, value] of strings(JSON.parse(text))) {
        // An `@id` is a name: its page exists, its anchor need not.
        const address = key === "@id" ? value.replace(/#.*$/, "") : value;
        if (address.startsWith(`${site.origin}/`)) checkAddress(page, from, address, "followed");
      }
    } catch (error) {
      problem(page.path, `structured data that are no JSON: ${error.message}`);
    }
  }
}

/** Every text in a JSON value with the key under which it stands. */
function strings(value, key = "") {
  if (typeof value === "string") return [[key, value]];
  if (Array.isArray(value)) return value.flatMap((item) => strings(item, key));
  return value && typeof value === "object" ? Object.entries(value).flatMap(([key, item]) => strings(item, key)) : [];
}

function checkStyles(path, css) {
  const from = site.origin + addressOf(site, path);
  const addresses = [...css.matchAll(/url\(\s*["']?([^"')]+)["']?\s*\)|@import\s+["']([^"']+)["']/g)].map((match) => match[1] ?? match[2]);
  for (const address of addresses.filter((address) => !address.startsWith("data:"))) {
    checkAddress({ path }, from, address, "loaded");
  }
}

/** The elements of an XML file with their text, or nothing if it is not well-formed. */
function readXml(path) {
  if (!site.files.has(path)) return problem(path, "is missing");
  const elements = [];
  const open = [];
  const parser = new SaxesParser();
  parser.on("error", (error) => problem(path, `is not well-formed: ${error.message}`));
  parser.on("opentag", ({ name, attributes }) => {
    const element = { name, attributes, text: "", parent: open.at(-1)?.name };
    elements.push(element);
    open.push(element);
  });
  parser.on("text", (text) => open.forEach((element) => (element.text += text)));
  parser.on("cdata", (text) => open.forEach((element) => (element.text += text)));
  parser.on("closetag", () => open.pop());
  parser.write(site.files.get(path).toString("utf8")).close();
  return elements;
}

function checkAtom() {
  const elements = readXml("feed.xml");
  if (!elements) return;
  if (elements[0]?.name !== "feed" || elements[0]?.attributes.xmlns !== "http://www.w3.org/2005/Atom") problem("feed.xml", "is no Atom feed");
  const entries = elements.filter((element) => element.name === "entry").length;
  for (const name of ["id", "title", "updated"]) {
    const isFilled = (element) => element.name === name && element.text.trim() !== "" && ["feed", "entry"].includes(element.parent);
    const filled = elements.filter(isFilled);
    if (filled.length !== entries + 1) problem("feed.xml", `${entries} entries and a feed have ${filled.length} <${name}>`);
  }
  for (const { name, text } of elements) {
    if (["updated", "published"].includes(name) && Number.isNaN(Date.parse(text))) problem("feed.xml", `${text} is no date`);
  }
  for (const { attributes } of elements.filter((element) => element.name === "link")) {
    checkAddress({ path: "feed.xml" }, `${site.origin}${site.base}/feed.xml`, attributes.href, "followed");
  }
}

function checkJsonFeed() {
  const path = "feed.json";
  if (!site.files.has(path)) return problem(path, "is missing");
  try {
    const feed = JSON.parse(site.files.get(path).toString("utf8"));
    if (!feed.version?.startsWith("https://jsonfeed.org/version/")) problem(path, "is no JSON feed");
    for (const url of [feed.home_page_url, feed.feed_url, ...feed.items.map((item) => item.url)]) {
      checkAddress({ path }, `${site.origin}${site.base}/${path}`, url, "followed");
    }
    for (const item of feed.items) {
      if (!item.id || !(item.content_html || item.content_text)) problem(path, `${item.url} has no id or no content`);
    }
  } catch (error) {
    problem(path, `is no JSON feed: ${error.message}`);
  }
}

/** The sitemap names every page once, except redirects and the page for unknown addresses. */
function checkSitemap() {
  const path = "sitemap.xml";
  const elements = readXml(path);
  if (!elements) return;
  const named = elements.filter((element) => element.name === "loc").map((element) => element.text.trim());
  const pages = [...site.pages.values()].filter((page) => !page.isRedirect && page.path !== "404.html");
  const expected = pages.map((page) => site.origin + addressOf(site, page.path));
  for (const address of named) {
    checkAddress({ path }, `${site.origin}${site.base}/${path}`, address, "followed");
    if (!expected.includes(address)) problem(path, `${address} is no page`);
  }
  for (const address of expected) {
    const times = named.filter((other) => other === address).length;
    if (times !== 1) problem(path, `${address} stands there ${times} times`);
  }
}

function checkRobots() {
  const path = "robots.txt";
  if (!site.files.has(path)) return problem(path, "is missing");
  const address = /^Sitemap:\s*(\S+)$/m.exec(site.files.get(path).toString("utf8"))?.[1];
  checkAddress({ path }, `${site.origin}${site.base}/${path}`, address, "followed");
}
