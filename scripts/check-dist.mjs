// Looks at a built page: what must hold for any static host to serve it, and what it weighs.
//
//   node scripts/check-dist.mjs [folder]

import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";

/** What the first visit may download, in bytes, gzipped. */
const MOST_ZIPPED = 350_000;

const folder = process.argv[2] ?? "dist";
const problems = [];

const entries = await readdir(folder, { recursive: true, withFileTypes: true });
const files = new Map();
for (const entry of entries.filter((entry) => entry.isFile())) {
  const file = path.join(entry.parentPath ?? entry.path, entry.name);
  files.set(path.relative(folder, file).replaceAll(path.sep, "/"), await readFile(file));
}

const html = files.get("index.html")?.toString();
if (html === undefined) {
  console.error(`${folder} holds no index.html`);
  process.exit(1);
}

// The page's Content-Security-Policy refuses script and style that stand in the page itself.
for (const [, attributes, body] of html.matchAll(/<(?:script|style)\b([^>]*)>([^<]*)/g)) {
  if (body.trim() !== "") problems.push(`index.html has inline script or style: <…${attributes}>`);
}
for (const [attribute] of html.matchAll(/\s(?:on\w+|style)\s*=\s*["']/g)) {
  problems.push(`index.html has an inline handler or style: ${attribute.trim()}…`);
}
if (!html.includes("Content-Security-Policy")) {
  problems.push("index.html has no Content-Security-Policy");
}

// What the first visit downloads: the page, and what it and its files name.
const firstVisit = new Set();
function visit(name, namedBy) {
  if (firstVisit.has(name)) return;
  const content = files.get(name);
  if (content === undefined) {
    problems.push(`${namedBy} names ${name}, which isn't there`);
    return;
  }
  firstVisit.add(name);
  const patterns = {
    ".html": /\s(?:src|href|data-js|data-wasm)\s*=\s*["']([^"'#]+)["']/g,
    ".css": /url\(\s*["']?([^"')#]+)/g,
    ".js": /\b(?:from|import)\s*["']([^"']+)["']/g,
  };
  const pattern = patterns[path.extname(name)];
  if (pattern === undefined) return;
  for (const [, address] of content.toString().matchAll(pattern)) {
    // Data, or a link to the page itself.
    if (address.startsWith("data:") || /^(\.\/)?(\?.*)?$/.test(address)) continue;
    if (/^([a-z]+:|\/)/i.test(address)) {
      problems.push(`${name} names ${address}: addresses must be relative`);
      continue;
    }
    visit(path.posix.normalize(path.posix.join(path.posix.dirname(name), address)), name);
  }
}
visit("index.html", "the visitor");
// What the program asks for at once. Its second part, `data-rest`, it does not (scripts/rest.js).
visit("lessons/index.txt", "the program");

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
const width = Math.max(...[...files.keys()].map((name) => name.length));
const row = (name, raw, zipped, note = "") =>
  console.log(`  ${name.padEnd(width)} ${raw.padStart(11)} ${zipped.padStart(11)}${note}`);

let [raw, zipped] = [0, 0];
row("", "raw", "gzipped");
for (const [name, content] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
  const size = gzipSync(content, { level: 9 }).length;
  row(name, kilobytes(content.length), kilobytes(size), firstVisit.has(name) ? "" : "  (later)");
  if (firstVisit.has(name)) [raw, zipped] = [raw + content.length, zipped + size];
}
row("first visit", kilobytes(raw), kilobytes(zipped));

if (MOST_ZIPPED < zipped) {
  const over = kilobytes(zipped - MOST_ZIPPED);
  const hint = "Perhaps the list of what it runs is out of date: ./lab first-visit writes it.";
  problems.push(`the first visit may download ${kilobytes(MOST_ZIPPED)}, this is ${over} more. ${hint}`);
}

for (const problem of problems) console.error(`✗ ${problem}`);
process.exit(problems.length === 0 ? 0 : 1);
