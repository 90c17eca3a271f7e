#!/usr/bin/env node
// Compares the search of a built site with Pagefind and elasticlunr on the same pages, in the same browser.
//
//     search.mjs SITE [QUERIES]
//
// SITE is a folder that `osteon build` published. QUERIES is a `search.yaml` (each query with the entry that it must find; default
// `content/search.yaml`) or a text file with a query on each line, for sites without one: then relevance is left out.
// PAGEFIND names the program `pagefind`, ELASTICLUNR the folder of the package; what isn't named is left out.
// The browser and its driver are those of tests/browser.

import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { openBrowser } from "../tests/browser/browser.mjs";
import { elementsCalled, readSite } from "../tests/browser/site.mjs";

const [folder, list = "content/search.yaml"] = process.argv.slice(2);
const queries = readFileSync(list, "utf8").split("\n").map(list.endsWith(".yaml") ? fromYaml : (query) => query && { query, kind: "all" })
  .filter(Boolean);

/** A line `- { query: …, kind: …, first: … }`. */
function fromYaml(line) {
  const field = (name) => line.match(new RegExp(`\\b${name}: ("[^"]*"|'[^']*'|[^,}]+)`))?.[1].trim().replace(/^(["'])(.*)\1$/, "$2");
  const query = field("query");
  return query && { query: query.replace(/\\"/g, '"'), kind: field("kind"), wanted: field("first") ?? field("among") };
}

// All engines search one copy of the site, so that the published one stays as it is.
const work = mkdtempSync(join(tmpdir(), "osteon-search-"));
const copy = join(work, "site");
cpSync(folder, copy, { recursive: true });
if (process.env.PAGEFIND) execFileSync(process.env.PAGEFIND, ["--site", copy], { stdio: "ignore" });
if (process.env.ELASTICLUNR) makeElasticlunr(process.env.ELASTICLUNR);
const page = "<!doctype html><html lang=\"en\"><title>Empty</title>";
writeFileSync(join(copy, "empty.html"), page);

/** What Zola writes: titles and bodies of all pages in one file. */
function makeElasticlunr(folder) {
  const elasticlunr = createRequire(import.meta.url)(join(folder, "elasticlunr.js"));
  const index = elasticlunr(function () {
    this.addField("title");
    this.addField("body");
    this.setRef("id");
  });
  const site = readSite(copy);
  const text = (node) => (node.nodeName === "#text" ? `${node.value} ` : "") + (node.childNodes ?? []).map(text).join("");
  for (const [path, page] of site.pages) {
    if (page.isRedirect) continue;
    const id = `${site.base}/${path.replace(/(^|\/)index\.html$/, "$1")}`;
    index.addDoc({ id, title: elementsCalled(page, "h1").map(text).join(" "), body: elementsCalled(page, "main").map(text).join(" ") });
  }
  writeFileSync(join(copy, "search_index.en.js"), `window.searchIndex = ${JSON.stringify(index.toJSON())};`);
  cpSync(join(folder, "elasticlunr.min.js"), join(copy, "elasticlunr.min.js"));
}

const site = { base: "", files: { has: (path) => isFile(path), get: (path) => read(path) } };
const isFile = (path) => {
  try {
    return statSync(join(copy, path)).isFile();
  } catch {
    return false;
  }
};
let loaded = [];
const read = (path) => {
  if (!isFile(path)) return "";
  const bytes = readFileSync(join(copy, path));
  // Pagefind's own files are compressed already.
  loaded.push({ path, size: bytes[0] === 0x1f && bytes[1] === 0x8b ? bytes.length : gzipSync(bytes, { level: 6 }).length });
  return bytes;
};
const { browser, host, close } = await openBrowser(site);

const searchPage = readFileSync(join(copy, "search/index.html"), "utf8");
const script = searchPage.match(/src="([^"]*search-engine[^"]*\.js)"/)[1];
const data = searchPage.match(/data-folder="([^"]+)"/)[1];
const engines = {
  osteon: {
    prepare: async (page) => {
      await page.addScriptTag({ url: script });
      await page.evaluate(async (folder) => { window.engine = await window.osteonSearch.open(new URL(folder, location).href); }, data);
    },
    ask: (page, query) => page.evaluate(async (query) => (await window.engine.search(query, { limit: 10 })).hits.map((hit) => hit.url), query),
  },
  pagefind: {
    prepare: (page) => page.evaluate(async () => {
      window.engine = await import("/pagefind/pagefind.js");
      await window.engine.init();
    }),
    ask: (page, query) => page.evaluate(async (query) => {
      const { results } = await window.engine.search(query);
      return Promise.all(results.slice(0, 10).map(async (result) => (await result.data()).url));
    }, query),
  },
  elasticlunr: {
    prepare: async (page) => {
      await page.addScriptTag({ url: "/elasticlunr.min.js" });
      await page.addScriptTag({ url: "/search_index.en.js" });
      await page.evaluate(() => { window.engine = window.elasticlunr.Index.load(window.searchIndex); });
    },
    ask: (page, query) => page.evaluate((query) => {
      const found = window.engine.search(query, { bool: "AND", expand: true, fields: { title: { boost: 2 }, body: { boost: 1 } } });
      return found.slice(0, 10).map((result) => result.ref);
    }, query),
  },
};
const names = ["osteon", process.env.PAGEFIND && "pagefind", process.env.ELASTICLUNR && "elasticlunr"].filter(Boolean);
const median = (list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? NaN;
const mean = (list) => list.reduce((sum, number) => sum + number, 0) / list.length;
const open = async () => {
  const page = await browser.newPage();
  await page.goto(`${host}/empty.html`);
  return page;
};

// The entry's page, or its place on a page of many; a hit on that page counts for every engine.
const isWanted = (address, id) => {
  const url = new URL(address, host);
  return url.hash === `#${id}` || url.pathname.endsWith(`/${id}/`) || pages.get(id) === url.pathname;
};
const pages = new Map();
if (queries.some(({ wanted }) => wanted)) {
  const page = await open();
  await engines.osteon.prepare(page);
  for (const { wanted } of queries) {
    const { hits } = await page.evaluate((query) => window.engine.search(query, { limit: 50 }), wanted.replaceAll("-", " "));
    const hit = hits.find(({ id }) => id === wanted);
    if (hit) pages.set(wanted, new URL(hit.url, host).pathname);
  }
  await page.close();
}

console.log(`${queries.length} queries`);
for (const name of names) {
  const { prepare, ask } = engines[name];
  const first = [];
  for (const { query } of queries.slice(0, 12)) {
    const page = await open();
    loaded = [];
    await prepare(page);
    await ask(page, query);
    first.push(loaded.reduce((sum, { size }) => sum + size, 0));
    await page.close();
  }
  console.log(`${name}: ${(median(first) / 1000).toFixed(1)} KB compressed until ten results are shown (median of ${first.length} first queries)`);
  const page = await open();
  await prepare(page);
  const ranks = {};
  for (const { query, kind, wanted } of queries) {
    const urls = await ask(page, query);
    const rank = wanted ? urls.findIndex((url) => isWanted(url, wanted)) : -1;
    (ranks[kind] ??= []).push(rank < 0 ? 0 : 1 / (rank + 1));
  }
  for (const [kind, list] of Object.entries(ranks).filter(() => queries[0].wanted)) {
    console.log(`${name}: mean reciprocal rank of ${list.length} queries (${kind}): ${mean(list).toFixed(3)}`);
  }
  await page.close();
}

// From a key to the suggestions on the page: the box in the header, with everything loaded.
const start = await browser.newPage();
await start.goto(`${host}/`);
await start.focus("form.find input");
const times = [];
for (const round of [1, 2]) {
  for (const { query } of queries.slice(0, 20)) {
    await start.fill("form.find input", "");
    for (const letter of query.replace(/["-]/g, " ").slice(0, 12)) {
      const time = await start.evaluate((letter) => new Promise((resolve) => {
        const input = document.querySelector("form.find input");
        const list = document.getElementById("find-list");
        const begin = performance.now();
        const end = (time) => { watcher.disconnect(); clearTimeout(limit); resolve(time); };
        const watcher = new MutationObserver(() => end(performance.now() - begin));
        watcher.observe(list, { childList: true, subtree: true, attributes: true });
        const limit = setTimeout(() => end(undefined), 500);
        input.value += letter;
        input.dispatchEvent(new InputEvent("input", { bubbles: true }));
      }), letter);
      if (round === 2 && time !== undefined) times.push(time);
    }
  }
}
console.log(`osteon: ${median(times).toFixed(1)} ms from a key to the suggestions, everything loaded (median of ${times.length} keys)`);
await close();
rmSync(work, { recursive: true });
