// Time: branches that are kept, drawn and compared; undo by actions; running until something.

import { check, same, until } from "./lib.mjs";

const test = (name, run, options) => ({ name, run, options });

/** A leader that commits with the ACKs of half a quorum. */
const HALF_QUORUM = `ensemble 5
seed 2
mistake half-quorum
at 0s latency s5 s4 1ms 20ms
at 0s start
at 0s client c2 timeout 6.225s servers s3
at 0s client c3 kazoo timeout 2.162s servers s2 s3 s4 s5 s1
`;

/** The branches as listed: `{ number, isCurrent }`. */
async function branches(lab) {
  await lab.show("branches");
  return lab.page.$$eval("[data-branch]", (rows) =>
    rows.map(({ dataset }) => ({
      number: Number(dataset.branch),
      isCurrent: dataset.current === "true",
    })),
  );
}

const current = async (lab) => (await branches(lab)).find(({ isCurrent }) => isCurrent).number;

/** A button of one branch's row. */
const ofBranch = (lab, number, action) =>
  lab.page.locator(`[data-branch="${number}"] [data-action="${action}"]`);

/** Presses a key that nobody is typing. */
async function press(lab, key) {
  await lab.page.evaluate(() => document.activeElement?.blur());
  await lab.page.keyboard.press(key);
}

/** The head of the timeline: event, and whether it stands. */
const index = async (lab) => (await lab.cursor()).index;

/** Two branches: on 1 s3 is killed, on 2 s1. Paused on 2. */
async function forked(lab) {
  await lab.settled({ leader: 3 });
  await lab.setPlaying(false);
  const before = await index(lab);
  await lab.act("kill", 3);
  await until("s3 is down", async () => (await lab.server(3)).state === "down");
  await lab.setPlaying(true);
  await lab.hurry();
  await lab.settled({ leader: 2, epoch: 2, down: [3] });
  await lab.setPlaying(false);
  await press(lab, "Control+z");
  await until("it is before the kill", async () => (await lab.server(3)).state !== "down");
  check((await index(lab)) <= before + 1, "undo goes to just before the action");
  await lab.act("kill", 1);
  await until("s1 is down", async () => (await lab.server(1)).state === "down");
}

