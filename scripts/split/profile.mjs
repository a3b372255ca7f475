// first-visit.txt: a line for each function that runs on a first visit, `shape segments name`, separated
// by tabs. The segments are one bit each, four to a hexadecimal digit, 1 for those that run; `-` is all of
// them. Functions that differ in nothing but a number have one name, and one line for each shape.
//
// After those, lines of digests of the names that did not run, `never digest…`, or of `name shape` where
// another function of that name did: a function that is in neither is newer than the profile, and may run.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { NAMES } from "./module.mjs";

const NEVER = "never";
/** So many digests to a line. */
const TO_A_LINE = 16;

const digest = (name) => createHash("sha256").update(name).digest("hex").slice(0, 6);

/** Functions that wasm-opt made have a number that says nothing: they are called by what they look like. */
export const isNumber = (name) => /^\d+$/.test(name);
export const called = (name, shape) => (isNumber(name) ? `#${shape}` : name);

/** The text of a profile, from {@link import("./first-visit.mjs").noted}'s notes and those that were reached. */
export function written(notes, reached) {
  const lines = new Map();
  const others = new Map();
  for (const { name: own, shape, count, first } of notes) {
    const name = called(own, shape);
    const key = `${name}\t${shape}`;
    if (!reached.has(first)) {
      others.set(key, name);
      continue;
    }
    const line = lines.get(key) ?? { name, shape, runs: Array(count).fill(false) };
    line.runs.forEach((_, n) => {
      line.runs[n] ||= reached.has(first + 1 + n);
    });
    lines.set(key, line);
  }
  const sorted = [...lines].sort(([one], [other]) => (one < other ? -1 : 1));
  const running = new Set([...lines.values()].map(({ name }) => name));
  const never = [...others].filter(([key]) => !lines.has(key)).map(([key, name]) => (running.has(name) ? key : name));
  const digests = [...new Set(never.map(digest))].sort();
  const last = Array.from({ length: Math.ceil(digests.length / TO_A_LINE) }, (_, n) =>
    [NEVER, ...digests.slice(n * TO_A_LINE, (n + 1) * TO_A_LINE)].join(" "),
  );
  return [...sorted.map(([, { name, shape, runs }]) => `${shape}\t${digits(runs)}\t${name}`), ...last, ""].join("\n");
}

function digits(runs) {
  if (runs.every(Boolean)) return "-";
  const four = (n) => runs.slice(n, n + 4).reduce((sum, is, bit) => sum + (is ? 1 << bit : 0), 0);
  return Array.from({ length: Math.ceil(runs.length / 4) }, (_, n) => four(4 * n).toString(16)).join("");
}

/**
 * The profile that a text holds.
 *
 * @returns {{
 *   functions: Map<string, Map<string, (segment: number) => boolean>>,
 *   isNever: (name: string, shape?: string) => boolean,
 * }}
 *   by name, and for each shape, which segments run; and what was there without being run
 */
export function profile(text = readFileSync(NAMES, "utf8")) {
  const functions = new Map();
  const never = new Set();
  for (const line of text.split("\n").filter(Boolean)) {
    if (line.startsWith(`${NEVER} `)) {
      for (const one of line.split(" ").slice(1)) never.add(one);
      continue;
    }
    const [shape, segments, name] = line.split("\t");
    const shapes = functions.get(name) ?? new Map();
    const runs = segments === "-" ? () => true : (n) => ((parseInt(segments[n >> 2], 16) >> (n & 3)) & 1) === 1;
    functions.set(name, shapes.set(shape, runs));
  }
  // Two may have one digest: what is known to run is asked about first.
  const isNever = (name, shape) => {
    if (!functions.has(name)) return never.has(digest(name));
    return !functions.get(name).has(shape) && never.has(digest(`${name}\t${shape}`));
  };
  return { functions, isNever };
}
