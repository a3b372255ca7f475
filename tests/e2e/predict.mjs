// Predict mode in the free lab: before a decision of each kind it stops and asks, after the answer it
// shows the decision and its reason; the score stays with the reader.

import { check, same, until } from "./lib.mjs";

const test = (name, run, options) => ({ name, run, options });

const asked = (page) => page.locator("[data-predict]");

/** Asks about this from now on. */
async function about(lab, kind) {
  const toggle = lab.page.locator('[data-action="predict"]', { hasText: kind });
  await toggle.click();
  await until("it is on", async () => (await toggle.getAttribute("aria-pressed")) === "true");
}

/** The question, once it is asked. The lab stands still meanwhile. */
async function question(lab, wanted) {
  const { page } = lab;
  // It may have stopped to ask already.
  if (!(await asked(page).count()) && !(await lab.isPlaying())) await lab.act("play");
  await page.locator('[data-predict="false"]').waitFor({ timeout: 60_000 });
  check(wanted.test(await asked(page).locator("p").innerText()), await asked(page).innerText());
  same(await lab.isPlaying(), false, "it stands still");
  const guesses = await page.locator('[data-action="guess"]').allInnerTexts();
  check(2 <= guesses.length && !guesses.join().includes("✓"), `nothing is given away: ${guesses}`);
  return guesses;
}

/** Answers, and gives what was right. */
async function answer(page, guess) {
  await page.locator('[data-action="guess"]', { hasText: guess }).first().click();
  await page.locator('[data-predict="true"]').waitFor();
  const right = await page.locator('[data-action="guess"]:has-text("✓")').innerText();
  const verdict = await page.locator(".predict .sign").innerText();
  const isRight = right === `✓ ${guess}`;
  check(verdict.startsWith(isRight ? "✓" : "✗"), `${verdict} for ${guess}, ${right}`);
  return right.slice(2);
}

/** What the reason says that is shown with the answer. */
const reason = (page) => page.locator('[role="tabpanel"]:visible', { has: page.locator("[data-cause], .why") }).first().innerText();

async function shown(lab, wanted) {
  await until(`the reason says ${wanted}`, async () => wanted.test(await reason(lab.page)));
}

const score = (page) =>
  page.locator("section.home__list", { has: page.locator('[data-action="predict"]') }).locator("h3").innerText();

/** Goes on from question to question until one is answered with this. */
async function untilRight(lab, wanted, right, guess) {
  for (let i = 0; i < 12; i += 1) {
    await question(lab, wanted);
    if ((await answer(lab.page, guess)) === right) return;
    await lab.act("predict-on");
  }
  throw new Error(`no question is answered with ${right}`);
}

export default [
  test("a winner is asked for before there is one", async ({ lab, page }) => {
    await lab.settled({ leader: 3 });
    await about(lab, "Winners");
    await lab.act("kill-leader");
    const guesses = await question(lab, /Who will lead/);
    same((await lab.leaders()).length, 0, "nobody leads yet");
    check(guesses.includes("s1") && guesses.includes("s2"), guesses.join());
    same(await answer(page, "s1"), "s2", "the one with the larger id");
    await shown(lab, /election is over/);
    check((await score(page)).includes("0 of 1 right"), await score(page));
  }),

  test("a vote is asked about before it is adopted, and the score counts", async ({ lab, page }) => {
    const posted = [];
    page.on("request", (request) => request.method() === "GET" || posted.push(request.url()));
    await lab.settled({ leader: 3 });
    await about(lab, "Votes");
    await lab.act("kill-leader");
    await untilRight(lab, /Does s\d adopt this vote/, "Yes", "Yes");
    await shown(lab, /adopts/);
    check(/[1-9]\d* of \d+ right/.test(await score(page)), await score(page));
    // It is nobody else's: not sent, not in links.
    same(posted.join(), "", "nothing is sent");
    await page.reload();
    await until("the page is back", async () => (await lab.servers()).length > 0);
    check(!/right/.test(await score(page)), "and it is for this sitting");
  }),

  test("how a learner is synchronized is asked before it is sent", async ({ lab, page }) => {
    await lab.settled({ leader: 3 });
    await (await lab.type("create /before 1")).says("Created /before");
    await lab.act("kill", 1);
    await (await lab.type("create /missed 1")).says("Created /missed");
    await about(lab, "DIFF");
    await lab.act("restart", 1);
    same((await question(lab, /How does it synchronize s1/)).join(), "DIFF,TRUNC,SNAP", "what can be");
    check((await lab.server(1)).zxid !== (await lab.server(3)).zxid, "s1 lacks it yet");
    same(await answer(page, "DIFF"), "DIFF", "the leader has it in memory");
    await shown(lab, /DIFF of \d transaction/);
    check((await score(page)).includes("1 of 1 right"), await score(page));
  }),

  test("a commit is asked about before the ACK is counted", async ({ lab, page }) => {
    await lab.settled({ leader: 3 });
    await about(lab, "Commits");
    const before = (await lab.server(3)).zxid;
    await lab.type("create /asked 1");
    await question(lab, /Is it committed with that/);
    same((await lab.server(3)).zxid, before, "it is not committed yet");
    await answer(page, "Yes");
    await until("the reason is shown", async () => (await reason(page)).length > 20);
  }),

  test("the end of a session is asked about when its connection is lost", async ({ lab, page }) => {
    await lab.settled({ leader: 3 });
    await (await lab.type("create /mine 1")).says("Created /mine");
    await about(lab, "Expiry");
    await lab.show("sessions");
    const standing = await page.locator("[data-session] h2").first().innerText();
    await lab.act("kill", Number(/s(\d)/.exec(standing)[1]));
    await question(lab, /Does its session expire/);
    same(await answer(page, "No"), "No", "it finds another server in time");
    await lab.act("predict-on");
    await until("it plays on", () => lab.isPlaying());
    await asked(page).waitFor({ state: "detached" });
  }),

  test("the end of a session is foretold for a client that slept too long", async ({ lab, page }) => {
    const lines = ["ensemble 3", "seed 1", "start", "until synchronized all within 20s",
      "client a timeout 4s", "until session a connected", "pause-client a", "run 10s", ""];
    await lab.openFile("slept.zk", lines.join("\n"));
    await until("it is opened, at its end", async () => {
      const { index, end, t } = await lab.cursor();
      return index === end && Number(t) > 10_000 && !(await lab.isPlaying());
    });
    await about(lab, "Expiry");
    await page.locator('.stage [data-client="a"]').click();
    await page.locator('[role=menu] [data-action="resume-client"]').click();
    await question(lab, /Does its session expire/);
    same(await answer(page, "Yes"), "Yes", "the leader has ended it meanwhile");
    await shown(lab, /turns session \S+ down/);
    check((await score(page)).includes("1 of 1 right"), await score(page));
    await lab.act("predict-on");
    await until("the client is told", () => page.locator('.client--expired[data-client="a"]').count());
  }),

  test("nothing is asked that was not chosen, and an answer can be had without a guess", async ({
    lab,
    page,
  }) => {
    await lab.settled({ leader: 3 });
    await about(lab, "Winners");
    await (await lab.type("create /quiet 1")).says("Created /quiet");
    same(await asked(page).count(), 0, "no question about commits");
    await lab.act("kill-leader");
    await question(lab, /Who will lead/);
    await lab.act("predict-show");
    await page.locator('[data-predict="true"]').waitFor();
    check((await page.locator('[data-action="guess"]:has-text("✓")').innerText()) === "✓ s2", "s2");
    check(!/right/.test(await score(page)), "it does not count");
  }),
];
