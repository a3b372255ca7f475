// Every view, light and dark: axe-core finds no serious violation, and a picture is kept.

import { createRequire } from "node:module";
import { readFile } from "node:fs/promises";
import { check, screenshot } from "./lib.mjs";

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

const SIZES = [
  { width: 1440, height: 900 },
  { width: 1280, height: 720 },
  { width: 390, height: 844 },
];

/** What axe-core calls serious or critical on the page as it is. */
async function violations(page) {
  return page.evaluate(async () => {
    const { violations } = await window.axe.run(document, { resultTypes: ["violations"] });
    const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    return serious.map(({ id, help, nodes }) => {
      const where = nodes.slice(0, 3).map(({ html, any }) => `${html} ${any[0]?.message ?? ""}`);
      return `${id} (${nodes.length}): ${help}\n    ${where.join("\n    ")}`;
    });
  });
}

async function lookAt({ lab, page }, size, scheme) {
  const found = [];
  const source = await readFile(axe, "utf8");
  const see = async (view) => {
    await page.evaluate(source);
    for (const violation of await violations(page)) found.push(`${view}: ${violation}`);
    await screenshot(page, `${size.width}x${size.height}-${scheme}-${view}`);
  };
  await lab.settled({ leader: 3 });
  await lab.setPlaying(false);
  await page.evaluate(source);
  const tabs = await page.$$eval("[data-tab]", (tabs) => [
    ...new Set(tabs.filter((tab) => tab.offsetParent).map((tab) => tab.dataset.tab)),
  ]);
  await lab.select(2);
  await see("menu");
  await page.keyboard.press("Escape");
  for (const tab of tabs) {
    await lab.show(tab);
    await see(tab);
  }
  await page.keyboard.press("Escape");
  await lab.act("help");
  await see("help");
  await page.keyboard.press("Escape");
  // What opens over the page, and what takes its place.
  await lab.act("work");
  await see("work");
  await page.keyboard.press("Escape");
  await lab.act("run-until");
  await see("run-until");
  await page.keyboard.press("Escape");
  await page.keyboard.press("g");
  await page.locator("[role=dialog]").waitFor();
  await see("glossary");
  await page.keyboard.press("Escape");
  const invariants = page.locator('[data-action="invariants"]:visible').first();
  await invariants.click();
  await see("invariants");
  await invariants.click();
  await lab.show("course");
  await page.locator('[data-lesson="first-election"]').click();
  await page.locator("[data-open-lesson]").waitFor();
  await see("lesson");
  await page.locator('[data-action="leave"]').click();
  await page.evaluate(() => (location.hash = "handout/leader-dies"));
  await page.locator("[data-hand-out]").waitFor();
  await see("hand-out");
  await page.keyboard.press("Escape");
  await page.locator("[data-teacher]").waitFor();
  await see("teacher");
  check(found.length === 0, `axe-core finds:\n  ${found.join("\n  ")}`);
}

export default SIZES.flatMap((viewport) =>
  ["light", "dark"].map((colorScheme) => ({
    name: `every view at ${viewport.width}x${viewport.height}, ${colorScheme}`,
    options: { viewport, colorScheme },
    run: (hands) => lookAt(hands, viewport, colorScheme),
  })),
);
