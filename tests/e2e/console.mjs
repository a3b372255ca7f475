// zkCli in the page: several clients, completion, history, help, and how clients end and move.

import { check, same, until } from "./lib.mjs";

const test = (name, run) => ({ name, run });
const field = (page, client = "a") =>
  page.locator(`[data-console-of="${client}"] input[data-console]`);
const output = (page, client) => page.locator(`[data-console-of="${client}"] [data-console-output]`);
const says = (page, client, text) =>
  until(`${client}'s console says ${text}`, async () =>
    (await output(page, client).innerText()).includes(text),
  );

/** A second client, which knows only this server, beside the first. */
async function secondClient(page, server) {
  await page.click('[data-action="add-client"]');
  for (const id of ["1", "2", "3"]) {
    if (id !== server) await page.uncheck(`[data-known="${id}"]`);
  }
  await page.click('[data-action="start-client"]');
  await page.click('[data-action="split-console"]');
  await says(page, "b", "SyncConnected");
}

export default [
  test("two clients side by side: a watch of one fires when the other writes", async ({
    lab,
    page,
  }) => {
    await lab.settled({ leader: 3 });
    await lab.hurry();
    await (await lab.type("create /w 1")).says("Created /w");
    await secondClient(page, "2");
    await field(page, "b").fill("get -w /w");
    await field(page, "b").press("Enter");
    await says(page, "b", "get -w /w\n1");
    await field(page, "a").fill("set /w 2");
    await field(page, "a").press("Enter");
    await says(page, "b", "WatchedEvent state:SyncConnected type:NodeDataChanged path:/w");
    check(!(await output(page, "a").innerText()).includes("NodeDataChanged"), "a left no watch");
    same(await page.locator('[data-console-tab="b"]').innerText().then((t) => t.includes("s2")), true,
      "b is connected to s2");
  }),

  test("Tab completes commands and paths and is no trap", async ({ lab, page }) => {
    await lab.settled({ leader: 3 });
    await lab.hurry();
    await (await lab.type("create /app")).says("Created /app");
    await (await lab.type("create /app/one")).says("Created /app/one");
    await lab.hasZnode(1, "/app/one");
    const input = field(page);
    await input.focus();
    await input.press("Tab");
    check(!(await input.evaluate((e) => e === document.activeElement)), "an empty line lets Tab go");
    await input.fill("crea");
    await input.press("Tab");
    same(await input.inputValue(), "create ", "the command is completed");
    await input.fill("get /a");
    await input.press("Tab");
    same(await input.inputValue(), "get /app", "the path is completed");
    await input.press("Tab");
    same(await input.inputValue(), "get /app/one", "below it there is one znode");
    await input.fill("get");
    await input.press("Tab");
    check((await page.locator("[data-offer] [role=option]").count()) > 3, "several are offered");
    await input.press("Escape");
    same(await page.locator("[data-offer]").count(), 0, "Escape takes the offer away");
    await input.press("Tab");
    check(!(await input.evaluate((e) => e === document.activeElement)), "after Escape Tab leaves");
  }),

  test("the history survives a reload, and can be searched", async ({ lab, page }) => {
    await lab.settled({ leader: 3 });
    await (await lab.type("help create")).says(/Creates a znode/);
    await (await lab.type("version")).says(/3\.8\.0/);
    await page.reload();
    await field(page).waitFor();
    await field(page).press("ArrowUp");
    same(await field(page).inputValue(), "version", "the last line");
    await field(page).fill("hel");
    await field(page).press("Control+r");
    await field(page).press("Enter");
    same(await field(page).inputValue(), "help create", "the search finds it");
  }),

  test("a client is moved, closed, and connected again from its console", async ({ lab, page }) => {
    await lab.settled({ leader: 3 });
    await lab.hurry();
    await says(page, "a", "SyncConnected");
    await (await lab.type("create -e /mine")).says("Created /mine");
    await page.selectOption('[data-move="a"]', "3");
    await until("a is connected to s3", async () =>
      /s3\(CONNECTED\)/.test(await page.locator(".console__prompt").first().innerText()),
    );
    await (await lab.type("get /mine")).says("null");
    await page.click('[data-console-of] >> nth=0');
    await page.click('.panel--console [data-action="close-session"]');
    await until("a connect button", () => page.locator('[data-action="connect"]').count());
    await (await lab.type("ls /")).says("Not connected");
    await page.click('[data-action="connect"]');
    await (await lab.type("ls /")).says("[zookeeper]");
  }),
];
