// Holds a pack's HTML against the HTML standard with the Nu HTML checker: node html.mjs PACK
//
// Needs Java. Warnings count as well as errors. The checker does not look for hashes in a Content-Security-Policy and so
// takes every inline style and script for blocked; those are held against the policy's hashes here.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import vnu from "vnu-jar";
import { Tally, pagesOf, packOf } from "./check.mjs";

const BLOCKED = /^Inline (style|script) violates Content Security Policy/;

// Whether the page's policy names the hash of every inline style and script.
function policyNames(file) {
  const text = readFileSync(file, "utf8");
  const policy = text.match(/http-equiv="Content-Security-Policy" content="([^"]*)"/)?.[1] ?? "";
  const inline = [...text.matchAll(/<(style|script)>([^]*?)<\/\1>/g)];
  const hash = (content) => createHash("sha256").update(content).digest("base64");
  return inline.length > 0 && inline.every(([, , content]) => policy.includes(`'sha256-${hash(content)}'`));
}

const pack = packOf(process.argv);
const tally = new Tally();
const files = pagesOf(pack, ".html");
const run = spawnSync("java", ["-Xss8m", "-jar", vnu.vnuJar ?? vnu, "--format", "json", "--stdout", ...files], {
  encoding: "utf8",
  maxBuffer: 1 << 28,
});
if (run.error || run.stdout.trim() === "") {
  console.error(`the checker did not run: ${run.error?.message ?? run.stderr.trim()}`);
  process.exit(2);
}
const messages = JSON.parse(run.stdout).messages;
for (const file of files) {
  const mine = messages.filter((each) => each.url && fileURLToPath(each.url) === file);
  const own = policyNames(file) ? mine.filter((each) => !BLOCKED.test(each.message)) : mine;
  const first = own.slice(0, 5).map((each) => `line ${each.lastLine}: ${each.message}`);
  tally.check(own.length === 0, relative(pack, file), `${own.length} messages, ${first.join("; ")}`);
}
tally.end();
