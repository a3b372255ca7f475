// From an opened page to an ensemble that elects, loses its leader, and serves a client; and back
// and forth in its history. Three servers boot together, and the largest id of equal votes wins.

import { check, same, until } from "./lib.mjs";
import { LabPage } from "./page.mjs";

const test = (name, run) => ({ name, run });

export default [
  test("three servers elect the one with the largest id", async ({ lab }) => {
    same((await lab.servers()).map(({ id }) => id).join(), "1,2,3", "three servers are shown");
    check(await lab.isPlaying(), "it plays on its own");
    await lab.settled({ leader: 3, epoch: 1 });
  }),

  test("kill the leader: another is elected; restart the first: it is synchronized", async ({
    lab,
  }) => {
    await lab.settled({ leader: 3, epoch: 1 });
    await lab.hurry();
    await lab.act("kill-leader");
    await lab.settled({ leader: 2, epoch: 2, down: [3] });
    await lab.act("restart", 3);
    await lab.settled({ leader: 2, epoch: 2 });
    same((await lab.server(3)).state, "following", "the old leader follows the new one");
  }),

  test("kill and restart one server by its own buttons", async ({ lab }) => {
    await lab.settled({ leader: 3 });
    await lab.hurry();
    await lab.act("kill", 1);
    await lab.settled({ leader: 3, epoch: 1, down: [1] });
    await lab.act("kill", 2);
    await until("without a quorum there is no leader", async () => {
      return (await lab.leaders()).length === 0;
    });
    await lab.act("restart-all");
    await lab.settled({ epoch: 2 });
  }),

  test("a znode made in the console is on every server", async ({ lab }) => {
    await lab.settled({ leader: 3 });
    await lab.hurry();
    const create = await lab.type("create /hello world");
    await create.says("Created /hello");
    const get = await lab.type("get /hello");
    await get.says("world");
    await lab.settled({ leader: 3 });
    for (const { id } of await lab.servers()) await lab.hasZnode(id, "/hello");
  }),

  test("a znode outlives the leader that committed it", async ({ lab }) => {
    await lab.settled({ leader: 3 });
    await lab.hurry();
    await (await lab.type("create /kept yes")).says("Created /kept");
    await lab.act("kill-leader");
    await lab.settled({ epoch: 2, down: [3] });
    await lab.act("restart", 3);
    await lab.settled({ epoch: 2 });
    for (const { id } of await lab.servers()) await lab.hasZnode(id, "/kept");
  }),

  test("20 events back and forward again is the same state", async ({ lab }) => {
    await lab.settled({ leader: 3 });
    await (await lab.type("create /hello world")).says("Created /hello");
    await lab.pauseAfter(20);
    const before = await lab.everything();
    const { index, end } = await lab.cursor();
    await lab.steps("back", 20);
    const past = await lab.cursor();
    same(past.index, index - 20, "a step back is one event");
    same(past.end, end, "looking back forgets nothing");
    check((await lab.everything()) !== before, "the past looks different");
    await lab.steps("step", 20);
    same(await lab.everything(), before, "it is the same state again");
  }),

  test("a paused lab stands still, and a step moves it", async ({ lab, page }) => {
    await lab.settled({ leader: 3 });
    await lab.setPlaying(false);
    const before = await lab.everything();
    await page.waitForTimeout(1_000);
    same(await lab.everything(), before, "nothing moves");
    const { index } = await lab.cursor();
    await lab.step("step");
    same((await lab.cursor()).index, index + 1, "a step is one event");
    await lab.setPlaying(true);
    await until("it goes on", async () => (await lab.cursor()).index > index + 5);
  }),

  test("acting in the past forks", async ({ lab }) => {
    await lab.settled({ leader: 3 });
    await lab.pauseAfter(30);
    const { index, end } = await lab.cursor();
    await lab.steps("back", 30);
    await lab.act("kill", 1);
    await until("s1 is down", async () => (await lab.server(1)).state === "down");
    const forked = await lab.cursor();
    check(forked.index > index - 30, "the kill is an event of its own");
    check(forked.end < end, `what came after is another branch: ${forked.end} < ${end}`);
    same(forked.index, forked.end, "we are at the end of the new branch");
    await lab.step("step");
    check((await lab.cursor()).end > forked.end, "the new branch has a future of its own");
  }),

  test("a partition cuts the leader off, and healing brings it back as a follower", async ({
    lab,
  }) => {
    await lab.settled({ leader: 3 });
    await lab.hurry();
    await lab.act("partition", 3);
    await until("the majority elects s2, and s3 steps down", async () => {
      const [s1, s2, s3] = await lab.servers();
      return (
        s1.state === "following" && s2.state === "leading" && s2.epoch === 2 &&
        s3.state === "looking"
      );
    });
    await lab.act("heal");
    await lab.settled({ leader: 2, epoch: 2 });
  }),

  test("bad input is answered clearly and changes nothing", async ({ lab }) => {
    await lab.settled({ leader: 3 });
    await lab.setPlaying(false);
    const before = await lab.everything();
    await (await lab.type("frobnicate /a")).says(/command|unknown|not found/i);
    await (await lab.type("create nope")).says(/path.*\/|must start with/i);
    await (await lab.type("create /a//b")).says(/path|empty/i);
    await (await lab.type("get")).says(/path|usage|get/i);
    same(await lab.everything(), before, "nothing has changed");

    await lab.setPlaying(true);
    await lab.hurry();
    await (await lab.type("get /missing")).says(/NoNode|does not exist/i);
    await (await lab.type("create /still works")).says("Created /still");
  }),

  test("what a znode holds is text, whatever it looks like", async ({ lab, page }) => {
    await lab.settled({ leader: 3 });
    await lab.hurry();
    const markup = "<img/src=x/onerror=alert(1)>";
    await (await lab.type(`create /markup ${markup}`)).says("Created /markup");
    await (await lab.type("get /markup")).says(markup);
    await lab.hasZnode(1, "/markup");
    same(await page.locator("img[onerror]").count(), 0, "no element comes of it");
  }),

  test("keys: Space and . play and pause, arrows step, K kills the leader", async ({
    lab,
    page,
  }) => {
    await lab.settled({ leader: 3 });
    const press = async (key) => {
      await page.evaluate(() => document.activeElement?.blur());
      await page.keyboard.press(key);
    };
    await press("Space");
    await until("Space pauses", async () => !(await lab.isPlaying()));
    await press(".");
    await until("the dot plays", async () => lab.isPlaying());
    await press(".");
    await until("the dot pauses", async () => !(await lab.isPlaying()));

    const { index } = await lab.cursor();
    await press("ArrowLeft");
    await until("the left arrow steps back", async () => (await lab.cursor()).index === index - 1);
    await press("ArrowRight");
    await until("the right arrow steps on", async () => (await lab.cursor()).index === index);

    await page.locator("input[data-console]").first().focus();
    await page.keyboard.type("kkk ...");
    same((await lab.leaders()).length, 1, "typing is not for the lab");
    same(await lab.isPlaying(), false, "typing is not for the lab");

    await press("k");
    await until("K kills the leader", async () => (await lab.server(3)).state === "down");
    await press("Space");
    await lab.hurry();
    await lab.settled({ leader: 2, epoch: 2, down: [3] });
  }),

  test("? lists the keys, Escape closes the list and the focus is back", async ({ lab, page }) => {
    await lab.setPlaying(false);
    await page.keyboard.press("?");
    const help = page.locator("[role=dialog]");
    await help.waitFor();
    const keys = (await help.locator("kbd").allInnerTexts()).join(" ");
    for (const key of ["Space", "→", "PageDown", "[", "L", "K", "P", "R", "F", "?", "Esc", "Tab"]) {
      check(keys.includes(key), `the list has ${key}: ${keys}`);
    }
    await page.keyboard.press("Escape");
    await help.waitFor({ state: "detached" });
  }),

  test("a button that has the focus is pressed by Space once", async ({ lab, page }) => {
    await lab.settled({ leader: 3 });
    await page.locator('[data-action="play"]:visible').first().focus();
    await page.keyboard.press("Space");
    await page.waitForTimeout(300);
    same(await lab.isPlaying(), false, "Space on the play button pauses");
  }),

  test("speed goes up and down", async ({ lab, page }) => {
    const speed = () => page.$eval("[data-speed]", (e) => e.dataset.speed || e.innerText);
    const before = await speed();
    await lab.act("speed-up");
    await until("the speed is another", async () => (await speed()) !== before);
    await lab.act("speed-down");
    await until("the speed is what it was", async () => (await speed()) === before);
  }),

  test("the page works after a reload", async ({ lab, page }) => {
    await lab.settled({ leader: 3 });
    await page.reload();
    await lab.settled();
    await lab.hurry();
    await (await lab.type("create /again 1")).says("Created /again");
  }),

  test("the second visit needs no network", async ({ lab, page }) => {
    const context = page.context();
    await lab.settled({ leader: 3 });
    // Somebody is there: all of the page is fetched (scripts/rest.js).
    await page.mouse.move(10, 10);
    await until("the page is kept", () => page.$eval("html", (html) => html.dataset.offline === "ready"));
    await context.setOffline(true);
    await page.reload();
    await lab.settled();
    await lab.hurry();
    await (await lab.type("create /alone 1")).says("Created /alone");
    await context.setOffline(false);
  }),

  test("who only looks downloads the first part of the program, who acts the second too", async ({ page }) => {
    const context = await page.context().browser().newContext({ locale: "en-US" });
    const visit = await context.newPage();
    const asked = [];
    visit.on("request", (request) => asked.push(request.url()));
    await visit.goto(page.url().replace(/[?#].*/, ""));
    await new LabPage(visit).settled({ leader: 3 });
    await visit.waitForTimeout(3000);
    // Only a release is split (scripts/split).
    const rest = await visit.$eval("script[data-wasm]", (script) => script.dataset.rest);
    const isRest = (url) => rest !== undefined && url.endsWith(rest.replace("./", ""));
    check(!asked.some(isRest), "the second part was not fetched (if something new runs at once: ./lab first-visit)");
    await visit.mouse.move(200, 200);
    await until("the second part is fetched", () => rest === undefined || asked.some(isRest));
    await context.close();
  }),
];
