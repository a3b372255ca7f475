// What can be taken away: drawings that need nothing else, and the trace.

import { readFile } from "node:fs/promises";
import { check, same, until } from "./lib.mjs";

const test = (name, run) => ({ name, run });

/** Chooses an entry of the menu; gives the file it saves. */
async function saved(page, action) {
  if (!(await page.locator("[data-export]").evaluate((menu) => menu.open))) {
    await page.click("[data-export] > summary");
  }
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.click(`[data-action="${action}"]`),
  ]);
  return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
}

export default [
  test("stage and lanes as SVG that stands alone", async ({ lab, page }) => {
    await lab.settled({ leader: 3 });
    await page.click('[data-action="play"]:visible');
    for (const what of ["stage", "lanes"]) {
      const { name, bytes } = await saved(page, `export-${what}-svg`);
      same(name, `zklab-${what}.svg`, "the file's name");
      const text = bytes.toString();
      const problem = await page.evaluate((svg) => {
        const parsed = new DOMParser().parseFromString(svg, "image/svg+xml");
        return parsed.querySelector("parsererror")?.textContent ?? "";
      }, text);
      same(problem, "", "it is well-formed");
      check(text.includes("s3"), "the servers are in it");
      check(/fill="rgb/.test(text) && !/class="/.test(text), "colours are in it, classes are not");
      check(!/var\(--/.test(text), "it names no token of the page");
    }
  }),

  test("stage and lanes as PNG, twice as large as on the screen", async ({ lab, page }) => {
    await lab.settled({ leader: 3 });
    for (const what of ["stage", "lanes"]) {
      const { name, bytes } = await saved(page, `export-${what}-png`);
      same(name, `zklab-${what}.png`, "the file's name");
      same(bytes.subarray(1, 4).toString(), "PNG", "it is a PNG");
      const box = await page.locator(`svg.${what}__drawing`).boundingBox();
      same(bytes.readUInt32BE(16), Math.floor(box.width * 2), "its width");
    }
  }),

  test("the menu closes on Escape, on a press outside, and after a choice", async ({ page }) => {
    const menu = page.locator("[data-export]");
    const isOpen = () => menu.evaluate((details) => details.open);
    const head = page.locator("[data-export] > summary");
    await head.click();
    check(await isOpen(), "a click opens it");
    await page.locator('[data-action="export-stage-png"]').focus();
    await page.keyboard.press("Escape");
    check(!(await isOpen()), "Escape closes it");
    check(await head.evaluate((it) => it === document.activeElement), "the focus is at its button");
    await head.click();
    await page.mouse.click(600, 300);
    check(!(await isOpen()), "a press outside closes it");
    await saved(page, "export-trace");
    check(!(await isOpen()), "a choice closes it");
    await page.click('[data-action="work"]');
    check(await page.locator("#work").isVisible(), "the menu of the work opens");
    await page.mouse.click(600, 300);
    await until("it is closed", async () => !(await page.locator("#work").isVisible()));
  }),

  test("the trace as text", async ({ lab, page }) => {
    await lab.settled({ leader: 3 });
    const { name, bytes } = await saved(page, "export-trace");
    same(name, "zklab-trace.txt", "the file's name");
    check(/^0 /.test(bytes.toString()), "it begins with the first event");
    check(bytes.toString().split("\n").length > 50, "it has all of them");
  }),
];
