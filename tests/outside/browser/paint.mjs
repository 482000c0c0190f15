// How long a real Chromium needs to show pages: node paint.mjs FILE…
//
// Prints a line of JSON for each file: milliseconds from the beginning of the navigation to the first contentful paint and
// to the end of loading, the median of five runs, each in a new context. It judges nothing: see tests/bench/pages.py.

import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const RUNS = 5;
const named = process.env.CHROMIUM;
const browserPath = named ?? execFileSync("sh", ["-c", "command -v chromium || command -v chromium-browser || command -v google-chrome"], { encoding: "utf8" }).trim();
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox", "--disable-gpu"] });
for (const path of process.argv.slice(2)) {
  const painted = [];
  const loaded = [];
  for (let run = 0; run < RUNS; run += 1) {
    const context = await browser.newContext({ viewport: { width: 1200, height: 900 } });
    const page = await context.newPage();
    await page.goto(pathToFileURL(path).href, { waitUntil: "load", timeout: 300_000 });
    await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint").length > 0, null, { timeout: 300_000 });
    const times = await page.evaluate(() => [
      performance.getEntriesByName("first-contentful-paint")[0].startTime,
      performance.getEntriesByType("navigation")[0].loadEventEnd,
    ]);
    painted.push(times[0]);
    loaded.push(times[1]);
    await context.close();
  }
  console.log(JSON.stringify({ path, bytes: statSync(path).size, painted: median(painted), loaded: median(loaded) }));
}
await browser.close();
