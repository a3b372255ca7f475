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
  for (let n = 0; n < 250; n += 1) {
    if (await page.evaluate((of) => document.activeElement?.matches(of), selector)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not come to ${selector}`);
}

/** Opens a scenario of three servers and these clients; the recipe is seen as it is at its end. */
async function after(lab, clients, lines) {
  const connect = clients.flatMap((name) => [`client ${name} timeout 10s`]);
  const connected = clients.map((name) => `until session ${name} connected`);
  const begin = ["ensemble 3", "start", "until synchronized all within 20s"];
  await lab.openFile("drawing.zk", [...begin, ...connect, ...connected, ...lines, ""].join("\n"));
  await until("it is opened, at its end", async () => {
    const { index, end } = await lab.cursor();
    return index === end && !(await lab.isPlaying());
  });
  await lab.show("recipes");
}

/** The data attributes of the first element that is found: those that are asked for. */
const data = (page, selector, names) =>
  page.locator(selector).first().evaluate(
    (element, names) => names.map((name) => element.getAttribute(`data-${name}`)).join(" "), names);

/** The clients in a place of a drawing. */
const zone = (page, name) =>
  page.$$eval(`[data-zone="${name}"] [data-who]`, (all) => all.map(({ dataset }) => dataset.who).join(" "));

/** Something in the drawing comes to be so. */
const comes = (what, of, wanted) =>
  until(what, async () => {
    const is = await of();
    if (is !== wanted) throw new Error(`${is}`);
    return true;
  });

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

  test("the same by keyboard alone", async ({ lab, page }) => {
    await lab.settled({ leader: 3 });
    const playing = async (wanted) => {
      if ((await lab.isPlaying()) !== wanted) await page.keyboard.press(".");
      await until("a key plays and pauses", async () => (await lab.isPlaying()) === wanted);
    };
    await tabTo(page, '[data-tab="lanes"]');
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await tabTo(page, '[data-action="start-contenders"]');
    await page.keyboard.press("Enter");
    await page.keyboard.press("]");
    await page.keyboard.press("]");
    const names = await formed(page);
    await playing(false);
    const died = await seconds(lab);
    await tabTo(page, '[data-action="crash-holder"]');
    await page.keyboard.press("Enter");
    await playing(true);
    await inherits(lab, names, died);
    same((await line(page)).length, 4, "the dead one's znode has gone");
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
    await until("forty are there, in a group but for four", async () =>
      (await page.locator("[data-line]").getAttribute("data-count")) === "40" &&
      (await page.locator("[data-hidden]").getAttribute("data-hidden")) === "36");
    await until("all that are drawn watch the first", async () =>
      (await page.locator("[data-arrows]").getAttribute("data-arrows")) === "4");
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

  test("a barrier is a gate with a count: closed before those that wait, open once it is lifted", async ({
    lab,
    page,
  }) => {
    const up = ["c1> set-barrier /b", "c2>> await-barrier /b", "c3>> await-barrier /b", "run 1s"];
    await after(lab, ["c1", "c2", "c3"], up);
    await comes("two wait", () => zone(page, "waits"), "c2 c3");
    same(await data(page, "[data-drawing]", ["drawing", "up"]), "barrier true", "it is up");
    same(await data(page, ".gate", ["open"]), "false", "the gate is closed");
    same(await page.locator(".gate__count").innerText(), "2", "so many wait");
    same(await page.locator("[data-zone=waits] [data-watching]").count(), 2, "both watch it");
    await after(lab, ["c1", "c2", "c3"], [...up, "c1> lift-barrier /b", "run 1s"]);
    await comes("both have passed", () => zone(page, "passed"), "c2 c3");
    same(await data(page, ".gate", ["open"]), "true", "the gate is open");
  }),

  test("a double barrier: who has entered, who is inside, who leaves and whom it waits for", async ({
    lab,
    page,
  }) => {
    const all = ["come", "ready", "entering", "inside", "leaving"];
    const seen = () => data(page, "[data-drawing=double-barrier]", all);
    const two = ["c1>> double-barrier /b 3", "run 1s", "c2>> double-barrier /b 3", "run 1s"];
    await after(lab, ["c1", "c2", "c3"], two);
    await comes("two of three", seen, "2 false 2 0 0");
    same(await page.locator("[data-free]").count(), 1, "a place is free");
    const three = [...two, "c3>> double-barrier /b 3", "run 1s"];
    await after(lab, ["c1", "c2", "c3"], three);
    await comes("all are inside", seen, "3 true 0 3 0");
    await after(lab, ["c1", "c2", "c3"], [...three, "c1>> unlock /b", "run 1s"]);
    await comes("one leaves", () => zone(page, "leaving"), "c1");
    same(await zone(page, "inside"), "c2 c3", "the others stay");
    same(
      await page.locator("[data-zone=leaving] small").innerText(), "c3", "it waits for the highest");
  }),

  test("who gathers is called so, and goes on once all have arrived", async ({ lab, page }) => {
    const title = () => page.locator('.path[aria-pressed="true"]').innerText();
    const two = ["c1>> gather /b 3", "c2>> gather /b 3", "run 1s"];
    await after(lab, ["c1", "c2", "c3"], two);
    await comes("two of three", () => data(page, "[data-drawing=gather]", ["come", "ready"]), "2 false");
    same(await title(), "/b gathering of 3", "its title");
    await lab.act("language");
    await comes("in Chinese too", title, "/b 等 3 方到齐");
    await lab.act("language");
    await after(lab, ["c1", "c2", "c3"], [...two, "c3>> gather /b 3", "run 1s"]);
    const passed = async () => (await zone(page, "passed")).split(" ").sort().join(" ");
    await comes("all have gone on", passed, "c1 c2 c3");
    same(await title(), "/b gathering of 3", "still its title");
  }),

  test("what a holder does on SUSPENDED and LOST is chosen: one that goes on is told", async ({
    lab,
    page,
  }) => {
    await lab.settled({ leader: 3 });
    await page.click('[data-tab="recipes"]:visible');
    await page.selectOption('[data-order="suspended"]', "1");
    await page.selectOption('[data-order="lost"]', "1");
    await page.click('[data-action="start-contenders"]');
    await until("it is asked so", async () =>
      /suspended trust lost ignore/.test(await page.locator("#feed").innerText()));
    await lab.hurry(4);
    const [first, second] = await formed(page);
    await page.click('[data-action="pause-holder"]');
    await until("the session is over, and the second holds", async () =>
      (await value(page, "by-znode")) === second);
    await lab.setPlaying(false);
    await page.click(`[data-place="${first}"] .place__box`);
    await page.click('[data-action="resume-holder"]');
    await lab.setPlaying(true);
    await until("it is told that its session is over", async () =>
      /works on as if it held/.test(await page.locator("#feed").innerText()));
    check((await value(page, "by-belief")).includes(first), "it believes all the same");
  }),

  test("an election is a line of candidates, and the first one wears the crown", async ({
    lab,
    page,
  }) => {
    const clients = ["c1", "c2", "c3"];
    await after(lab, clients, ["c1> elect /e", "c2>> elect /e", "run 1s", "c3>> elect /e", "run 1s"]);
    await until("three stand", async () => (await line(page)).length === 3);
    same(await data(page, "[data-line]", ["line"]), "/e", "its path");
    same(await page.locator("[data-drawing=election]").count(), 1, "its drawing");
    same(await page.locator('[data-place="c1"] .place__crown').count(), 1, "c1 leads");
    same(await page.locator(".place__crown").count(), 1, "nobody else does");
    same(await page.locator("[data-arrows]").getAttribute("data-arrows"), "2", "each watches one");
  }),

  test("readers and writers have different shapes", async ({ lab, page }) => {
    await after(lab, ["c1", "c2", "c3"], [
      "c1> read-lock /rw", "c2>> write-lock /rw", "run 1s", "c3>> read-lock /rw", "run 1s"]);
    const shapes = () => page.$$eval("[data-place]", (all) =>
      all.map(({ dataset }) => `${dataset.place} ${dataset.shape}`).join(", "));
    await comes("they stand in order", shapes, "c1 read, c2 write, c3 read");
    const corner = (who) => page.$eval(`[data-place="${who}"] .place__box`, (box) =>
      getComputedStyle(box).borderRadius);
    check((await corner("c1")) !== (await corner("c2")), "one is round, one is not");
    same(await page.locator("[data-arrows]").getAttribute("data-arrows"), "2", "who watches whom");
  }),

  test("a semaphore shows leases that are free, and who waits for one", async ({ lab, page }) => {
    await after(lab, ["c1", "c2", "c3"], ["c1> semaphore /s 2"]);
    await comes("one lease is free", async () =>
      `${(await line(page)).length} ${await page.locator("[data-free]").count()}`, "1 1");
    await after(lab, ["c1", "c2", "c3"], [
      "c1> semaphore /s 2", "c2> semaphore /s 2", "c3>> semaphore /s 2", "run 1s"]);
    await comes("two hold, one waits, none is free", async () =>
      (await line(page)).map(({ who, phase }) => `${who} ${phase}`).join(", "),
      "c1 holds, c2 holds, c3 waits");
    same(await page.locator("[data-free]").count(), 0, "no lease is free");
  }),

  test("a registry is a table of live instances with the balancer's picks", async ({
    lab,
    page,
  }) => {
    const lines = ["c1> join /web a 10.0.0.1:80", "c2> join /web b 10.0.0.2:80",
      "c3>> members /web", "run 1s", "c3> pick /web", "c3> pick /web", "c3> pick /web"];
    await after(lab, ["c1", "c2", "c3"], lines);
    const row = (name) => data(page, `[data-instance="${name}"] [data-by="c3"]`, ["sees", "picks", "last"]);
    await comes("a was picked twice, and last", () => row("a"), "true 2 true");
    same(await row("b"), "true 1 false", "b was picked once");
    check(/10\.0\.0\.2:80/.test(await page.locator('[data-instance="b"]').innerText()), "its address");
    await after(lab, ["c1", "c2", "c3"], [
      ...lines, "cut c3 servers", "cut servers c3", "close c1", "run 1s"]);
    await comes("a has gone, but c3 still sees it", async () =>
      `${await data(page, '[data-instance="a"]', ["live"])} ${await row("a")}`, "false true 2 true");
  }),

  test("a configuration shows the version that each subscriber sees", async ({ lab, page }) => {
    await after(lab, ["c1", "c2", "c3"], [
      "c1> publish /c blue", "c2>> subscribe /c", "c3>> subscribe /c", "run 1s",
      "cut c3 servers", "cut servers c3", "c1> publish /c green", "c1> publish /c red", "run 1s"]);
    const sees = (who) => data(page, `[data-subscriber="${who}"]`, ["sees", "behind"]);
    const written = Number(await data(page, "[data-drawing=configuration]", ["version"]));
    await comes("c2 is up to date", () => sees("c2"), `${written} 0`);
    same(await sees("c3"), `${written - 2} 2`, "who is cut off is two versions behind");
  }),

  test("a queue shows what is in it, in the order in which it is taken, and who took what", async ({
    lab,
    page,
  }) => {
    await after(lab, ["c1", "c2", "c3"], [
      "c1> put /q later priority 50", "c1> put /q soon priority 5", "c1> put /q sooner priority 5"]);
    const items = () => page.$$eval("[data-item]", (all) =>
      all.map(({ dataset }) => `${dataset.item} ${dataset.priority}`).join(", "));
    await comes("the lower priority comes first", items, "soon 05, sooner 05, later 50");
    same(await zone(page, "puts"), "c1", "who put it there");
    await after(lab, ["c1", "c2", "c3"], [
      "c1> put /q one", "c2> take /q", "c3>> take /q", "run 1s"]);
    await comes("c3 waits", () => zone(page, "takes"), "c3");
    check(/c2 took one/.test(await page.locator("[data-told=c2]").innerText()), "c2 took it");
    same(await page.locator("[data-item]").count(), 0, "nothing is left");
  }),

  test("two-phase commit: the coordinator, the votes and the decision", async ({ lab, page }) => {
    const one = ["c1>> commit /tx a b", "run 1s", "c2>> vote /tx a commit", "run 1s"];
    const site = (name) => data(page, `[data-site="${name}"]`, ["vote", "voter", "watched"]);
    const decision = () => data(page, "[data-drawing=two-phase-commit]", ["decision"]);
    await after(lab, ["c1", "c2", "c3"], one);
    await comes("a is for it", () => site("a"), "commit c2 true");
    same(await site("b"), "none  true", "b has not voted");
    same(await decision(), "none", "nothing is decided");
    await after(lab, ["c1", "c2", "c3"], [...one, "c3>> vote /tx b abort", "run 1s"]);
    await comes("it is aborted", decision, "abort");
    same(await site("b"), "abort c3 false", "b was against it");
  }),

  test("a counter and names show what was handed out", async ({ lab, page }) => {
    await after(lab, ["c1", "c2"], ["c1> count /n 1", "c2> count /n 41", "run 1s"]);
    await comes("it has been counted", () => data(page, "[data-drawing=counter]", ["value"]), "42");
    check(/42/.test(await page.locator("[data-told=c2]").innerText()), "by whom to what");
    await after(lab, ["c1", "c2"], ["c1> name /names", "c2> name /names"]);
    await comes("the third name is free", () => data(page, "[data-next]", ["next"]), "2");
    same(await data(page, '[data-name$="name-0000000001"]', ["given-to"]), "c2", "whose is the second");
  }),

  test("what is chosen in the recipe is chosen on the stage, in the lanes and the trees, and back", async ({
    lab,
    page,
  }) => {
    await after(lab, ["c1", "c2", "c3"], [
      "c1> lock /l", "c2>> lock /l", "run 1s", "c3>> lock /l", "run 1s"]);
    await until("three stand", async () => (await line(page)).length === 3);
    await page.click('[data-place="c2"] .place__box');
    await until("c2 is chosen on the stage", () =>
      page.locator('.client--selected[data-client="c2"]').count());
    await lab.show("lanes");
    same(await page.locator('.lane--selected[data-lane="c2"]').count(), 1, "in the lanes");
    await lab.show("znodes");
    same(await page.locator("[data-znodes='1'] [data-owned]").count(), 1, "its znode is marked");
    await lab.show("lanes");
    await page.locator('[data-lane="c3"] text').click();
    await lab.show("recipes");
    await until("who is chosen in the lanes is chosen here", () =>
      page.locator('.place--selected[data-place="c3"]').count());
    await lab.show("znodes");
    const first = page.locator("[data-znodes='1'] [data-znode^='/l/'][data-znode$='0000000000']");
    const path = await first.getAttribute("data-znode");
    await first.locator("button").click();
    await page.click('[data-action="znode-recipe"]');
    await until("the znode of the tree is marked here", () =>
      page.locator(`[data-node="${path}"][aria-pressed="true"]`).count());
    await until("and its client is chosen", () =>
      page.locator('.place--selected[data-place="c1"]').count());
  }),

  test("two hundred contenders are grouped in the line, on the stage and in the trees", async ({
    lab,
    page,
  }) => {
    const lines = ["ensemble 5", "start", "until synchronized all within 20s",
      "contend c 200 timeout 30s > lock /l", "run 5s", ""];
    await lab.openFile("crowd.zk", lines.join("\n"));
    await lab.show("recipes");
    await comes("all stand in line", () => data(page, "[data-line]", ["count"]), "200");
    same((await line(page)).length, 4, "four are drawn");
    same(await data(page, "[data-line] [data-hidden]", ["hidden"]), "196", "the others are a group");
    for (const size of [{ width: 1440, height: 900 }, { width: 390, height: 844 }, { width: 1280, height: 720 }]) {
      await page.setViewportSize(size);
      await until(`the whole line is seen at ${size.width}`, () =>
        page.$eval(".line__frame", (frame) => {
          const right = frame.getBoundingClientRect().right;
          return [...frame.querySelectorAll(".place__box")].every((box) =>
            box.getBoundingClientRect().right <= right);
        }));
    }
    check((await page.locator("[data-client]").count()) < 100, "the stage groups them too");
    await lab.show("znodes");
    const folded = "[data-znodes='1'] [data-folded]";
    same(await data(page, folded, ["folded"]), "168", "so do the trees");
    await page.click(`${folded} button`);
    await until("all znodes are there", async () =>
      (await page.locator("[data-znodes='1'] [data-znode^='/l/']").count()) === 200);
  }),

  test("contenders that the servers would refuse are foretold", async ({ lab, page }) => {
    await lab.settled({ leader: 3 });
    await lab.show("recipes");
    await page.fill('[data-order="count"]', "179");
    same(await page.locator("[data-refused]").count(), 0, "with the console's client they fill three servers");
    await page.fill('[data-order="count"]', "200");
    await comes("the rest is foretold", () => data(page, "[data-refused]", ["refused"]), "21");
  }),
];
