// Measures the built page, in figures that stand in docs/measures.md:
//
//   node tests/e2e/bench.mjs [part…]          or: ./lab bench
//
// The parts are engine, open, frames, contenders and seek; without a word, all.
//
// The engine measures itself (`?bench`, see web/src/bench.rs). What a frame costs is measured from
// outside: the script time of its callbacks and of the drawing that follows them, while a run with
// so many servers and clients plays at so many times real time.

import { access } from "node:fs/promises";
import path from "node:path";
import { ROOT, launchBrowser, serveFolder } from "./lib.mjs";

const FRAMES = 300;
const SEEKS = 101;
const WORK = "zklab.work.1";
const PREFERENCES = "zklab.preferences.1";

const dist = path.resolve(process.env.DIST ?? path.join(ROOT, "dist"));
await access(path.join(dist, "index.html")).catch(() => {
  console.error(`${dist} holds no built page; run ./lab build first`);
  process.exit(1);
});

const server = await serveFolder(dist);
const browser = await launchBrowser();
const rank = (list, part) => [...list].sort((a, b) => a - b)[Math.floor(list.length * part)];
const ms = (value) => `${value.toFixed(1)} ms`;
const parts = process.argv.slice(2);
const wants = (part) => parts.length === 0 || parts.includes(part);
const say = (what, value) => console.log(`${what}: ${value}`);

/** What the browser calls running a script. */
const SCRIPT = new Set([
  "FireAnimationFrame", "FunctionCall", "RunMicrotasks", "TimerFire", "EventDispatch", "HandlePostMessage",
]);

/**
 * The script time of every frame that is drawn while `during` lasts, as the browser traced it: of the
 * processor, so that it does not matter what else the machine does.
 */
async function framesDuring(page, during) {
  await browser.startTracing(page, { categories: ["devtools.timeline"], screenshots: false });
  await during();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const whole = traceEvents.filter(({ ph, name }) => ph === "X" && SCRIPT.has(name));
  const threadOf = ({ pid, tid }) => `${pid} ${tid}`;
  const frames = new Map();
  for (const event of whole.filter(({ name }) => name === "FireAnimationFrame")) {
    frames.set(threadOf(event), (frames.get(threadOf(event)) ?? 0) + 1);
  }
  const [thread] = [...frames].sort((a, b) => b[1] - a[1])[0] ?? [];
  const taken = [];
  let end = 0;
  for (const event of whole.filter((e) => threadOf(e) === thread).sort((a, b) => a.ts - b.ts)) {
    if (event.name === "FireAnimationFrame") taken.push(0);
    // What runs within another has been counted with it.
    if (taken.length === 0 || event.ts < end) continue;
    end = event.ts + event.dur;
    taken[taken.length - 1] += (event.tdur ?? event.dur) / 1000;
  }
  return taken.slice(1, -1);
}

/** As long as so many frames take at sixty a second. */
const frames = (page, count) => () => page.waitForTimeout((count * 1000) / 60);

/** A visitor who finds that work and those preferences, and when there was a leader. */
async function visit(query, work, preferences) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  page.on("pageerror", (error) => {
    console.error(`the page failed: ${error}`);
    process.exitCode = 1;
  });
  await page.addInitScript(
    ([entries]) => {
      for (const [key, text] of entries) if (text) localStorage.setItem(key, text);
      new MutationObserver((_, observer) => {
        if (!document.querySelector('[data-state="leading"]')) return;
        window.firstElection = performance.now();
        observer.disconnect();
      }).observe(document, { subtree: true, childList: true, attributeFilter: ["data-state"] });
    },
    [[[WORK, work], [PREFERENCES, preferences]]],
  );
  await page.goto(server.url + query);
  return { page, close: () => context.close() };
}

/** A run in which each client asks for something now and then. */
function run(servers, clients, seconds) {
  const lines = ["zklab 2", `ensemble ${servers}`, "seed 1", "at 0s start"];
  const name = (n) => `c${n}`;
  for (let n = 1; n <= clients; n += 1) lines.push(`at 1s client ${name(n)} timeout 30s`);
  for (let n = 1; n <= clients; n += 1) {
    lines.push(`at 5.${String(n).padStart(3, "0")}s ${name(n)}>> create /${name(n)} x`);
  }
  for (let second = 6; second < seconds; second += 1) {
    for (let n = 1; n <= clients; n += 1) {
      const verb = (second + n) % 2 ? `set /${name(n)} ${second}` : `get /${name(n)}`;
      lines.push(`at ${second}.${String(n * 17).padStart(3, "0")}s ${name(n)}>> ${verb}`);
    }
  }
  return lines;
}

