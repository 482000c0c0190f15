// Opens a pack's pages in a real Chromium: node pages.mjs PACK
//
// For each kind of page, in light, dark and narrow: nothing is requested but the page itself, the console stays empty,
// axe-core finds no violation of WCAG 2.2 A and AA, the page does not scroll sideways, it prints. Every entry of the
// navigation leads to its page, and every link to evidence on the pages looked at leads to a row that is there.

import { createRequire } from "node:module";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { Tally, filesOf, oneOfEachKind, packOf, smallestFirst } from "./check.mjs";

const require = createRequire(import.meta.url);
const AXE = require.resolve("axe-core/axe.min.js");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const LOOKS = [
  { name: "light", colorScheme: "light", viewport: { width: 1200, height: 900 } },
  { name: "dark", colorScheme: "dark", viewport: { width: 1200, height: 900 } },
  { name: "narrow", colorScheme: "light", viewport: { width: 390, height: 844 } },
];
// axe-core needs many seconds for a page of megabytes; what a larger page holds is more of the same rows.
const LARGEST_FOR_AXE = 400_000;

function browserPath() {
  const named = process.env.CHROMIUM;
  const places = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  if (named) {
    return named;
  }
  for (const name of places) {
    try {
      return execFileSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).trim();
    } catch {
      // The next one.
    }
  }
  console.error("no Chromium here; set CHROMIUM to its path");
  process.exit(2);
}

/** Opens a page and keeps all that it asked for and complained about. */
async function open(context, path) {
  const page = await context.newPage();
  const address = pathToFileURL(path).href;
  const complaints = [];
  page.on("console", (message) => complaints.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("request", (request) => {
    const url = request.url();
    if (url !== address && !url.startsWith("data:")) {
      complaints.push(`request: ${url}`);
    }
  });
  await page.goto(address, { waitUntil: "load" });
  return { page, complaints };
}

async function axe(page) {
  await page.evaluate(require("node:fs").readFileSync(AXE, "utf8"));
  const result = await page.evaluate((tags) => globalThis.axe.run({ runOnly: { type: "tag", values: tags } }), RULES);
  return result.violations.map((each) => `${each.id} at ${each.nodes[0].target} (${each.nodes.length})`);
}

async function look(browser, tally, pack, path) {
  const background = [];
  for (const { name, ...options } of LOOKS) {
    const context = await browser.newContext(options);
    const { page, complaints } = await open(context, path);
    const what = `${relative(pack, path)}, ${name}`;
    tally.check(complaints.length === 0, `${what}: quiet`, complaints.slice(0, 3).join("; "));
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - globalThis.innerWidth);
    tally.check(wide <= 0, `${what}: fits its window`, `${wide} pixels too wide`);
    if ((await page.content()).length < LARGEST_FOR_AXE) {
      const violations = await axe(page);
      tally.check(violations.length === 0, `${what}: axe-core`, violations.join("; "));
    }
    background.push(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor));
    await context.close();
  }
  tally.check(background[0] !== background[1], `${relative(pack, path)}: dark differs from light`);
}

async function print(browser, tally, pack, path) {
  const context = await browser.newContext();
  const { page } = await open(context, path);
  const pdf = await page.pdf({ preferCSSPageSize: true });
  tally.check(pdf.subarray(0, 5).toString() === "%PDF-", `${relative(pack, path)}: prints`);
  await context.close();
}

/** The first page of a document with rows: of a large pack that of an account and region. */
function firstOf(pack, name) {
  const parts = filesOf(pack, ".html").map((path) => relative(pack, path)).filter((path) => path.startsWith(`${name}/1`));
  return join(pack, parts[0] ?? `${name}.html`);
}

