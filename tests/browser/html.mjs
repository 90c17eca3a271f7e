// Validates every page, style sheet and picture of a built site with the Nu checker: neither errors nor warnings.
//
//     node html.mjs SITE

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { readSite, report } from "./site.mjs";

const folder = process.argv[2];
const site = readSite(folder);
const jar = fileURLToPath(new URL("node_modules/vnu-jar/build/dist/vnu.jar", import.meta.url));
const options = ["--stdout", "--format", "json", "--exit-zero-always", "--skip-info-messages"];

/** The messages about files of one kind; the checker is told the kind, so that it doesn't guess. */
function check(kind, ending) {
  const paths = [...site.files.keys()].filter((path) => path.endsWith(ending));
  if (paths.length === 0) return [];
  const run = spawnSync("java", ["-Xss2m", "-jar", jar, ...options, kind, ...paths], {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (run.error) throw run.error;
  if (run.status !== 0) throw new Error(`the Nu checker failed: ${run.stderr}`);
  return JSON.parse(run.stdout).messages.map(({ url, lastLine, message, extract }) => {
    const path = decodeURIComponent(new URL(url).pathname).split("/").slice(-3).join("/");
    return { at: `${path}:${lastLine ?? 1}`, message: extract ? `${message} | ${extract.replaceAll(/\s+/g, " ").trim()}` : message };
  });
}

const problems = [...check("--html", ".html"), ...check("--css", ".css"), ...check("--svg", ".svg")];
report("html", problems, `${site.pages.size} pages validated`);
