// Makes the files beside the program small, in a release: one style sheet instead of many, and neither
// styles nor scripts with the words and spaces that are there for people.

import { createHash } from "node:crypto";
import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { transformSync } from "esbuild";

const digest = (kind, bytes, encoding) => createHash(kind).update(bytes).digest(encoding);
/** What browsers have that run the program is not to be written in older ways. */
const small = (text, loader) => transformSync(text, { loader, minify: true, target: "esnext", legalComments: "none" }).code;

const SHEETS = /^[ \t]*<link rel="stylesheet" href="\.\/([^"]+)"[^>]*>\n?/gm;

/** The page with one style sheet. Where the first one stood, so that they still come in one order. */
function withOneSheet(page, folder) {
  const names = [...page.matchAll(SHEETS)].map(([, name]) => name);
  if (names.length === 0) throw new Error("the page names no style sheets: scripts/pack.mjs must follow");
  const whole = names.map((name) => readFileSync(path.join(folder, name), "utf8")).join("\n");
  const code = small(whole, "css");
  const one = `style-${digest("sha256", code, "hex").slice(0, 16)}.css`;
  for (const name of names) rmSync(path.join(folder, name));
  writeFileSync(path.join(folder, one), code);
  const link = `    <link rel="stylesheet" href="./${one}" integrity="sha384-${digest("sha384", code, "base64")}" />\n`;
  let isFirst = true;
  return page.replace(SHEETS, () => {
    const place = isFirst ? link : "";
    isFirst = false;
    return place;
  });
}

/** The page with the digests of what the files that it names are now. */
function signed(page, folder) {
  return page.replace(/(<link[^>]*href="\.\/([^"]+)"[^>]*integrity=")[^"]*/g, (_, before, name) => {
    return `${before}sha384-${digest("sha384", readFileSync(path.join(folder, name)), "base64")}`;
  });
}

/** Makes a built page small. */
export function pack(folder) {
  const at = (name) => path.join(folder, name);
  for (const name of readdirSync(folder)) {
    if (name.endsWith(".js")) writeFileSync(at(name), small(readFileSync(at(name), "utf8"), "js"));
    if (name === "notes.css") writeFileSync(at(name), small(readFileSync(at(name), "utf8"), "css"));
  }
  const page = withOneSheet(readFileSync(at("index.html"), "utf8"), folder).replace(/<!--.*?-->/gs, "").replace(/^\s*\n/gm, "");
  writeFileSync(at("index.html"), signed(page, folder));
}