export default [
  test("acting in the past keeps what came after as a branch", async ({ lab }) => {
    await forked(lab);
    same((await branches(lab)).map(({ number }) => number).join(), "1,2", "there are two branches");
    same(await current(lab), 2, "the new one is the current one");
    const here = await lab.everything();
    await ofBranch(lab, 1, "switch-branch").click();
    await until("branch 1 is current", async () => (await current(lab)) === 1);
    await lab.act("live");
    await until("s2 leads there", async () => (await lab.server(2)).state === "leading");
    same((await lab.server(3)).state, "down", "and s3 was killed there");
    await lab.show("branches");
    await ofBranch(lab, 2, "switch-branch").click();
    await until("it is the same as before", async () => (await lab.everything()) === here);
  }),

  test("branches are drawn, named, kept over a reload, and deleted", async ({ lab, page }) => {
    await forked(lab);
    const drawn = () => page.locator("[data-branches] .timeline__branch").count();
    same(await drawn(), 1, "the other branch is drawn on the timeline");
    await lab.show("branches");
    const name = page.locator('[data-branch="1"] input');
    await name.fill("kill <b>s3</b>");
    await name.press("Enter");
    await press(lab, "Escape");
    await until("it is saved", () =>
      page.evaluate(() => localStorage.getItem("zklab.work.1").includes("kill <b>s3</b>")),
    );
    await page.reload();
    await until("the page is back", async () => (await lab.servers()).length > 0);
    same(await current(lab), 2, "the current branch is the same");
    same(await page.locator('[data-branch="1"] input').inputValue(), "kill <b>s3</b>", "the name");
    await ofBranch(lab, 1, "delete-branch").click();
    await until("it is gone", async () => (await branches(lab)).length === 1);
    same(await drawn(), 0, "nothing is drawn");
    check(await ofBranch(lab, 2, "delete-branch").count() === 0, "the only one cannot be deleted");
  }),

  test("F forks here", async ({ lab }) => {
    await lab.settled({ leader: 3 });
    await lab.pauseAfter(40);
    await lab.steps("back", 10);
    const at = await index(lab);
    await press(lab, "f");
    await until("there are two branches", async () => (await branches(lab)).length === 2);
    const cursor = await lab.cursor();
    same(cursor.index, at, "the moment is the same");
    same(cursor.end, at, "and nothing has happened after it yet");
    await lab.act("undo");
    await until("it is taken back", async () => (await branches(lab)).length === 1);
    check((await lab.cursor()).end > at, "with what came after");
  }),

  test("two branches are compared", async ({ lab, page }) => {
    await forked(lab);
    await lab.show("branches");
    await ofBranch(lab, 1, "compare-branch").click();
    await page.waitForSelector("[data-comparison]");
    const row = (name) =>
      page.$eval(`[data-compare="${name}"]`, (tr) => [...tr.querySelectorAll("td")].map((td) => td.innerText));
    const [here, there] = await row("first");
    check(/s1/.test(here) && /s3/.test(there), `what first differs: ${here} | ${there}`);
    same((await row("leader")).join(), "s3,s2", "who leads on each");
    same((await row("epoch")).map((text) => text.trim()).join(), "1,2", "the epochs");
    check(Number(await page.getAttribute("[data-comparison]", "data-shared")) > 50, "they share events");
    same(await page.locator("[data-tree]").count(), 3, "the trees of all servers");
  }),

  test("undo and redo go by actions", async ({ lab }) => {
    await lab.settled({ leader: 3 });
    await lab.setPlaying(false);
    await lab.act("kill", 2);
    await until("s2 is down", async () => (await lab.server(2)).state === "down");
    await press(lab, "Control+z");
    await until("it is not", async () => (await lab.server(2)).state !== "down");
    await press(lab, "Control+Shift+Z");
    await until("it is again", async () => (await lab.server(2)).state === "down");
    same((await branches(lab)).length, 1, "looking back makes no branch");
    const input = lab.page.locator("input[data-console]").first();
    await input.fill("abc");
    await input.press("Control+z");
    same((await lab.server(2)).state, "down", "in a field it is the field's");
  }),

  test("run until a leader is elected, everyone is synchronized, a session expires", async ({
    lab,
    page,
  }) => {
    await lab.settled({ leader: 3 });
    await lab.setPlaying(false);
    const runUntil = async (goal) => {
      await lab.act("run-until");
      await lab.act(goal);
      await until(`${goal} is reached`, async () => !(await lab.isPlaying()));
    };
    await lab.act("kill-leader");
    await runUntil("until-leader");
    same((await lab.server(2)).state, "leading", "s2 leads");
    await lab.act("restart", 3);
    await runUntil("until-synchronized");
    same((await lab.server(3)).state, "following", "s3 follows");
    await lab.act("run-until");
    await page.selectOption('[data-action="until-event"]', "packet PING");
    await until("a ping has arrived", async () => !(await lab.isPlaying()));
    const before = await index(lab);
    await press(lab, "n");
    await page.waitForTimeout(300);
    await until("the search goes on or ends", async () => (await index(lab)) > before);
  }),

  test("a run-until that is not reached says so", async ({ lab, page }) => {
    await lab.settled({ leader: 3 });
    await lab.setPlaying(false);
    await lab.act("run-until");
    await lab.act("until-violation");
    await until("it ends", async () => !(await lab.isPlaying()), 60_000);
    const said = await page.innerText("[data-notice]");
    check(/ten minutes/.test(said), said);
  }),

  test("run until a session expires", async ({ lab, page }) => {
    await lab.settled({ leader: 3 });
    await lab.hurry();
    await until("the client is connected", () => page.locator(".client--connected").count());
    await lab.setPlaying(false);
    await lab.show("sessions");
    await page.locator('[data-client="a"]').click();
    await page.locator('[role=menu] [data-action="crash-client"]').click();
    await lab.act("run-until");
    await lab.act("until-expired");
    await until("it has expired", async () => !(await lab.isPlaying()), 60_000);
    check(Number((await lab.cursor()).t) > 20_000, "after its timeout");
    same(await page.locator('[data-notice][data-kind="NotReached"]').count(), 0, "it was reached");
  }),

  test("a violation stops play and opens its witness", async ({ lab, page }) => {
    await lab.setPlaying(false);
    await lab.act("work");
    const buffer = Buffer.from(HALF_QUORUM);
    await page.setInputFiles('[data-action="open-file"]', {
      name: "half.zk", mimeType: "text/plain", buffer,
    });
    await until("five servers are shown", async () => (await lab.servers()).length === 5);
    check(await page.locator("#invariants").isHidden(), "nothing is broken yet");
    await lab.hurry();
    await lab.setPlaying(true);
    await until("it has stopped", async () => !(await lab.isPlaying()));
    const broken = page.locator('[data-invariant="Committedness"][data-ok="false"]');
    await broken.waitFor({ state: "visible" });
    const moment = Number(await broken.locator("[data-event]").getAttribute("data-event"));
    same((await lab.cursor()).index, moment, "at the moment of the violation");
    check(/s\d/.test(await broken.locator(".invariants__witness").innerText()), "with its witness");
    check((await page.locator("[data-notice]").innerText()).length > 10, "and it is said why");
    await lab.steps("back", 2);
    same(await page.locator('[data-ok="false"]').count(), 0, "before it nothing was broken");
    await broken.waitFor({ state: "hidden" }).catch(() => {});
    await lab.steps("step", 2);
    await until("it breaks again", async () => (await page.locator('[data-ok="false"]').count()) === 1);
  }, { expects: /broken invariant: Committedness/ }),

  test("where nothing is in flight, slow motion skips; or not, as is chosen", async ({ lab, page }) => {
    await lab.settled({ leader: 3 });
    await lab.hurry();
    await until("the client is connected", () => page.locator(".client--connected").count());
    for (let n = 0; n < 4; n += 1) await lab.act("speed-down");
    same(await page.getAttribute("[data-speed]", "data-speed"), "0.02", "a fiftieth of real time");
    const passed = async () => {
      const from = Number((await lab.cursor()).t);
      await page.waitForTimeout(3_000);
      return Number((await lab.cursor()).t) - from;
    };
    same(await page.getAttribute('[data-action="skip-idle"]', "aria-pressed"), "true", "it skips");
    const skipped = await passed();
    await lab.act("skip-idle");
    const waited = await passed();
    check(waited < 200, `without skipping, 3 s are some 30 ms: ${waited} ms`);
    check(3 * waited < skipped, `with skipping they are many more: ${skipped} ms`);
  }),
];
