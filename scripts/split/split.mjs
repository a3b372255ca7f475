// Splits the program in two, after Trunk has built the page: what runs on a first visit until somebody
// does something, and the rest, which scripts/rest.js fetches when it is needed. Neither knows of it:
// a function that is in the other part is called by a stub, through a table.
//
// What is in the rest says first-visit.txt; a function that it does not know is in the first part, whole.
// first-visit.mjs writes that file, from first visits. If it is out of date the page works as well, only
// the first part grows, or the rest is fetched sooner; checks notice both.
//
// With ZKLAB_NAMES set both parts keep the names of their functions, for whoever looks for a fault.

import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { bytesOf, functions, isImport, kind, load, textOf } from "./module.mjs";
import { outline } from "./outline.mjs";
import { profile } from "./profile.mjs";
import { notNeeded } from "./symbols.mjs";
import { bodySizes, data, SECTION, withData, without } from "./wasm.mjs";

const top = path.join(path.dirname(fileURLToPath(import.meta.url)), "../..");
const LINKED = path.join(top, "target/wasm32-unknown-unknown/page/zklab-web.wasm");

/** From where each part imports what is in the other. */
const [REST, FIRST] = ["rest", "first"];
const TABLE = "rest";
/** The table of what the first part gives to the rest: its import `n` is what is in slot n. */
const GIVEN = "given";

/** A function of so many bytes is not worth a stub. */
const SMALL = 16;
/** What compares values: which of it runs hangs on whether a frame comes before a message or after. */
const COMPARES = /::PartialEq>::(eq|ne)( piece \d+)?$/;

/** Pieces of memory without those that are not needed, and those. */
function parted(pieces, left) {
  const [kept, moved] = [[], []];
  for (const piece of pieces) {
    const end = piece.at + piece.bytes.length;
    const cut = (from, to) => ({ at: from, bytes: piece.bytes.subarray(from - piece.at, to - piece.at) });
    let at = piece.at;
    for (const { from, to } of left) {
      const [begin, stop] = [Math.max(from, piece.at), Math.min(to, end)];
      if (stop <= begin) continue;
      if (at < begin) kept.push(cut(at, begin));
      moved.push(cut(begin, stop));
      at = stop;
    }
    if (at < end) kept.push(cut(at, end));
  }
  return [kept, moved];
}

/**
 * The two parts of a program.
 *
 * @param built the program, with the names of its functions
 * @param linked the same as the linker wrote it, with relocations
 * @param runs the profile (profile.mjs)
 */
export function split(built, linked, runs) {
  const { text, counts, later: names } = outline(textOf(without(built, [SECTION.data, SECTION.dataCount])), runs);
  const whole = withData(bytesOf(text), data(built));
  const program = load(whole);
  const all = functions(program.module);
  const exported = new Set(program.exports.map(({ value }) => value));
  const sizes = bodySizes(whole);
  const small = new Set(all.filter((f) => !isImport(f)).filter((_, n) => sizes[n] <= SMALL).map(({ name }) => name));
  const isSmall = (f) => small.has(f.name) || COMPARES.test(kind(f.name));
  const isFirst = (f) => isImport(f) || exported.has(f.name) || isSmall(f) || !names.has(f.name);
  const later = all.filter((f) => !isFirst(f));
  const isLater = new Set(later.map(({ name }) => name));

  // Which of the rest does the first part refer to, or what of it the rest will call? Those have a stub there.
  for (const { name } of later) program.setBody(name, program.module.unreachable());
  for (const { name } of all.filter(isFirst)) program.module.addFunctionExport(name, `first ${name}`);
  program.module.runPasses(["remove-unused-module-elements"]);
  const stubs = functions(program.module).map(({ name }) => name).filter((name) => isLater.has(name));
  program.module.dispose();

  const rest = load(without(whole, [SECTION.data, SECTION.dataCount, SECTION.element, SECTION.start]));
  for (const { name } of rest.exports) rest.module.removeExport(name);
  for (const f of all.filter(isFirst)) {
    rest.module.removeFunction(f.name);
    rest.module.addFunctionImport(f.name, FIRST, f.name, f.params, f.results);
  }
  rest.addFilledTable(TABLE, stubs);
  rest.module.addTableImport(TABLE, FIRST, TABLE);
  rest.importState(FIRST);
  rest.module.runPasses(["remove-unused-module-elements"]);
  const needed = rest.importByNumber(FIRST);

  const first = load(whole);
  first.module.addTable(TABLE, stubs.length, stubs.length);
  first.module.addTableExport(TABLE, TABLE);
  first.module.addFunctionImport("load the rest", REST, "load", first.none, first.none);
  first.addGuard("have the rest", TABLE, "load the rest");
  const slots = new Map(stubs.map((name, slot) => [name, slot]));
  for (const f of later) {
    if (slots.has(f.name)) first.addStub(f, "have the rest", TABLE, slots.get(f.name));
    else first.setBody(f.name, first.module.unreachable());
  }
  first.exportState();
  // By a table: the names of exports would take more room.
  first.addFilledTable(GIVEN, needed);
  first.module.runPasses(["remove-unused-module-elements"]);
  const numbers = first.constants();
  first.shorten();

  const left = notNeeded(linked, numbers);
  const [kept, moved] = parted(data(whole), left);
  const parts = {
    first: withData(first.bytes(), kept),
    rest: withData(rest.bytes(), moved),
    counts: { ...counts, functions: all.length, later: later.length, stubs: stubs.length },
  };
  rest.module.dispose();
  first.module.dispose();
  return parts;
}

/** The JavaScript beside the program, which gives it one more thing to import. */
function glue(text, gives) {
  const [before, after, ...more] = text.split(/^(?=\s*"\.\/zklab-web_bg\.js": import0,$)/m);
  if (after === undefined || more.length !== 0) {
    throw new Error("wasm-bindgen writes its imports in another way: scripts/split/split.mjs must follow");
  }
  return `${before}${gives}${after}`;
}

/** Splits the program of a built page, or has it note what is called on a first visit. */
export async function splitPage(folder, isForNames = false, linkedFile = LINKED) {
  const at = (name) => path.join(folder, name);
  const ending = (end) => readdirSync(folder).find((name) => name.startsWith("zklab-web-") && name.endsWith(end));
  const [wasm, js] = [ending("_bg.wasm"), ending(".js")];
  const [built, text] = [readFileSync(at(wasm)), readFileSync(at(js), "utf8")];
  let page = readFileSync(at("index.html"), "utf8");
  if (isForNames) {
    const { GIVES, keepNotes, noted } = await import("./first-visit.mjs");
    const { bytes, notes } = noted(built);
    writeFileSync(at(wasm), bytes);
    keepNotes(folder, notes);
    writeFileSync(at(js), glue(text, GIVES));
  } else {
    const { first, rest, counts } = split(built, readFileSync(linkedFile), profile());
    const restName = wasm.replace("_bg.wasm", "_rest.wasm");
    writeFileSync(at(wasm), first);
    writeFileSync(at(restName), rest);
    writeFileSync(at(js), `import { load } from "./rest.js";\n${glue(text, `        ${REST}: { load: () => load(wasm) },\n`)}`);
    page = page.replace(/data-wasm="[^"]*"/, (found) => `${found} data-rest="./${restName}"`);
    const { functions, later, stubs, unknown } = counts;
    console.log(`split: ${functions - later} functions first (${unknown} unknown), ${later} later, ${stubs} stubs`);
  }
  writeFileSync(at("index.html"), page);
}
