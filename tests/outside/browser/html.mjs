// Holds a pack's HTML against the HTML standard with the Nu HTML checker: node html.mjs PACK
//
// Needs Java. Warnings count as well as errors.

import { spawnSync } from "node:child_process";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import vnu from "vnu-jar";
import { Tally, pagesOf, packOf } from "./check.mjs";

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
  const own = messages.filter((each) => each.url && fileURLToPath(each.url) === file);
  const first = own.slice(0, 5).map((each) => `line ${each.lastLine}: ${each.message}`);
  tally.check(own.length === 0, relative(pack, file), `${own.length} messages, ${first.join("; ")}`);
}
tally.end();
