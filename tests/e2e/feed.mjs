// The feed: its filter and search, a click that goes to a moment, and the row of the cursor.

import { check, same, until } from "./lib.mjs";

const test = (name, run) => ({ name, run });
const rows = (page) => page.locator("#feed [data-event]").allInnerTexts();

/** An ensemble that has elected, committed a write, and stands still. */
async function lived(lab, page) {
  await lab.settled({ leader: 3 });
  await lab.hurry();
  await (await lab.type("create /fed 1")).says("Created /fed");
  await page.click('[data-action="play"]:visible');
  await lab.show("feed");
  await page.locator("#feed [data-event]").first().waitFor();
}

export default [
  test("kinds that are left out are gone, and come back", async ({ lab, page }) => {
    await lived(lab, page);
    check((await rows(page)).some((row) => /commits/.test(row)), "a commit is told");
    await page.click(".feed__kinds > summary");
    await page.click('[data-feed-kind="transactions"]');
    await until("no commit is told", async () => !(await rows(page)).some((r) => /commits/.test(r)));
    check((await rows(page)).length > 0, "other rows stay");
    await page.click('[data-feed-kind="transactions"]');
    await until("commits are told", async () => (await rows(page)).some((r) => /commits/.test(r)));
  }),

  test("the list of kinds closes on Escape and on a press outside", async ({ lab, page }) => {
    await lab.show("feed");
    const isOpen = () => page.locator(".feed__kinds").evaluate((details) => details.open);
    for (const close of [() => page.keyboard.press("Escape"), () => page.mouse.click(600, 300)]) {
      await page.click(".feed__kinds > summary");
      await page.click('[data-feed-kind="transactions"]');
      check(await isOpen(), "a choice leaves it open: there may be more");
      await close();
      check(!(await isOpen()), "it is closed");
    }
  }),

  test("a search and the choice of a server leave the rows that fit", async ({ lab, page }) => {
    await lived(lab, page);
    await page.fill("[data-feed-search]", "PROPOSES");
    await until("only proposals", async () => {
      const found = await rows(page);
      return found.length > 0 && found.every((row) => /proposes/i.test(row));
    });
    await page.fill("[data-feed-search]", "no such sentence");
    await until("nothing fits", async () => (await rows(page)).length === 0);
    await page.click('[data-action="feed-all"]');
    await until("all is back", async () => (await rows(page)).length > 5);
    await page.selectOption("[data-feed-actor]", { label: "s1" });
    await until("only s1's", async () => {
      const found = await rows(page);
      return found.length > 0 && found.every((row) => /s1/.test(row));
    });
  }),

  test("a click goes to the moment, which is marked; what follows is still there", async ({
    lab,
    page,
  }) => {
    await lived(lab, page);
    const row = page.locator("#feed [data-event]").nth(4);
    const event = await row.getAttribute("data-event");
    await row.focus();
    await row.press("Enter");
    await until("the cursor is there", async () => {
      return (await page.locator("[data-cursor]").first().getAttribute("data-index")) === event;
    });
    const now = page.locator('#feed [aria-current="true"]');
    same(await now.count(), 1, "one row is the current one");
    same(await now.getAttribute("data-event"), event, "it is the row of the cursor");
    check((await page.locator("#feed .feed__row--ahead").count()) > 0, "later rows can be reached");
  }),
];
