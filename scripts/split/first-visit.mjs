// Writes first-visit.txt: the functions that run on a first visit until somebody does something, and
// what of them runs. `./lab first-visit` builds the page for it, with a note of every segment that is run,
// and then runs this.
//
//   node scripts/split/first-visit.mjs FOLDER

import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { launchBrowser, serveFolder } from "../../tests/e2e/lib.mjs";
import { bytesOf, kind, NAMES, textOf } from "./module.mjs";
import { written } from "./profile.mjs";
import { listStart, segments, shape } from "./segments.mjs";
import { forms, nameOf, parse, plain, print } from "./text.mjs";
import { data, withData, without, SECTION } from "./wasm.mjs";

/** How long a visit lasts, in milliseconds: longer than the first election and the first session. */
const VISIT = 15_000;
/** What visitors have, `slowness` is how much slower their processor is. Twice, since addresses and hashes
 * differ between visits. */
const VISITORS = [
  { viewport: { width: 1440, height: 900 } },
  { viewport: { width: 1280, height: 720 }, colorScheme: "dark" },
  { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  { viewport: { width: 1920, height: 1080 }, reducedMotion: "reduce" },
  { viewport: { width: 1024, height: 768 }, hasTouch: true, deviceScaleFactor: 2 },
  { viewport: { width: 1440, height: 900 }, slowness: 4 },
];
const VISITS = [...VISITORS, ...VISITORS];
/** Where a built page has the list of what its notes mean. */
const NOTES = "notes.json";

/**
 * The program with a call to `first-visit called` at the start of every function and every segment.
 *
 * @returns the program, and of each function `{ name, shape, count, first }`: the number of its note, after
 *   which come those of its segments
 */
export function noted(built) {
  const text = forms(textOf(without(built, [SECTION.data, SECTION.dataCount])));
  const notes = [];
  let next = 0;
  const note = () => ["call", "$called", ["i32.const", String(next++)]];
  const all = text.forms.map((form) => {
    const name = nameOf(form);
    if (name === undefined) return form;
    const func = parse(form);
    const found = segments(func);
    notes.push({ name: kind(plain(name)), shape: shape(found), count: found.length, first: next });
    const start = note();
    // From the end, so that places before stay what they are.
    const own = found.map((segment) => ({ ...segment, note: note() }));
    for (const { list, from, note } of own.reverse()) list.splice(from, 0, note);
    func.splice(listStart(func), 0, start);
    return print(func);
  });
  const called = `(import "first-visit" "called" (func $called (param i32)))`;
  const bytes = bytesOf(`${text.head}${[called, ...all].join("\n")})`);
  return { bytes: withData(bytes, data(built)), notes };
}

/** What the program imports for it. */
export const GIVES = `        "first-visit": { called: (n) => { (globalThis.called ??= new Set()).add(n); } },\n`;

/** Writes down what the notes of a built page mean. */
export const keepNotes = (folder, notes) => writeFileSync(path.join(folder, NOTES), JSON.stringify(notes));

async function main(folder) {
  const notes = JSON.parse(readFileSync(path.join(folder, NOTES), "utf8"));
  const server = await serveFolder(folder);
  const browser = await launchBrowser();
  const called = new Set();
  for (const visitor of VISITS) {
    const { slowness = 1, ...has } = visitor;
    const context = await browser.newContext({ locale: "en-US", ...has });
    const page = await context.newPage();
    const tools = await context.newCDPSession(page);
    await tools.send("Emulation.setCPUThrottlingRate", { rate: slowness });
    await page.goto(server.url);
    await page.waitForTimeout(VISIT * slowness);
    const found = await page.evaluate(() => {
      // And leaves: then nothing can be fetched any more.
      Object.defineProperty(document, "visibilityState", { value: "hidden" });
      document.dispatchEvent(new Event("visibilitychange"));
      dispatchEvent(new PageTransitionEvent("pagehide"));
      return [...globalThis.called];
    });
    const before = called.size;
    for (const n of found) called.add(n);
    console.log(`${JSON.stringify(visitor)}: ${found.length} notes, ${called.size - before} of them new`);
    await context.close();
  }
  await browser.close();
  server.close();
  writeFileSync(NAMES, written(notes, called));
}

if (process.argv[1] === import.meta.filename) {
  await main(process.argv[2] ?? "dist");
  process.exit(0);
}
