// Opens pages of every kind of a built site in Chromium, as readers do: narrow and wide, light and dark, printed, without scripts.
//
//     node pages.mjs SITE

import { createRequire } from "node:module";
import { openBrowser } from "./browser.mjs";
import { addressOf, attribute, elementsCalled, readSite, report } from "./site.mjs";

const WIDTHS = [320, 360, 768, 1280];
const AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"];

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const site = readSite(process.argv[2]);
const problems = [];
const { browser, host, close } = await openBrowser(site);

const sample = pagesToOpen();
for (const colorScheme of ["light", "dark"]) {
  await inContext({ colorScheme }, async (open) => {
    for (const page of sample) await open(page, (tab, at) => checkScreen(tab, `${at} ${colorScheme}`));
  });
}
const read = new Map();
await inContext({}, async (open) => {
  for (const page of sample) {
    await open(page, async (tab, at) => {
      read.set(page, await words(tab));
      await checkPrint(tab, at);
    });
  }
});
await inContext({ javaScriptEnabled: false }, async (open) => {
  for (const page of sample) {
    await open(page, async (tab, at) => {
      // The search page is another one without scripts; its own tests look at it.
      const isSame = (await words(tab)) === read.get(page) || page.html.includes('<body class="k-search">');
      if (!isSame) problem(`${at} without scripts`, "the text is another one");
    });
  }
});
await close();
report("pages", problems, `${sample.length} of ${site.pages.size} pages opened`);

function problem(at, message) {
  problems.push({ at, message });
}

/** The longest and the shortest page of every kind: the theme names the kind in the class of the body. */
function pagesToOpen() {
  const kinds = new Map();
  for (const page of site.pages.values()) {
    if (page.isRedirect) continue;
    const kind = attribute(elementsCalled(page, "body")[0], "class") ?? "";
    kinds.set(kind, [...(kinds.get(kind) ?? []), page]);
  }
  const ends = [...kinds.values()].flatMap((pages) => {
    pages.sort((a, b) => b.html.length - a.html.length);
    return [pages[0], pages.at(-1)];
  });
  return [...new Set(ends)];
}

/** Opens pages in one browser context; what the browser complains about is a problem. */
async function inContext(options, work) {
  const context = await browser.newContext(options);
  await work(async (page, check) => {
    const at = addressOf(site, page.path);
    const tab = await context.newPage();
    tab.on("console", (message) => problem(at, `console: ${message.text()}`));
    tab.on("pageerror", (error) => problem(at, `script: ${error.message}`));
    tab.on("requestfailed", (request) => problem(at, `${request.url().replace(host, "")} failed: ${request.failure()?.errorText}`));
    tab.on("response", (response) => {
      if (response.status() >= 400) problem(at, `${response.url().replace(host, "")} gave ${response.status()}`);
    });
    tab.on("request", (request) => {
      if (!request.url().startsWith(`${host}/`) && !request.url().startsWith("data:")) problem(at, `asked ${request.url()}`);
    });
    await tab.goto(host + at, { waitUntil: "load" });
    await check(tab, at);
    await tab.close();
  });
  await context.close();
}

/** No sideways scrolling at any width, nothing for axe to say on a phone and on a desktop. */
async function checkScreen(tab, at) {
  for (const width of WIDTHS) {
    await tab.setViewportSize({ width, height: 800 });
    const wide = await tab.evaluate(() => {
      const limit = document.documentElement.clientWidth;
      if (document.documentElement.scrollWidth <= limit) return undefined;
      const out = [...document.body.querySelectorAll("*")].find((element) => element.getBoundingClientRect().right > limit + 1);
      return out ? out.cloneNode(false).outerHTML : "the page";
    });
    if (wide) problem(`${at} ${width}px`, `wider than the window: ${wide}`);
    if (width === 360 || width === 1280) await checkAxe(tab, `${at} ${width}px`);
  }
}

async function checkAxe(tab, at) {
  if (!(await tab.evaluate(() => "axe" in window))) await tab.addScriptTag({ path: axe });
  const { violations } = await tab.evaluate((values) => window.axe.run(document, { runOnly: { type: "tag", values } }), AXE_TAGS);
  for (const { id, help, nodes } of violations) {
    for (const node of nodes) problem(at, `axe ${id}: ${help} | ${node.html.slice(0, 160)}`);
  }
}

/** On paper every warning is there, and comes before the steps. */
async function checkPrint(tab, at) {
  await tab.emulateMedia({ media: "print" });
  const lost = await tab.evaluate(() => {
    const isShown = (element) =>
      element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && element.getBoundingClientRect().height > 0;
    const warnings = "[data-warning], [data-warning] *, .stop, .care, .notice-draft";
    const kept = `${warnings}, main h1, .steps, .references li, .review, main details:not(.facets *, .used-in *, .filters *) > *`;
    return [...document.querySelectorAll(kept)]
      .filter((element) => !element.closest("svg, .visually-hidden") && !isShown(element))
      .map((element) => element.cloneNode(false).outerHTML);
  });
  for (const html of lost) problem(`${at} printed`, `not printed: ${html}`);
  const late = await tab.evaluate(() => {
    const steps = document.querySelector("body.k-exercise .steps");
    const warnings = [...document.querySelectorAll("body.k-exercise .flow > .before [data-warning]")];
    return steps ? warnings.filter((warning) => warning.compareDocumentPosition(steps) & Node.DOCUMENT_POSITION_PRECEDING).length : 0;
  });
  if (late > 0) problem(`${at} printed`, "a warning stands after the steps");
}

async function words(tab) {
  return tab.evaluate(() => document.querySelector("main").innerText.replaceAll(/\s+/g, " ").trim());
}
