// Makes the pictures of the README from the built example site.
//
//     node pictures.mjs SITE

import { fileURLToPath } from "node:url";
import { openBrowser } from "./browser.mjs";
import { readSite } from "./site.mjs";

const PICTURES = [
  { name: "desktop", path: "/exercises/heel-drops/", width: 1280, colorScheme: "light" },
  { name: "phone", path: "/exercises/sit-to-stand/", width: 390, colorScheme: "dark" },
];

const site = readSite(process.argv[2]);
const { browser, host, close } = await openBrowser(site);
for (const { name, path, width, colorScheme } of PICTURES) {
  const tab = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
  await tab.goto(`${host}${site.base}${path}`);
  await tab.screenshot({ path: fileURLToPath(new URL(`../../docs/images/${name}.png`, import.meta.url)) });
  await tab.close();
}
await close();
