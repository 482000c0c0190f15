// Lints a pack's Markdown: node markdown.mjs PACK
//
// Every default rule of markdownlint, but for those that a document of tables cannot keep; each with its reason.

import { lint } from "markdownlint/promise";
import { relative } from "node:path";
import { Tally, pagesOf, packOf } from "./check.mjs";

const RULES = {
  default: true,
  MD013: false, // Line length: the rows of a table can not be wrapped.
  MD033: { allowed_elements: ["a", "br", "details", "summary"] }, // Anchors that evidence is linked to, breaks within a cell, folded answers.
};

const pack = packOf(process.argv);
const tally = new Tally();
const files = pagesOf(pack, ".md");
const results = await lint({ files, config: RULES });
for (const file of files) {
  const errors = results[file] ?? [];
  const first = errors.slice(0, 5).map((each) => `line ${each.lineNumber} ${each.ruleNames[0]} ${each.ruleDescription}`);
  tally.check(errors.length === 0, relative(pack, file), `${errors.length} errors, ${first.join("; ")}`);
}
tally.end();
