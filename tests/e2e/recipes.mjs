// Recipes: a queue for a lock forms, its holder dies, what a release costs, prepared scenarios.

import { check, same, until } from "./lib.mjs";

const test = (name, run, options) => ({ name, run, options });

/** The places of the line, in order: `{ who, phase, holds }`. */
const line = (page) =>
  page.$$eval("[data-line] [data-place]", (places) =>
    places.map(({ dataset }) => ({
      who: dataset.place,
      phase: dataset.phase,
      holds: dataset.holds === "true",
    })),
  );

const value = async (page, name) =>
  page.locator(`[data-${name}]`).first().getAttribute(`data-${name}`);

/** Waits until five stand in line and the first of them holds. Answers with their names. */
const formed = (page) =>
  until("five stand in line, the first holds, the others wait", async () => {
    const places = await line(page);
    const shown = places.map(({ who, phase, holds }) => `${who} ${phase} ${holds}`).join(", ");
    const isSo =
      places.length === 5 &&
      places.every(({ phase, holds }, n) => holds === (n === 0) && phase === (n ? "waits" : "holds"));
    if (!isSo) throw new Error(shown);
    return places.map(({ who }) => who);
  });

const seconds = async (lab) => Number((await lab.cursor()).t) / 1000;

/** After the holder's client has died: nobody holds before the session has expired, then the next. */
async function inherits(lab, [dead, next], died) {
  const { page } = lab;
  for (;;) {
    const holder = await value(page, "by-znode");
    const believer = await value(page, "by-belief");
    if (holder === next) break;
    check(holder === dead || holder === "–", `${holder} holds instead of ${dead} or nobody`);
    check(believer === "–" || believer === next, `${believer} believes to hold`);
    check((await seconds(lab)) < died + 60, `${next} gets it within a minute`);
    await page.waitForTimeout(20);
  }
  const passed = (await seconds(lab)) - died;
  // Ten seconds after the last ping, which was sent no more than a third of that before.
  check(passed > 6, `${next} gets it after the session has expired, not after ${passed} s`);
  await until(`${next} believes it`, async () => (await value(page, "by-belief")) === next);
  const feed = await page.locator("#feed").innerText();
  check(/expire/.test(feed), "the feed tells that the session has expired");
}

/** Tab, until the focus is on it. */
async function tabTo(page, selector) {
  for (let n = 0; n < 60; n += 1) {
    if (await page.evaluate((of) => document.activeElement?.matches(of), selector)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not come to ${selector}`);
}

export default [
  test("two clicks start five contenders; the next one gets the lock after expiry", async ({
    lab,
    page,
  }) => {
    await lab.settled({ leader: 3 });
    await page.click('[data-tab="recipes"]:visible');
    await page.click('[data-action="start-contenders"]');
    await lab.hurry(2);
    const names = await formed(page);
    same(await page.locator("[data-arrows]").getAttribute("data-arrows"), "4", "each watches one");
    await lab.setPlaying(false);
    const died = await seconds(lab);
    await page.click('[data-action="crash-holder"]');
    await lab.setPlaying(true);
    await inherits(lab, names, died);
    same((await line(page)).length, 4, "the dead one's znode has gone");
  }),

  test("the same by keyboard", async ({ lab, page }) => {
    await lab.settled({ leader: 3 });
    await page.focus('[data-tab="lanes"]:visible');
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await tabTo(page, '[data-action="start-contenders"]');
    await page.keyboard.press("Enter");
    await lab.hurry(2);
    const names = await formed(page);
    await lab.setPlaying(false);
    const died = await seconds(lab);
    await page.focus('[data-tab="recipes"]:visible');
    await tabTo(page, '[data-action="crash-holder"]');
    await page.keyboard.press("Enter");
    await lab.setPlaying(true);
    await inherits(lab, names, died);
  }),

  test("a release hands the lock to the next; a place is chosen; a znode is shown", async ({
    lab,
    page,
  }) => {
    await lab.settled({ leader: 3 });
    await page.click('[data-tab="recipes"]:visible');
    await page.click('[data-action="start-contenders"]');
    await lab.hurry(2);
    const [first, second, third] = await formed(page);
    await page.click('[data-action="release-holder"]');
    await until("the second holds", async () => (await value(page, "by-znode")) === second);
    await until("the release is counted", async () =>
      (await page.locator('[data-counts="since"] [data-notifications]').innerText()) === "1");
    check(!(await line(page)).some(({ who }) => who === first), "the first has left");
    await page.click(`[data-place="${third}"] .place__box`);
    await until("the third is chosen", async () => (await value(page, "acts-on")) === third);
    await page.click(`[data-place="${third}"] .place__node`);
    await until("its znode has the focus", () =>
      page.evaluate(() => document.activeElement?.dataset.znode?.startsWith("/locks/a/")));
  }),

  test("a herd costs more the larger it is, a queue does not", async ({ lab, page }) => {
    await lab.setPlaying(false);
    await page.click('[data-tab="recipes"]:visible');
    await page.click('[data-part="cost"]');
    await page.click('[data-action="measure"]');
    const notifications = async (row) =>
      (await page.locator(`[data-cost="${row}"] td`).allInnerTexts())[1];
    await until("all is measured", async () => /\d/.test(await notifications("queue-200")));
    for (const size of ["10", "50", "200"]) {
      same(await notifications(`herd-${size}`), `${size - 1}`, `a herd of ${size}`);
      same(await notifications(`queue-${size}`), "1", `a queue of ${size}`);
    }
  }),

  test("forty want one lock by herd: as many as were typed, all watch the holder", async ({
    lab,
    page,
  }) => {
    await lab.settled({ leader: 3 });
    await page.click('[data-tab="recipes"]:visible');
    await page.selectOption('[data-order="what"]', "1");
    await page.locator('[data-order="count"]').click();
    await page.keyboard.press("Control+a");
    await page.keyboard.type("40", { delay: 60 });
    await page.click('[data-action="start-contenders"]');
    await lab.hurry(2);
    await until("forty are there, in a group but for seven", async () =>
      (await page.locator("[data-line]").getAttribute("data-count")) === "40" &&
      (await page.locator("[data-hidden]").getAttribute("data-hidden")) === "33");
    await until("all that are drawn watch the first", async () =>
      (await page.locator("[data-arrows]").getAttribute("data-arrows")) === "7");
  }),

  test("a prepared scenario is opened, plays, and is grouped if many wait", async ({
    lab,
    page,
  }) => {
    await page.click('[data-tab="recipes"]:visible');
    await page.click('[data-part="prepared"]');
    await page.click('[data-scenario="recipes/lock-herd"]');
    await lab.hurry(2);
    await until("most of fifty are in a group", async () =>
      Number(await page.locator("[data-hidden]").getAttribute("data-hidden")) > 30);
    check((await line(page)).length <= 8, "few are drawn");
  }),
];
