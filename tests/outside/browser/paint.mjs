// How long a real Chromium needs to show pages: node paint.mjs FILE…
//
// Prints a line of JSON for each file: milliseconds from the beginning of the navigation to the first contentful paint and
// to the end of loading, the median of five runs, each in a new context; or why it could not be shown. It judges nothing: see
// tests/bench/pages.py.

import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const RUNS = 5;
const named = process.env.CHROMIUM;
const browserPath = named ?? execFileSync("sh", ["-c", "command -v chromium || command -v chromium-browser || command -v google-chrome"], { encoding: "utf8" }).trim();
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

// What opens no page within this time opens none.
const PATIENCE = 120_000;

async function timed(browser, path) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 } });
  try {
    const page = await context.newPage();
    await page.goto(pathToFileURL(path).href, { waitUntil: "load", timeout: PATIENCE });
    await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint").length > 0, null, { timeout: PATIENCE });
    return await page.evaluate(() => [
      performance.getEntriesByName("first-contentful-paint")[0].startTime,
      performance.getEntriesByType("navigation")[0].loadEventEnd,
    ]);
  } finally {
    await context.close().catch(() => {});
  }
}

async function measured(path) {
  // A browser of its own: a page that breaks it must not break the next.
  const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox", "--disable-gpu"] });
  try {
    const times = [];
    for (let run = 0; run < RUNS; run += 1) times.push(await timed(browser, path));
    return { painted: median(times.map(([painted]) => painted)), loaded: median(times.map(([, loaded]) => loaded)) };
  } catch (error) {
    return { error: error.message.split("\n")[0] };
  } finally {
    await browser.close().catch(() => {});
  }
}

for (const path of process.argv.slice(2)) {
  console.log(JSON.stringify({ path, bytes: statSync(path).size, ...(await measured(path)) }));
}
