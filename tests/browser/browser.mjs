// Chromium, and a server for a built site on this machine alone.
//
// The browser is the one that CHROMIUM names, or the first of the usual ones that is there.

import { existsSync } from "node:fs";
import { createServer } from "node:http";
import { chromium } from "playwright-core";
import { fileAt } from "./site.mjs";

const BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const TYPES = {
  html: "text/html; charset=utf-8",
  css: "text/css",
  svg: "image/svg+xml",
  js: "text/javascript",
  xml: "application/xml",
  json: "application/json",
  txt: "text/plain",
};

/** Starts both. The server sends some headers with every file. `close` ends both. */
export async function openBrowser(site, headers = {}) {
  const executablePath = process.env.CHROMIUM ?? BROWSERS.find((path) => existsSync(path));
  if (!executablePath) throw new Error("no Chromium found: install it, or name it in CHROMIUM");
  const server = createServer((request, response) => {
    const file = fileAt(site, new URL(request.url, "http://localhost").pathname);
    const path = file ?? "404.html";
    response.writeHead(file ? 200 : 404, { ...headers, "content-type": TYPES[path.split(".").at(-1)] ?? "application/octet-stream" });
    response.end(site.files.get(path));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
  const close = async () => {
    await browser.close();
    server.close();
  };
  return { browser, host: `http://127.0.0.1:${server.address().port}`, close };
}