/** Clicks through the navigation of the cover, and through the links to evidence of a page. */
async function walk(browser, tally, pack) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const cover = pathToFileURL(join(pack, "index.html")).href;
  await page.goto(cover);
  const entries = await page.locator("nav a").count();
  tally.check(entries >= 4, "the cover has a navigation", `${entries} entries`);
  for (let at = 0; at < entries; at += 1) {
    await page.goto(cover);
    const entry = page.locator("nav a").nth(at);
    const name = await entry.innerText();
    await entry.click();
    const title = await page.locator("h1").first().innerText();
    tally.check(title.length > 0, `navigation: ${name} opens a page with a title`);
    const current = await page.locator("nav a[aria-current=page]").count();
    tally.check(current <= 1, `navigation: ${name} says where it is`);
  }
  await page.goto(pathToFileURL(firstOf(pack, "channel-usage")).href);
  const call = page.locator('main a[href*="calls/"]').first();
  await call.click();
  const target = await page.evaluate(() => {
    const id = decodeURIComponent(location.hash.slice(1));
    return id !== "" && document.getElementById(id) !== null;
  });
  tally.check(target, "a link to evidence leads to its row");
  await context.close();
}

/** Uses the filter of the findings by keyboard; without scripts the page shows all and has no filter. */
async function filter(browser, tally, pack) {
  const address = pathToFileURL(firstOf(pack, "findings")).href;
  const context = await browser.newContext();
  const page = await context.newPage();
  const visible = () => page.locator("main td .verdict:visible").count();
  await page.goto(address);
  const all = await visible();
  const status = page.locator("[role=status]");
  tally.check((await status.innerText()).startsWith(`${all} findings`), "filter: says how many there are", await status.innerText());
  await page.getByLabel("Search this page").focus();
  // The end of what one finding is about leaves that one and its like.
  await page.keyboard.type((await page.locator("main td code").first().innerText()).slice(-12));
  const some = await visible();
  tally.check(some > 0 && some < all, "filter: words leave some findings", `${some} of ${all}`);
  tally.check((await status.innerText()).startsWith(`${some} of ${all} `), "filter: says how many are left", await status.innerText());
  await page.getByLabel("Verdict").selectOption("▲ fail");
  const fails = await page.locator("main td .verdict:visible").allInnerTexts();
  tally.check(fails.every((text) => text === "▲ fail") && fails.length <= some, "filter: a verdict leaves its own");
  await page.emulateMedia({ media: "print" });
  tally.check((await visible()) === all, "filter: what is printed is everything");
  await page.emulateMedia({ media: "screen" });
  // On paper there is no form, so nothing in it was left focused.
  await page.getByLabel("Search this page").focus();
  await page.keyboard.press("Escape");
  tally.check((await visible()) === all, "filter: Escape shows everything again");
  await context.close();
  const plain = await browser.newContext({ javaScriptEnabled: false });
  const still = await plain.newPage();
  await still.goto(address);
  tally.check((await still.locator("main td .verdict:visible").count()) === all, "without scripts every finding shows");
  tally.check((await still.locator("form").count()) === 0, "without scripts there is no filter");
  await plain.close();
}

/** Opens an answer that is folded away. */
async function unfold(browser, tally, pack) {
  const path = filesOf(pack, ".html").find((name) => /^calls.*\/pinpoint\.html$/.test(relative(pack, name)));
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(pathToFileURL(path).href);
  const answer = page.locator("details pre").first();
  tally.check(!(await answer.isVisible()), "an answer is folded away");
  await page.locator("summary").first().focus();
  await page.keyboard.press("Enter");
  tally.check(await answer.isVisible(), "the keyboard unfolds it");
  await context.close();
}

const pack = packOf(process.argv);
const tally = new Tally();
if (!existsSync(join(pack, "index.html"))) {
  console.error(`${pack} is no pack: it has no index.html`);
  process.exit(2);
}
const browser = await chromium.launch({
  executablePath: browserPath(),
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});
const all = filesOf(pack, ".html");
// Of each kind the first page, and the smallest, which axe-core can look through.
const kinds = [...new Set([...oneOfEachKind(all), ...oneOfEachKind(smallestFirst(all))])];
for (const path of kinds) {
  await look(browser, tally, pack, path);
  await print(browser, tally, pack, path);
}
await walk(browser, tally, pack);
await filter(browser, tally, pack);
await unfold(browser, tally, pack);
console.log(`${kinds.length} of ${all.length} pages in Chromium ${browser.version()}, axe-core ${require("axe-core/package.json").version}`);
await browser.close();
tally.end();
