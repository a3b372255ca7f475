// first-visit.txt: a line for each function that runs on a first visit, `shape segments name`, separated
// by tabs. The segments are one bit each, four to a hexadecimal digit, 1 for those that run; `-` is all of
// them. Functions that differ in nothing but a number have one name, and one line for each shape.

import { readFileSync } from "node:fs";
import { NAMES } from "./module.mjs";

/** The text of a profile, from {@link import("./first-visit.mjs").noted}'s notes and those that were called. */
export function written(notes, called) {
  const lines = new Map();
  for (const { name, shape, count, first } of notes) {
    if (!called.has(first)) continue;
    const key = `${name}\t${shape}`;
    const line = lines.get(key) ?? { name, shape, runs: Array(count).fill(false) };
    line.runs.forEach((_, n) => {
      line.runs[n] ||= called.has(first + 1 + n);
    });
    lines.set(key, line);
  }
  const sorted = [...lines].sort(([one], [other]) => (one < other ? -1 : 1));
  return sorted.map(([, { name, shape, runs }]) => `${shape}\t${digits(runs)}\t${name}\n`).join("");
}

function digits(runs) {
  if (runs.every(Boolean)) return "-";
  const four = (n) => runs.slice(n, n + 4).reduce((sum, is, bit) => sum + (is ? 1 << bit : 0), 0);
  return Array.from({ length: Math.ceil(runs.length / 4) }, (_, n) => four(4 * n).toString(16)).join("");
}

/** The profile that a text holds: by name, and for each shape which segments run. */
export function profile(text = readFileSync(NAMES, "utf8")) {
  const functions = new Map();
  for (const line of text.split("\n").filter(Boolean)) {
    const [shape, segments, name] = line.split("\t");
    const shapes = functions.get(name) ?? new Map();
    const runs = segments === "-" ? () => true : (n) => ((parseInt(segments[n >> 2], 16) >> (n & 3)) & 1) === 1;
    functions.set(name, shapes.set(shape, runs));
  }
  return functions;
}
