// Runs the end-to-end tests on the built page.
//
//   node tests/e2e/run.mjs [filter…]      tests whose name contains one of the filters
//
// The page is the folder dist/ (or the one DIST names), as `./lab build` leaves it. The browser is
// the first Chromium or Chrome found, or the one CHROMIUM names. Pictures go to target/e2e/.

import { access, rm } from "node:fs/promises";
import path from "node:path";
import {
  OUTPUT,
  ROOT,
  check,
  keepEvidence,
  launchBrowser,
  openStrictPage,
  serveFolder,
} from "./lib.mjs";
import { LabPage } from "./page.mjs";
import axe from "./axe.mjs";
import appearance from "./appearance.mjs";
import classroom from "./classroom.mjs";
import consoles from "./console.mjs";
import course from "./course.mjs";
import glossary from "./glossary.mjs";
import hostile from "./hostile.mjs";
import inspector from "./inspector.mjs";
import lanes from "./lanes.mjs";
import lessons from "./lessons.mjs";
import offline from "./offline.mjs";
import predict from "./predict.mjs";
import recipes from "./recipes.mjs";
import exported from "./export.mjs";
import feed from "./feed.mjs";
import save from "./save.mjs";
import spine from "./spine.mjs";
import stage from "./stage.mjs";
import znodes from "./znodes.mjs";
import time from "./time.mjs";

const SUITES = {
  spine,
  stage,
  time,
  save,
  axe,
  appearance,
  console: consoles,
  feed,
  export: exported,
  znodes,
  lessons,
  course,
  glossary,
  predict,
  recipes,
  classroom,
  hostile,
  inspector,
  lanes,
  offline,
};

/** A test that hasn't ended by then hangs. */
const LIMIT_MS = 420_000;

const dist = path.resolve(process.env.DIST ?? path.join(ROOT, "dist"));
await access(path.join(dist, "index.html")).catch(() => {
  console.error(`${dist} holds no built page; run ./lab build first`);
  process.exit(1);
});

const filters = process.argv.slice(2);
const tests = Object.entries(SUITES)
  .flatMap(([suite, tests]) =>
    tests.map(({ name, options, run }) => ({ name: `${suite}: ${name}`, options, run })),
  )
  .filter(({ name }) => filters.length === 0 || filters.some((filter) => name.includes(filter)));

await rm(OUTPUT, { recursive: true, force: true });
const server = await serveFolder(dist);
const browser = await launchBrowser();
console.log(`# ${server.url} in Chromium ${browser.version()}`);

/** Runs one test on a page of its own; returns what is wrong, or nothing. */
async function run({ name, options, run }) {
  const { context, page, complaints } = await openStrictPage(browser, server.origin, options);
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done within ${LIMIT_MS / 1000} s`)), LIMIT_MS);
  });
  try {
    const lab = new LabPage(page, server.url);
    const story = async () => {
      await lab.open();
      await run({ lab, page, browser, dist });
      check(complaints.length === 0, "the page did what no visitor should see:");
    };
    await Promise.race([story(), limit]);
    return undefined;
  } catch (error) {
    const failure = [error.message, ...complaints].join("\n");
    await keepEvidence(page, `failed-${name.replaceAll(/\W+/g, "-")}`, failure);
    return failure;
  } finally {
    clearTimeout(timer);
    await context.close().catch(() => {});
  }
}

let [passed, failed] = [0, 0];
for (const test of tests) {
  const started = Date.now();
  const failure = await run(test);
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  if (failure === undefined) passed += 1;
  else failed += 1;
  console.log(`${failure === undefined ? "ok" : "not ok"} - ${test.name} (${seconds} s)`);
  if (failure !== undefined) console.log(failure.replaceAll(/^/gm, "#   "));
}

await browser.close();
server.close();
if (failed > 0) console.log(`# what the failed tests saw is in ${path.relative(ROOT, OUTPUT)}/`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
