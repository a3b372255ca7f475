// Words that can be asked, and the whole glossary.

import { check, same, until } from "./lib.mjs";

const test = (name, run, options) => ({ name, run, options });

const card = (page) => page.locator("[data-term-card]:popover-open");

export default [
  test("a word of the strip says what it means, in both languages", async ({ page }) => {
    const epoch = page.locator('[data-strip="epoch"] [data-term="epoch"]');
    await until("the glossary is there", () => epoch.getAttribute("title"));
    await epoch.click();
    await card(page).waitFor();
    check(/number of a leader/.test(await card(page).innerText()), "in English");
    await page.keyboard.press("Escape");
    await until("Escape closes it", async () => !(await card(page).count()));
    await page.locator('[data-action="language"]').click();
    await epoch.click();
    await until("in Chinese", async () => /任期/.test(await card(page).innerText()));
  }),

  test("by keyboard alone: asked, read, and on to the lesson", async ({ page }) => {
    const epoch = page.locator('[data-strip="epoch"] [data-term="epoch"]');
    await until("the glossary is there", () => epoch.getAttribute("title"));
    await epoch.focus();
    await page.keyboard.press("Enter");
    await card(page).waitFor();
    await page.keyboard.press("Escape");
    await until("it is closed", async () => !(await card(page).count()));
    same(
      await page.evaluate(() => document.activeElement?.getAttribute("data-term")),
      "epoch",
      "the focus is where it was",
    );
    await page.keyboard.press("Enter");
    await card(page).waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.locator('[data-open-lesson="zxid"]').waitFor();
    same(await card(page).count(), 0, "the card is closed");
  }),

  test("words of a lesson, of a reason and of the inspector can be asked", async ({ lab, page }) => {
    await lab.settled();
    await lab.setPlaying(false);
    await page.locator(".caption [data-term]").first().click();
    await card(page).waitFor();
    await page.keyboard.press("Escape");
    await lab.select(1);
    await page.locator('.inspector [data-term="accepted-epoch"]').click();
    check(/promised/.test(await card(page).innerText()), "what acceptedEpoch is");
    await page.keyboard.press("Escape");
    await page.locator('[data-lesson="first-election"]').click();
    await page.locator('[data-open-lesson="first-election"]').waitFor();
    await page.keyboard.press("PageDown");
    await page.locator('.lesson [data-term="looking"]').click();
    check(/has no leader/.test(await card(page).innerText()), "what LOOKING is");
  }),

  test("a finger opens it on a phone", async ({ page }) => {
    await page.locator('[data-strip="quorum"] [data-term="quorum"]').tap();
    await until("it says what it is", async () => /more than half/.test(await card(page).innerText()));
    const box = await card(page).boundingBox();
    check(box.x >= 0 && box.x + box.width <= 390 && box.y + box.height <= 844, "it is in sight");
  }, { viewport: { width: 390, height: 844 }, hasTouch: true }),

  test("the whole glossary is searched, and leads to a lesson", async ({ page }) => {
    await page.keyboard.press("g");
    await page.locator("[data-glossary]").waitFor();
    await until("it has terms", async () => 60 < (await page.locator("[data-entry]").count()));
    await page.keyboard.type("fencing");
    await until("few are left", async () => (await page.locator("[data-entry]").count()) < 5);
    await page.locator('[data-entry="fencing"] button').click();
    await page.locator('[data-open-lesson="two-holders"]').waitFor();
    same(await page.locator("[data-glossary]").count(), 0, "it is closed");
    await page.locator('[data-action="leave"]').click();
    await page.locator('[data-action="glossary"]').click();
    await page.fill('[data-action="search-terms"]', "临时");
    await page.locator('[data-entry="ephemeral"]').waitFor();
    await page.keyboard.press("Escape");
    await until("Escape closes it", async () => !(await page.locator("[data-glossary]").count()));
  }),
];
