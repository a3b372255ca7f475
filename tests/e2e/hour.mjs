// An hour of play at ten times real time, and what it needs of memory:
//
//   node tests/e2e/hour.mjs
//
// The page plays as it always does; only the frames of the screen come as fast as it draws them, each
// a tenth of a second after the one before. Ten clients contend for a lock all the time.

import { launchBrowser, serveFolder, ROOT } from "./lib.mjs";
import { readFileSync } from "node:fs";
import path from "node:path";

const FRAME_MS = 100;
const FRAMES = 36_000;
const POINTS = 12;

const WORK = readFileSync(path.join(ROOT, "core/src/cli/contenders.zk"), "utf8");

const server = await serveFolder(path.resolve(process.env.DIST ?? path.join(ROOT, "dist")));
const browser = await launchBrowser();
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
page.on("pageerror", (error) => {
  console.error(`the page failed: ${error}`);
  process.exitCode = 1;
});
await page.addInitScript(([work, frameMs, frames]) => {
  localStorage.setItem("zklab.work.1", work);
  localStorage.setItem("zklab.preferences.1", "speed=10 playing=yes skip=no");
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const real = WebAssembly[name].bind(WebAssembly);
    WebAssembly[name] = async (...args) => {
      const made = await real(...args);
      window.memory ??= (made.instance ?? made).exports.memory;
      return made;
    };
  }
  let [now, number, asked] = [0, 0, []];
  window.wanted = 0;
  window.drawn = () => number;
  window.requestAnimationFrame = (callback) => asked.push(callback);
  window.cancelAnimationFrame = (id) => (asked[id - 1] = undefined);
  const channel = new MessageChannel();
  channel.port1.onmessage = () => {
    if (number < window.wanted) {
      const callbacks = asked;
      asked = [];
      [now, number] = [now + frameMs, number + 1];
      callbacks.forEach((callback) => callback?.(now));
      channel.port2.postMessage(0);
    } else setTimeout(() => channel.port2.postMessage(0), 20);
  };
  channel.port2.postMessage(0);
}, [WORK, FRAME_MS]);
await page.goto(server.url);
await page.waitForSelector("[data-cursor]");

const devtools = await page.context().newCDPSession(page);
await devtools.send("Performance.enable");
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
for (let point = 0; point <= POINTS; point += 1) {
  const wanted = Math.max(Math.round((FRAMES * point) / POINTS), 100);
  await page.evaluate((frames) => (window.wanted = frames), wanted);
  await page.waitForFunction((frames) => frames <= window.drawn(), wanted, { timeout: 1_800_000 });
  await devtools.send("HeapProfiler.collectGarbage");
  const { metrics } = await devtools.send("Performance.getMetrics");
  const metric = (wanted) => metrics.find(({ name }) => name === wanted)?.value ?? 0;
  const { memory, index, t, nodes } = await page.evaluate(() => ({
    memory: window.memory?.buffer.byteLength ?? 0,
    ...document.querySelector("[data-cursor]").dataset,
    nodes: document.querySelectorAll("*").length,
  }));
  const minutes = Math.round((wanted * FRAME_MS) / 60_000);
  console.log(
    `after ${minutes} min: wasm ${megabytes(memory)}, JS heap ${megabytes(metric("JSHeapUsedSize"))}, ` +
      `${nodes} elements, event ${index}, ${Math.round(Number(t) / 1000)} s of the ensemble`,
  );
}
await browser.close();
server.close();