/** Frames while so many clients contend for one lock, and the panel of the recipes is seen. */
async function contenders(recipe, count, speed) {
  const contest = `contend c ${count} timeout 30s > ${recipe} /locks/a hold 200ms times 9`;
  const lines = ["zklab 2", "ensemble 5", "seed 1", "at 0s start", `at 3s ${contest}`];
  const work = [...lines, "at 60s heal", "cursor 0 0s", ""].join("\n");
  const { page, close } = await visit("", work, `speed=${speed} playing=yes skip=no`);
  await page.click('[data-tab="recipes"]:visible');
  await page.waitForSelector(`[data-line][data-count="${count}"]`, { timeout: 120_000 });
  // From the connections on: all that has been drawn since the clients came, then as many again.
  const taken = await framesDuring(page, frames(page, 2 * FRAMES));
  const drawn = await page.locator("[data-place], [data-client]").count();
  say(
    `frame_${count}_contenders_${recipe}_${speed}x`,
    `median ${ms(rank(taken, 0.5))}, 95th percentile ${ms(rank(taken, 0.95))} (${drawn} clients drawn)`,
  );
  await close();
}

// The engine.
if (wants("engine")) {
  const { page, close } = await visit("", "", "playing=no");
  await browser.startTracing(page, { categories: ["devtools.timeline", "toplevel"] });
  await page.goto(`${server.url}?bench`);
  await page.waitForSelector("[data-figures]", { timeout: 300_000 });
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  console.log((await page.textContent("[data-figures]")).trim());
  // It is one long task: how much of a processor it had.
  const whole = traceEvents.filter(({ tdur }) => tdur !== undefined);
  const { dur, tdur } = whole.reduce((one, other) => (one.dur < other.dur ? other : one));
  say("share_of_a_processor_it_had", (tdur / dur).toFixed(2));
  await close();
}

// From opening the page to a leader on the screen.
if (wants("open")) {
  const taken = [];
  for (let n = 0; n < 5; n += 1) {
    const { page, close } = await visit("");
    await page.waitForFunction(() => window.firstElection, null, { timeout: 120_000 });
    taken.push(await page.evaluate(() => window.firstElection));
    await close();
  }
  say("open_to_first_election_median", ms(rank(taken, 0.5)));
}

// Frames.
if (wants("frames")) for (const [servers, clients] of [[5, 10], [9, 50]]) {
  for (const speed of [1, 10]) {
    const lines = run(servers, clients, speed === 1 ? 30 : 120);
    const work = [...lines, "cursor 0 0s", ""].join("\n");
    const { page, close } = await visit("", work, `speed=${speed} playing=yes skip=no`);
    await page.waitForSelector('[data-state="leading"]', { timeout: 120_000 });
    await frames(page, 60)();
    const taken = await framesDuring(page, frames(page, FRAMES));
    const events = await page.$eval("[data-cursor]", ({ dataset }) => dataset.index);
    say(
      `frame_${servers}_servers_${clients}_clients_${speed}x`,
      `median ${ms(rank(taken, 0.5))}, 95th percentile ${ms(rank(taken, 0.95))} (event ${events})`,
    );
    await close();
  }
}

// Many contenders: how a frame does while they come, wait, and hand the lock on. Five servers, so
// that no server has more connections from one address than maxClientCnxns lets it have (60).
if (wants("contenders")) {
  for (const recipe of ["lock", "herd-lock"]) {
    for (const speed of [1, 10]) await contenders(recipe, 200, speed);
  }
}

// Going to any place of a long history, until the stage, the strip and the head show it. Panels of text
// follow in the next frames, one in each (web/src/components/turns.rs): they are drawn between the seeks.
if (wants("seek")) {
  const { page, close } = await visit("", [...run(5, 10, 1500), ""].join("\n"), "playing=no");
  await page.waitForSelector('[data-state="leading"]', { timeout: 120_000 });
  const { taken, end } = await page.evaluate(async (count) => {
    const bar = document.querySelector("[data-cursor]");
    const { left, top, width, height } = bar.getBoundingClientRect();
    const taken = [];
    // The browser gives a dragged pointer's events once a frame, when the frame before has been laid out.
    const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    for (let n = 0; n < count; n += 1) {
      await frame();
      const clientX = left + (width * ((n * 61) % count)) / count;
      const where = { clientX, clientY: top + height / 2, pointerId: 1, buttons: 1, bubbles: true };
      const from = performance.now();
      bar.dispatchEvent(new PointerEvent("pointerdown", where));
      // Until it is on the page, at the next task at the earliest.
      const index = bar.dataset.index;
      do {
        await new Promise((resolve) => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = resolve;
          port2.postMessage(0);
        });
      } while (bar.dataset.index === index && performance.now() - from < 2000);
      taken.push(performance.now() - from);
      bar.dispatchEvent(new PointerEvent("pointerup", where));
    }
    return { taken, end: bar.dataset.end };
  }, SEEKS);
  say(
    `seek_on_screen_in_${end}_events`,
    `median ${ms(rank(taken, 0.5))}, 95th percentile ${ms(rank(taken, 0.95))}`,
  );
  await close();
}

await browser.close();
server.close();
