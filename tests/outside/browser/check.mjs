// What the checks beside this file share: saying what holds and what does not, and finding a pack's files.

import { readdirSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";

/** So many pages are looked at without choosing. */
const FEW = 60;

/** Counts what holds; prints only what does not, and a line for each group that does. */
export class Tally {
  passed = 0;
  failed = 0;

  /** @param {boolean} holds @param {string} what @param {string} [why] shown where it does not hold */
  check(holds, what, why = "") {
    if (holds) {
      this.passed += 1;
    } else {
      this.failed += 1;
      console.log(`FAIL  ${what}${why ? `: ${why}` : ""}`);
    }
  }

  /** Prints the count and ends the process: 1 when something failed or nothing was checked. */
  end() {
    console.log(`${this.passed} passed, ${this.failed} failed`);
    process.exit(this.failed > 0 || this.passed === 0 ? 1 : 0);
  }
}

/** The pack that the command line names. */
export function packOf(argv) {
  if (argv.length < 3) {
    console.error(`usage: node ${relative(".", argv[1])} PACK`);
    process.exit(2);
  }
  return resolve(argv[2]);
}

/** Every file of a folder whose name ends so, in order. */
export function filesOf(folder, ending) {
  const found = [];
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) {
      found.push(...filesOf(path, ending));
    } else if (name.endsWith(ending)) {
      found.push(path);
    }
  }
  return found;
}

/** Of a small pack every page; of a large one the first and the largest of each kind, for the others are more of the same. */
export function pagesOf(pack, ending) {
  const all = filesOf(pack, ending);
  if (all.length <= FEW) {
    return all;
  }
  const chosen = new Set([...oneOfEachKind(all), ...oneOfEachKind(smallestFirst(all).toReversed())]);
  console.log(`${chosen.size} of ${all.length} pages: the first and the largest of each kind`);
  return [...chosen];
}

/** The same files by their size. */
export function smallestFirst(paths) {
  return paths.map((path) => [statSync(path).size, path]).toSorted(([a], [b]) => a - b).map(([, path]) => path);
}

/** One file of each kind of page: those that differ by nothing but a number count as one kind. */
export function oneOfEachKind(paths) {
  const kinds = new Map();
  for (const path of paths) {
    // Accounts and regions make no kind: neither as folders, nor as the name of the page of a part.
    const kind = path
      .replace(/\/calls\/.*\//, "/calls/")
      .replace(/\/(findings|channel-usage)\/[^/]+\/[^/]+\./, "/$1/part.")
      .replace(/-?[0-9]+(?=\.)/g, "")
      .replace(/[0-9]+(?=-)/g, "#");
    if (!kinds.has(kind)) {
      kinds.set(kind, path);
    }
  }
  return [...kinds.values()];
}
