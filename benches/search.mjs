// What search costs a reader: time from a query to its results in Chromium with the files at hand, and the compressed bytes that are
// loaded before the first results. From tests/browser, which has the browser's driver:
// node ../../benches/search.mjs SITE QUERY...

import { createRequire } from "node:module";
import { readFileSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";

const { chromium } = createRequire(resolve("package.json"))("playwright-core");
const [site, ...queries] = process.argv.slice(2);
const theme = readdirSync(resolve(site, "theme")).find((name) => name.startsWith("search-engine-"));
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"] });

const open = async () => {
  const page = await browser.newPage();
  const loaded = [];
  page.on("request", (request) => loaded.push(new URL(request.url()).pathname));
  await page.goto(pathToFileURL(resolve(site, "404.html")).href);
  await page.addScriptTag({ url: pathToFileURL(resolve(site, "theme", theme)).href });
  await page.evaluate(async (folder) => { window.engine = await osteonSearch.open(folder); },
    pathToFileURL(resolve(site, `search/${readdirSync(resolve(site, "search"))[0]}/`)).href + "/");
  return { page, bytes: () => loaded.filter((path) => path.includes("/search/")).reduce(
    (sum, path) => sum + gzipSync(readFileSync(decodeURIComponent(path)), { level: 9 }).length, 0) };
};

for (const query of queries) {
  const sizes = [];
  for (const method of ["suggest", "search"]) {
    const { page, bytes } = await open();
    await page.evaluate(([method, query]) => engine[method](query), [method, query]);
    sizes.push(`${method} ${(bytes() / 1000).toFixed(1)} KB`);
    await page.close();
  }
  console.log(`${JSON.stringify(query)}: ${sizes.join(", ")}`);
}

const { page } = await open();
for (const method of ["suggest", "search"]) {
  const times = await page.evaluate(async ([method, queries]) => {
    const times = [];
    for (let round = 0; round < 5; round++) {
      for (const query of queries) {
        for (let length = 2; length <= query.length; length++) {
          const start = performance.now();
          await engine[method](query.slice(0, length), method === "search" ? { limit: 10 } : 10);
          if (round > 1) times.push(performance.now() - start);
        }
      }
    }
    return times.sort((a, b) => a - b);
  }, [method, queries]);
  const at = (share) => times[Math.floor(times.length * share)].toFixed(1);
  console.log(`${method}: median ${at(0.5)} ms, 95 % ${at(0.95)} ms, most ${at(0.999)} ms, ${times.length} key presses`);
}
await browser.close();
