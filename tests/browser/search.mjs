// Searches a built site in Chromium as readers do: by keyboard, on a phone, with large letters, in forced colours, from a folder, and
// with words that try to do harm. All of it under a strict content security policy.
//
//     node search.mjs SITE FOLDER
//
// FOLDER holds the same site, built for its own path on this disk, so that its pages find each other without a server.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { openBrowser } from "./browser.mjs";
import { readSite, report } from "./site.mjs";

const POLICY = { "content-security-policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'" };
const AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"];
const PHONE = { width: 360, height: 780 };
const DESKTOP = { width: 1280, height: 900 };
const FINGER = 44;

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const site = readSite(process.argv[2]);
const folder = resolve(process.argv[3]);
const problems = [];
let checks = 0;
let current = "";
const { browser, host, close } = await openBrowser(site, POLICY);
const page = (path) => host + site.base + path;

await check("the box loads nothing before it is used", { path: "/" }, async (tab) => {
  const asked = () => tab.requests.filter((url) => /search-engine|search-\w+\.css|\/search\/[^/]+\//.test(url));
  equal(asked(), [], "asked before");
  await tab.keyboard.press("/");
  equal(await tab.evaluate(() => document.activeElement.id), "find", "`/` leads to the box");
  await tab.waitForFunction(() => window.osteonSearch);
  equal(asked().length > 0, true, "asked after");
});

await check("all scripts of the search together are small", { path: "/" }, async () => {
  const scripts = [...site.files].filter(([path]) => /^theme\/search.*\.js$/.test(path));
  equal(scripts.length, 3, "box, page and engine");
  const size = scripts.reduce((sum, [, bytes]) => sum + gzipSync(bytes, { level: 9 }).length, 0);
  equal(size <= 12 * 1024, true, `${size} bytes, compressed`);
});

await check("the box is a combobox for the keyboard", { path: "/about/" }, async (tab) => {
  const box = tab.locator("#find");
  const active = () => box.getAttribute("aria-activedescendant");
  await box.focus();
  equal(await box.getAttribute("aria-expanded"), "false", "closed at first");
  await tab.keyboard.type("heel drops");
  await tab.locator(".find-list [role=option]").first().waitFor();
  equal(await box.getAttribute("aria-expanded"), "true", "open after typing");
  equal(await active(), null, "nothing is chosen by itself");
  const options = await tab.locator("[role=option]").evaluateAll((all) => all.map((option) => option.id));
  await tab.keyboard.press("ArrowDown");
  equal(await active(), options[0], "down: the first");
  await tab.keyboard.press("ArrowUp");
  equal(await active(), null, "up: the box itself");
  await tab.keyboard.press("ArrowUp");
  equal(await active(), options.at(-1), "up again: the last");
  await tab.keyboard.press("Home");
  equal(await active(), null, "Home: the box itself");
  equal(await box.evaluate((input) => input.selectionStart), 0, "Home: its first letter");
  await tab.keyboard.press("End");
  equal(await box.evaluate((input) => input.selectionStart), "heel drops".length, "End: its last letter");
  await tab.keyboard.press("Escape");
  equal([await box.getAttribute("aria-expanded"), await box.inputValue()], ["false", "heel drops"], "Escape closes");
  await tab.keyboard.press("Escape");
  equal(await box.inputValue(), "", "Escape again empties");
  await tab.keyboard.type("heel drops");
  await tab.locator("[role=option]").first().waitFor();
  const isNamed = await tab.locator("[role=group]").evaluateAll((all) =>
    all.every((group) => document.getElementById(group.getAttribute("aria-labelledby")).textContent !== ""));
  equal(isNamed, true, "groups have names");
  equal((await tab.locator(".find [role=status]").textContent()).startsWith("Suggestions: "), true, "the number is said");
  await tab.keyboard.press("ArrowDown");
  await Promise.all([tab.waitForURL(/heel-drops\/$/), tab.keyboard.press("Enter")]);
  await tab.locator("#find").focus();
  await tab.keyboard.type("heel drops");
  await Promise.all([tab.waitForURL(/\/search\/\?q=heel\+drops$/), tab.keyboard.press("Enter")]);
  await tab.goto(page("/about/"));
  await tab.locator("#find").focus();
  await tab.keyboard.type("heel");
  await tab.locator("[role=option]").first().waitFor();
  await tab.keyboard.press("Tab");
  equal(await tab.locator(".find-list").isVisible(), false, "Tab closes, and chooses nothing");
  equal(new URL(tab.url()).pathname, `${site.base}/about/`, "Tab leads nowhere");
});

await check("facets by keyboard, in the address, and Back", { path: "/search/?q=walking" }, async (tab) => {
  await found(tab);
  const total = await heading(tab);
  const tick = tab.locator("[data-facet=kind] input[value=exercise]");
  await tick.focus();
  await tab.keyboard.press("Space");
  await tab.waitForURL(/kind=exercise/);
  await changed(tab, total);
  equal(await tick.evaluate((input) => input === document.activeElement), true, "the box in hand stays in hand");
  const exercises = Number.parseInt(await heading(tab), 10);
  await tab.locator("[data-facet=kind] input[value=article]").check();
  await tab.waitForURL(/kind=\w+&kind=/);
  await tab.waitForFunction((before) => Number.parseInt(document.querySelector(".found h2").textContent, 10) > before, exercises);
  const both = await heading(tab);
  const summary = tab.locator("[data-facet=position] summary");
  await summary.focus();
  await tab.keyboard.press("Enter");
  await tab.locator("[data-facet=position] .tick:visible input").first().check();
  await changed(tab, both);
  equal(Number.parseInt(await heading(tab), 10) <= exercises, true, "values of a facet are one or the other, facets one and the other");
  const address = tab.url();
  const end = await heading(tab);
  await tab.goBack();
  await changed(tab, end);
  equal(await heading(tab), both, "Back");
  await tab.goBack();
  await tab.waitForURL(/kind=exercise$/);
  await tab.goto(page("/about/"));
  await tab.goto(address);
  await found(tab);
  equal([await heading(tab), tab.url()], [end, address], "the address alone gives the same page");
  equal(await tab.locator(".filters input:checked").count(), 3, "and the same choices");
  await tab.locator(".filters > .clear").click();
  await changed(tab, end);
  equal(await heading(tab), total, "cleared");
  equal(await tab.evaluate(() => document.activeElement.tagName), "H2", "the focus goes to the new number");
});

await check("what is fine with a condition", { path: "/search/?q=balance" }, async (tab) => {
  await found(tab);
  const before = await heading(tab);
  await tab.locator("[data-facet=verdict] summary").click();
  await tab.locator("#condition").selectOption("osteoporosis");
  await tab.waitForURL(/verdict=osteoporosis%3Aok$/);
  await changed(tab, before);
  const kinds = await tab.locator(".hit .kicker").allTextContents();
  equal([...new Set(kinds)], ["Exercise"], "only exercises have verdicts");
  equal((await tab.locator(".hit-verdicts .badge").count()) > 0, true, "verdicts stand there in words");
  await tab.locator("#condition").selectOption("");
  await tab.waitForURL(/q=balance$/);
});

await check("what stops every exercise tells none from another", { path: "/search/?q=sit+to+stand" }, async (tab) => {
  await found(tab);
  const verdict = await tab.locator(".hit").first().locator(".hit-verdicts").textContent();
  equal([verdict.trim() !== "", verdict.includes("back pain")], [true, false], "the verdict is about other conditions");
});

await check("typing, Enter and the order", { path: "/search/" }, async (tab) => {
  await tab.keyboard.press("/");
  equal(await tab.evaluate(() => document.activeElement.id), "q", "`/` leads to the box");
  await tab.keyboard.type("balanc");
  await tab.waitForURL(/q=balanc$/);
  await found(tab);
  await tab.keyboard.type("e");
  await tab.keyboard.press("Enter");
  await tab.waitForURL(/q=balance$/);
  await found(tab);
  await tab.waitForFunction(() => /results/.test(document.querySelector(".search [role=status]").textContent));
  await tab.locator("#sort").selectOption("title");
  await tab.waitForURL(/sort=title/);
  await tab.waitForFunction(() => {
    const titles = [...document.querySelectorAll(".hit h3")].map((title) => title.textContent.toLowerCase());
    return titles.length > 1 && titles[0] < titles.at(-1);
  });
  const more = tab.locator(".show-more");
  const count = await tab.locator(".hit").count();
  await more.click();
  await tab.waitForURL(/shown=\d+/);
  const all = await tab.locator(".hit").count();
  equal(all > count, true, "more are shown");
  const inHand = () => [...document.querySelectorAll(".hit a")].indexOf(document.activeElement) > 0;
  equal(await tab.evaluate(inHand), true, "the focus goes to the first new one");
  await tab.reload();
  await found(tab);
  equal(await tab.locator(".hit").count(), all, "and stay after a reload");
});

await check("a wrong letter", { path: "/search/?q=osteoperosis" }, async (tab) => {
  await found(tab);
  equal(await tab.locator(".corrected").textContent(), "Showing results for osteoporosis. You wrote osteoperosis.", "it is said");
});

await check("nothing found", { path: "/search/?q=xylophone+quartz&kind=exercise" }, async (tab) => {
  await tab.locator(".nothing").waitFor();
  equal(await tab.locator(".nothing .if-chosen").isVisible(), true, "choices may be the reason");
  equal(await heading(tab), "Nothing found for “xylophone quartz”", "it is said");
  equal(await tab.locator(".nothing a[href$='/a-z/']").isVisible(), true, "another way");
});

await check("recent searches stay here and can be forgotten", { path: "/search/?q=balance" }, async (tab) => {
  await found(tab);
  await tab.goto(page("/search/"));
  equal(await tab.locator(".recent a").allTextContents(), ["balance"], "remembered");
  await tab.locator(".forget").click();
  equal(await tab.locator(".recent").isVisible(), false, "forgotten");
  equal(await tab.evaluate(() => localStorage.getItem("osteon-searches")), "[]", "forgotten in the browser");
});

await check("without storage", { path: "/search/?q=balance", script: forbidStorage }, found);

const SAID = ["<script>window.harm = 1</script>", "<img src=x onerror=window.harm=1>", "\u202e\u2066sit ups\u2069", "\"'`${window.harm=1}", "__proto__",
  "constructor", "-", "\"", "a".repeat(10_000), "%00%ff", "((((a+)+)+)+)$", "🦴 👵🏽", "\u0000"];
for (const words of SAID) {
  await check(`the words ${JSON.stringify(words.slice(0, 20))}`, { path: `/search/?${new URLSearchParams({ q: words })}` }, async (tab) => {
    await tab.waitForFunction(() => document.querySelector(".found h2").textContent !== "Searching …");
    equal(await tab.locator(".broken").isVisible(), false, "the search works");
    equal(await tab.evaluate(() => window.harm), undefined, "nothing ran");
    equal(await tab.locator(".found script, .found img").count(), 0, "nothing became HTML");
    await wide(tab, "hostile words");
    await tab.goto(page("/about/"));
    await tab.locator("#find").fill(words);
    await tab.locator(".find-list, body").first().waitFor();
    equal(await tab.evaluate(() => window.harm), undefined, "nothing ran in the header");
  });
}
await check("hostile addresses", { path: "/search/?q=walking&kind=%3Cscript%3E&verdict=a%3Ab%3Ac&verdict=&sort=harm&shown=1e99&position=%E2%80%AE" }, async (tab) => {
  await tab.waitForFunction(() => document.querySelector(".found h2").textContent !== "Searching …");
  equal(await tab.locator(".broken").isVisible(), false, "the search works");
});
await check("hostile pages", { path: "/search/?q=x", engine: hostileEngine }, async (tab) => {
  await found(tab);
  equal(await tab.evaluate(() => window.harm), undefined, "nothing ran");
  equal(await tab.locator(".hits script, .hits img").count(), 0, "nothing became HTML");
  await wide(tab, "hostile pages");
  await tab.goto(page("/about/"));
  await tab.locator("#find").focus();
  await tab.keyboard.type("x");
  await tab.locator("[role=option]").first().waitFor();
  equal(await tab.evaluate(() => window.harm), undefined, "nothing ran in the header");
  await wide(tab, "hostile pages in the header");
});

for (const viewport of [PHONE, DESKTOP]) {
  for (const path of ["/search/", "/search/?q=balance", "/search/?q=xylophone+quartz", "/about/", "/a-z/"]) {
    await check(`nothing jumps on ${path} at ${viewport.width}`, { path, viewport, script: watchShifts }, async (tab) => {
      await tab.waitForTimeout(700);
      equal((await tab.evaluate(() => window.shift)) < 0.02, true, "layout shift");
      if (path !== "/about/") return;
      await tab.locator("#find").focus();
      await tab.keyboard.type("balance");
      await tab.locator("[role=option]").first().waitFor();
      await tab.waitForTimeout(300);
      equal((await tab.evaluate(() => window.allShift)) < 0.02, true, "layout shift under the suggestions");
    });
  }
}

for (const colorScheme of ["light", "dark"]) {
  for (const viewport of [PHONE, DESKTOP]) {
    const seen = { colorScheme, viewport };
    const at = `${colorScheme} ${viewport.width}`;
    await check(`axe: no words, ${at}`, { path: "/search/", ...seen }, checkLooks);
    await check(`axe: results, ${at}`, { path: "/search/?q=bending+over", ...seen }, async (tab) => {
      await found(tab);
      await checkLooks(tab);
    });
    await check(`axe: open facets, ${at}`, { path: "/search/?q=walking&verdict=osteoporosis:ok", ...seen }, async (tab) => {
      await found(tab);
      if (await tab.locator(".filters-button").isVisible()) await tab.locator(".filters-button").click();
      await tab.locator(".filters details").evaluateAll((all) => all.forEach((details) => { details.open = true; }));
      await checkLooks(tab);
    });
    await check(`axe: nothing found, ${at}`, { path: "/search/?q=xylophone+quartz", ...seen }, async (tab) => {
      await tab.locator(".nothing").waitFor();
      await checkLooks(tab);
    });
    await check(`axe: suggestions, ${at}`, { path: "/about/", ...seen }, async (tab) => {
      await tab.locator("#find").focus();
      await tab.keyboard.type("sit");
      await tab.locator("[role=option]").first().waitFor();
      await tab.keyboard.press("ArrowDown");
      await checkLooks(tab);
    });
  }
}

for (const viewport of [PHONE, { width: 768, height: 1000 }, DESKTOP]) {
  await check(`letters twice as large at ${viewport.width}`, { path: "/search/?q=balance&verdict=osteoporosis:ok", viewport }, async (tab) => {
    await tab.evaluate(() => { document.documentElement.style.fontSize = "200%"; });
    await found(tab);
    if (await tab.locator(".filters-button").isVisible()) await tab.locator(".filters-button").click();
    await wide(tab, "the search page");
    await tab.goto(page("/about/"));
    await tab.evaluate(() => { document.documentElement.style.fontSize = "200%"; });
    await tab.locator("#find").focus();
    await tab.keyboard.type("balance");
    await tab.locator("[role=option]").first().waitFor();
    await wide(tab, "the header");
  });
}

await check("forced colours", { path: "/search/?q=bending+over", forcedColors: "active" }, async (tab) => {
  await found(tab);
  equal(await tab.locator(".hit-first").evaluate((item) => getComputedStyle(item).borderTopWidth), "2px", "a warning has an edge");
  const colours = (marked) => { const { color, backgroundColor } = getComputedStyle(marked); return [color, backgroundColor]; };
  for (const marked of await tab.locator("mark").all()) {
    const [ink, ground] = await marked.evaluate(colours);
    const page = await tab.locator("body").evaluate(colours);
    equal(ink !== ground && ink !== page[1], true, "marked words can be read");
  }
  await tab.goto(page("/about/"));
  await tab.locator("#find").focus();
  await tab.keyboard.type("sit");
  await tab.locator("[role=option]").first().waitFor();
  await tab.keyboard.press("ArrowDown");
  const style = (option) => { const { backgroundColor, outlineStyle } = getComputedStyle(option); return [backgroundColor, outlineStyle]; };
  const one = await tab.locator("[aria-selected=true]").evaluate(style);
  const other = await tab.locator("[aria-selected=false]").first().evaluate(style);
  equal(one[0] !== other[0] && one[1] === "solid", true, "the chosen suggestion can be told from the others");
  const [ink, ground] = await tab.locator("[aria-selected=true] mark").first().evaluate(colours);
  equal(ink !== ground, true, "and its marked words can be read");
});

await check("less movement", { path: "/search/?q=balance", reducedMotion: "reduce" }, async (tab) => {
  await found(tab);
  const moving = () => document.getAnimations().length + [...document.querySelectorAll("body, body *")].filter((element) => getComputedStyle(element).transitionDuration !== "0s").length;
  equal(await tab.evaluate(moving), 0, "nothing moves");
});

await check("printed", { path: "/search/?q=balance" }, async (tab) => {
  await found(tab);
  await tab.emulateMedia({ media: "print" });
  equal(await tab.locator(".hit").first().isVisible(), true, "the results are");
  for (const left of [".search-line", ".filters", ".show-more"]) equal(await tab.locator(left).isVisible(), false, `${left} is not`);
});

await check("without scripts", { path: "/search/?q=balance", javaScriptEnabled: false }, async (tab) => {
  equal(await tab.locator("form.search").isVisible(), false, "no form that does nothing");
  equal(await tab.locator(".page-head").innerText(), "Search\n\nThe search box needs JavaScript, which is off or blocked in this browser. Everything is in the lists on this page as well.", "it is said");
  equal(await tab.locator(".ways a[href$='/a-z/']").isVisible(), true, "the list from A to Z");
  await tab.goto(page("/about/"));
  equal(await tab.locator("form.find").isVisible(), false, "no box in the header");
  equal(await tab.locator("header noscript a").isVisible(), true, "but a link");
  await tab.goto(page("/a-z/"));
  equal(await tab.locator(".letter li").first().isVisible(), true, "the list itself");
});

await check("from a folder", { address: `${pathToFileURL(folder)}/search/index.html?q=heel+drops` }, async (tab) => {
  await found(tab);
  await tab.locator("[data-facet=kind] input[value=exercise]").check();
  await tab.waitForFunction(() => location.search.includes("kind=exercise"));
  await tab.locator(".hit h3 a").first().click();
  await tab.waitForURL(/heel-drops\/index\.html$/);
  await tab.locator("#find").focus();
  await tab.keyboard.type("heel drops");
  await tab.locator("[role=option]").first().waitFor();
  await tab.keyboard.press("ArrowDown");
  await Promise.all([tab.waitForURL(/heel-drops\/index\.html$/), tab.keyboard.press("Enter")]);
});

await close();
report("search", problems, `${checks} checks`);

/** Runs a check in a tab of its own; whatever the browser complains about is a problem. */
async function check(name, { path, address, script, engine, viewport = DESKTOP, ...options }, work) {
  checks += 1;
  const context = await browser.newContext({ viewport, ...options });
  const tab = await context.newPage();
  tab.requests = [];
  tab.on("request", (request) => tab.requests.push(request.url()));
  tab.on("console", (message) => problem(name, `console: ${message.text()}`));
  tab.on("pageerror", (error) => problem(name, `script: ${error.message}`));
  tab.on("requestfailed", (request) => {
    // A page that is left gives up what it was reading.
    if (request.failure()?.errorText !== "net::ERR_ABORTED") problem(name, `${request.url()} failed: ${request.failure()?.errorText}`);
  });
  tab.on("dialog", (dialog) => {
    problem(name, `a dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  tab.setDefaultTimeout(8_000);
  if (script) await tab.addInitScript(script);
  if (engine) await tab.route(/search-engine/, (route) => route.fulfill({ contentType: "text/javascript", body: `(${engine})()` }));
  current = name;
  try {
    await tab.goto(address ?? page(path), { waitUntil: "load" });
    await work(tab);
  } catch (error) {
    problem(name, error.message.split("\n")[0]);
  }
  await context.close();
}

function problem(at, message) {
  problems.push({ at, message });
}

function equal(one, other, what) {
  if (JSON.stringify(one) !== JSON.stringify(other)) problem(current, `${what}: ${JSON.stringify(one)}, not ${JSON.stringify(other)}`);
}

async function found(tab) {
  await tab.locator(".hit").first().waitFor();
}

function heading(tab) {
  return tab.locator(".found h2").textContent();
}

async function changed(tab, before) {
  await tab.waitForFunction((text) => document.querySelector(".found h2").textContent !== text, before);
}

/** Nothing for axe to say, no sideways scrolling, and room for a finger on everything that can be pressed. */
async function checkLooks(tab) {
  await wide(tab, "the page");
  const small = await tab.evaluate((least) => {
    const pressed = ".search :is(input:not(.tick input), button, select, summary, .tick), .find :is(input, button), [role=option], .letters a";
    return [...document.querySelectorAll(pressed)]
      .filter((element) => element.checkVisibility() && !element.closest(".nothing, .recent p") && element.getBoundingClientRect().height < least)
      .map((element) => element.cloneNode(false).outerHTML);
  }, FINGER);
  for (const html of small) problem(current, `smaller than a finger: ${html}`);
  await tab.evaluate(axe);
  const { violations } = await tab.evaluate((values) => window.axe.run(document, { runOnly: { type: "tag", values } }), AXE_TAGS);
  for (const { id, help, nodes } of violations) {
    for (const node of nodes) problem(current, `axe ${id}: ${help} | ${node.html.slice(0, 160)}`);
  }
}

async function wide(tab, what) {
  const over = await tab.evaluate(() => {
    const limit = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= limit) return undefined;
    const out = [...document.body.querySelectorAll("*")].find((element) => element.getBoundingClientRect().right > limit + 1);
    return out ? out.cloneNode(false).outerHTML.slice(0, 200) : "the page";
  });
  if (over) problem(current, `${what} is wider than the window: ${over}`);
}

function forbidStorage() {
  Object.defineProperty(window, "localStorage", { get: () => { throw new DOMException("forbidden", "SecurityError"); } });
}

function watchShifts() {
  window.shift = 0;
  window.allShift = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      window.allShift += entry.value;
      if (!entry.hadRecentInput) window.shift += entry.value;
    }
  }).observe({ type: "layout-shift", buffered: true });
}

/** Stands in for the engine, with pages that try to do harm. */
function hostileEngine() {
  const text = `<script>window.harm = 1</script><img src=x onerror=window.harm=1> \u202e\u2067${"very".repeat(2500)}`;
  const hit = {
    id: "x", kind: "exercise", kindLabel: text, title: text, url: "/", summary: text, isWarningFirst: true, marks: ["script", "window", "("],
    verdict: { word: "avoid", conditions: [text], more: 3 }, sections: [{ title: text, url: "/" }],
  };
  const facets = { kind: [{ value: text, label: text, count: 1 }, { value: "__proto__", label: "constructor", count: 1 }] };
  const result = { text: "x", words: ["x"], corrected: [{ from: "x", to: text }], total: 1, hits: [hit], facets };
  window.osteonSearch = { open: async () => ({ search: async () => result, suggest: async () => result, conditions: [{ id: text, label: text }] }) };
}
