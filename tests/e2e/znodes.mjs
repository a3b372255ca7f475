// The znodes: a tree per server, one znode on all servers, and the form that changes something.

import { check, same, until } from "./lib.mjs";

const test = (name, run) => ({ name, run });

/** Opens a form by its button, fills it in, and asks. */
async function ask(page, action, fields, flags = []) {
  await page.click(`[data-action="${action}"]`);
  for (const [name, value] of Object.entries(fields)) {
    await page.fill(`[data-form="znode"] [data-field="${name}"]`, value);
  }
  for (const flag of flags) await page.check(`[data-form="znode"] [data-flag="${flag}"]`);
  const line = await page.locator("[data-form] [data-line]").innerText();
  await page.click('[data-action="znode-ask"]');
  return line;
}

const cell = (page, value, nth) =>
  page.locator(`[data-znode-table] tr[data-value="${value}"] td`).nth(nth);

export default [
  test("a form makes, changes and deletes a znode without any syntax", async ({ lab, page }) => {
    await lab.settled({ leader: 3 });
    await lab.hurry();
    await lab.show("znodes");
    const made = await ask(page, "znode-create", { path: "/app", data: "two words" });
    same(made, 'create /app "two words"', "the line that is typed");
    await lab.hasZnode(1, "/app");
    const ephemeral = await ask(page, "znode-create", { path: "/e" }, ["ephemeral", "sequential"]);
    same(ephemeral, "create -e -s /e", "the line that is typed");
    await lab.hasZnode(1, "/e0000000001");

    await page.click('[data-znodes="1"] [data-znode="/app"] button');
    same(await cell(page, "data", 0).innerText(), "two words", "its data");
    same(await cell(page, "dataVersion", 0).innerText(), "0", "its version");
    same(await cell(page, "ACL", 0).innerText(), "world:anyone:cdrwa", "its ACL");
    same(await ask(page, "znode-set", { data: "x" }), "set /app x", "the line that is typed");
    await until("it is changed", async () => /^x/.test(await cell(page, "data", 2).innerText()));
    same(await ask(page, "znode-delete", {}), "delete /app", "the line that is typed");
    await until("it is gone", async () => /absent/.test(await cell(page, "data", 2).innerText()));
    await page.click('[data-action="znodes-back"]');
    check((await page.locator('[data-znode="/app"]').count()) === 0, "no tree has it");
  }),

  test("what cannot be typed or is no path is said, and not asked", async ({ lab, page }) => {
    await lab.settled({ leader: 3 });
    await lab.show("znodes");
    await page.click('[data-action="znode-create"]');
    const button = page.locator('[data-action="znode-ask"]');
    const path = page.locator('[data-form="znode"] [data-field="path"]');
    await path.fill("app");
    check(await button.isDisabled(), "a path begins with a slash");
    await path.fill("/app");
    check(await button.isEnabled(), "this is a path");
    await page.fill('[data-form="znode"] [data-field="data"]', `it's "quoted"`);
    check(await button.isDisabled(), "zkCli cannot say that");
    await page.keyboard.press("Escape");
    same(await page.locator('[data-form="znode"]').count(), 0, "Escape closes the form");
  }),

  test("watches, differences from the leader and what the last step changed are marked", async ({
    lab,
    page,
  }) => {
    await lab.settled({ leader: 3 });
    await lab.hurry();
    await (await lab.type("create /w 1")).says("Created /w");
    await (await lab.type("get -w /w")).says("1");
    await lab.show("znodes");
    await until("the watch is shown at one server", async () =>
      (await page.locator('[data-znode="/w"] [data-watched]').count()) === 1,
    );
    await page.click('[data-znodes="3"] [data-znode="/w"] button');
    const watches = await page.locator('[data-value="watches"]').innerText();
    check(/a: data/.test(watches), `the client and the kind: ${watches}`);

    // Step by step, until the servers differ and a change has just been made.
    await page.click('[data-action="play"]:visible');
    await lab.type("set /w 2");
    const seen = { differs: false, changed: false };
    for (let step = 0; step < 60 && !(seen.differs && seen.changed); step += 1) {
      await page.evaluate(() => document.activeElement?.blur());
      await page.keyboard.press("ArrowRight");
      seen.differs ||= (await page.locator(".cell--differs").count()) > 0;
      seen.changed ||= (await page.locator("[data-znode-table] [data-changed]").count()) > 0;
    }
    check(seen.differs, "one server is ahead of another");
    check(seen.changed, "the value that was just written is marked");
  }),

  test("the server's panel has its committedLog and the marks of its log", async ({ lab, page }) => {
    await lab.settled({ leader: 3 });
    await lab.hurry();
    await (await lab.type("create /log 1")).says("Created /log");
    await lab.select(3);
    const detail = page.locator('[data-detail="3"]');
    await until("the range", async () => /0x1000000\d+ … 0x1000000\d+ \(\d+\)/.test(await detail.innerText()));
    check((await detail.locator(".log__legend").count()) === 1, "the marks are explained");
    check((await detail.locator(".entry--applied").count()) > 1, "committed entries");
  }),
];
