// Search in the browser against its twin in Rust: the same results in the same order with the same scores, for every query of
// `content/search.yaml`, variations of them, and what nobody should type.
// node search-twin.mjs SITE ROOT COMMAND...: a built site, the folder that it was built from, and how osteon is called.

import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";

const [site, root, ...command] = process.argv.slice(2);

const written = readFileSync(join(root, "content/search.yaml"), "utf8");
const queries = [...written.matchAll(/\bquery: *(?:'((?:[^']|'')*)'|"([^"]*)"|([^,}\n]*))/g)].map(
  ([, single, double, plain]) => (single?.replaceAll("''", "'") ?? double ?? plain).trim()
);
const varied = queries.flatMap((query) => [
  query.toUpperCase(),
  query.slice(1),
  query.slice(0, -1),
  query.replace(/(.)(.)(?=[^ ]*$)/u, "$2$1"),
  query.replaceAll(" ", ""),
  query.replaceAll(" ", "-"),
  `"${query}"`,
  `${query} -pain`,
  `how do i ${query} with osteoporosis`
]);
const hostile = [
  "",
  " ",
  "the",
  "how to do it",
  "-",
  "--",
  "''''",
  '"',
  '""',
  '"" -""',
  '-"weak bones',
  '-"weak bones" exercise',
  "“weak bones”",
  "<script>alert(1)</script>",
  "\u202esit\u202c ups",
  "s\u0301i\u0308t ups",
  "ＳＩＴ ＵＰＳ ﬁne",
  "骨粗鬆症 운동 กระดูก",
  "constructor __proto__ toString hasOwnProperty",
  "= =sit_up sit_up",
  "x".repeat(10000),
  "walk ".repeat(2000),
  "a b c d e f g h i j k l m n o p q r s t u v w x y z",
  "😀 🦴 bone🦴",
  "osteoporosis's 'sit-up's",
  "1.5 2 3,000 %",
  "&amp; \\ / \\u003c"
];
const all = [...queries, ...varied, ...hostile];

const engine = await open("/search/en/");
const problems = [];
const lines = [];
for (let at = 0; at < all.length; at += 100) {
  const part = all.slice(at, at + 100);
  const run = [...command.slice(1), "search", "--root", root, "--limit", "20", "--format", "json", "--", ...part];
  lines.push(...execFileSync(command[0], run, { encoding: "utf8", maxBuffer: 1 << 28 }).trimEnd().split("\n"));
}
for (const [at, query] of all.entries()) {
  const rust = JSON.parse(lines[at]);
  const browser = await engine.search(query, { limit: 20 });
  // Without a query the browser shows everything, to be filtered.
  if (!query.trim()) continue;
  const view = ({ words, corrected, total, hits }) => ({
    words,
    corrected,
    total,
    hits: hits.map(({ id, kind, title, url, score, verdict, isWarningFirst, sections }) => ({
      id, kind, title, url, score, isWarningFirst, verdict: verdict && verdict.word,
      whom: verdict && verdict.conditions.slice(0, 3), sections
    }))
  });
  const [expected, found] = [view(rust), view(browser)].map((results) => JSON.stringify(results, null, 1).split("\n"));
  const first = expected.findIndex((line, i) => line !== found[i]);
  if (first >= 0) problems.push(`${JSON.stringify(query.slice(0, 80))}: Rust has ${expected[first]}, the browser ${found[first]}`);
}

// Lone surrogates can't be given to a program, but they can be typed.
for (const query of ["\ud800", "sit\udfffups", '"\ud83e']) await engine.search(query);

// While somebody types, the beginning of the last word is enough, and no file of places or facets is loaded.
const typed = await open("/search/en/");
if (queries.includes("osteoporosis")) {
  const { hits } = await typed.suggest("osteopor", 3);
  if (hits[0]?.id !== "osteoporosis") problems.push(`typing "osteopor" suggests ${hits[0]?.id}`);
}
for (const query of [...queries, ...hostile]) await typed.suggest(query.slice(0, -1), 5);

// From a folder, addresses name files.
const local = await open("file:///a/site/search/en/");
const [hit] = (await local.search(queries[0])).hits;
if (!hit.url.startsWith("file:///a/site/") || !hit.url.endsWith("/index.html")) problems.push(`from a folder: ${hit.url}`);

// Facets: counts are those of what is shown when the value is chosen, and values of one facet add up.
const free = await engine.search("exercise", { limit: 5 });
for (const [id, values] of Object.entries(free.facets)) {
  for (const { value, count } of values) {
    const { total } = await engine.search("exercise", { [id]: [value], limit: 1 });
    if (total !== count) problems.push(`${id} ${value}: ${count} counted, ${total} found`);
  }
}
const [one, other] = free.facets.position ?? [];
if (other) {
  const { total, facets } = await engine.search("exercise", { position: [one.value, other.value], impact: ["none"] });
  const both = await engine.search("exercise", { impact: ["none"] });
  const count = (values) => values.find(({ value }) => value === one.value).count;
  if (total > one.count + other.count || count(facets.position) !== count(both.facets.position)) {
    problems.push("facets: values of one facet are not joined, or its own counts are narrowed");
  }
}
for (const sort of ["title", "date", "effort"]) {
  const titles = (await engine.search("", { sort, limit: 500 })).hits.map(({ title }) => title.toLowerCase());
  if (sort === "title" && titles.some((title, i) => i && title < titles[i - 1])) problems.push("sorted by title: out of order");
}

console.log(`${all.length} queries, ${problems.length} problems`);
for (const problem of problems.slice(0, 40)) console.log(problem);
process.exitCode = problems.length ? 1 : 0;

/** An engine in a world of its own that has a document and nothing else. */
async function open(folder) {
  const context = createContext({ window: {}, Error });
  const run = (text) => runInContext(text, context);
  const append = (element) => {
    const path = join(site, element.src.slice(element.src.indexOf("search/")));
    queueMicrotask(() => {
      run(readFileSync(path, "utf8"));
      element.onload();
    });
  };
  context.document = { createElement: () => ({ remove() {} }), head: { append, appendChild: append } };
  const theme = readdirSync(join(site, "theme")).find((name) => name.startsWith("search-engine-"));
  run(readFileSync(join(site, "theme", theme), "utf8"));
  context.osteonSearch = context.window.osteonSearch;
  return context.window.osteonSearch.open(folder);
}
