// Lessons and challenges as a student does them, each by mouse and by keyboard alone; and what a
// teacher sees of a result that was handed in.

import { check, same, until } from "./lib.mjs";

const test = (name, run, options) => ({ name, run, options });

/** Waits longer than usual: an ensemble elects, synchronizes and serves meanwhile. */
const LONG_MS = 60_000;

/** The open lesson: `{ name, step, solved, running }`. */
const seen = (page) =>
  page.$eval("[data-open-lesson]", ({ dataset }) => ({
    name: dataset.openLesson,
    step: dataset.step,
    solved: dataset.solved === "true",
    running: dataset.running === "true",
  }));

/** How a student does things: with the mouse. */
const mouse = {
  press: async (page, selector) => page.locator(`${selector}:visible`).first().click(),
  next: async (page) => page.locator('[data-action="lesson-next"]').click(),
  server: async (page, id) => page.locator(`.stage [data-server="${id}"]`).click(),
  killLeader: async (page) => page.locator('[data-action="kill-leader"]:visible').first().click(),
};

/** And with the keyboard alone. */
const keyboard = {
  press: async (page, selector) => {
    await page.locator(`${selector}:visible`).first().focus();
    await page.keyboard.press("Enter");
  },
  next: async (page) => page.keyboard.press("PageDown"),
  server: async (page, id) => {
    await page.locator(`[data-action="answer"]:has-text("s${id}")`).focus();
    await page.keyboard.press("Enter");
  },
  killLeader: async (page) => {
    await page.evaluate(() => document.activeElement?.blur());
    await page.keyboard.press("k");
  },
};

/** Opens a lesson or challenge from the list at home. */
async function open(page, hand, name) {
  await hand.press(page, `[data-lesson="${name}"]`);
  await until(`${name} is open`, async () => (await seen(page)).name === name);
}

/** Goes on to a step: what plays on the way is skipped. */
async function to(page, hand, wanted) {
  for (let i = 0; i < 60; i += 1) {
    const before = await seen(page);
    if (before.step === wanted && !before.running) return;
    check(before.step !== "end", `the step ${wanted} does not come`);
    await hand.next(page);
    await until(`it goes on from ${before.step}`, async () => {
      return JSON.stringify(await seen(page)) !== JSON.stringify(before);
    });
  }
  throw new Error(`the step ${wanted} does not come`);
}

const right = (page) => page.locator('[data-verdict="right"]').waitFor();

/** Lets time run fast until the goal is reached. */
async function reached(page) {
  await until("the goal is reached", async () => (await seen(page)).solved, LONG_MS);
  same(await page.locator('[data-holds="false"]').count(), 0, "every clause holds");
}

async function number(page, value) {
  await page.locator("[data-number]").focus();
  await page.keyboard.type(String(value));
  await page.keyboard.press("Enter");
  await right(page);
}

/** Presses the button of a server in the table. */
async function server(page, hand, action, id) {
  await hand.press(page, '[data-tab="servers"]');
  await hand.press(page, `[data-action="${action}"][data-target="${id}"]`);
}

/** Types a line in the console of a client. */
async function type(lab, hand, client, line) {
  await hand.press(lab.page, `[data-console-tab="${client}"]`);
  await lab.page.locator("input[data-console]:visible").first().focus();
  await lab.page.keyboard.type(line);
  await lab.page.keyboard.press("Enter");
}

/** The lesson ends, and home knows it. */
async function finish(page, hand, name) {
  await to(page, hand, "end");
  await hand.next(page);
  await page.locator(`[data-lesson="${name}"][data-done="true"]`).waitFor();
}

const LESSONS = {
  "first-election": async (lab, hand) => {
    const { page } = lab;
    await to(page, hand, "predict");
    await hand.server(page, 3);
    await right(page);
    await to(page, hand, "agree");
    await number(page, 3);
    await to(page, hand, "do-it");
    await lab.hurry(5);
    await hand.killLeader(page);
    await reached(page);
    check((await lab.leaders()).some(({ id }) => id === 2), "s2 leads");
  },
  "leader-dies": async (lab, hand) => {
    const { page } = lab;
    await to(page, hand, "predict");
    await hand.server(page, 3);
    await right(page);
    await to(page, hand, "why");
    await hand.press(page, '[data-choice="1"]');
    await right(page);
    await to(page, hand, "again");
    await lab.hurry(5);
    await lab.settled({ leader: 3, down: [5] });
    await hand.killLeader(page);
    await reached(page);
    check((await lab.leaders()).some(({ id }) => id === 4), "s4 leads");
  },
  latecomer: async (lab, hand) => {
    const { page } = lab;
    await to(page, hand, "predict");
    await hand.server(page, 2);
    await right(page);
    await to(page, hand, "stable");
    await lab.hurry(5);
    await hand.killLeader(page);
    await reached(page);
    check((await lab.leaders()).some(({ id }) => id === 3), "s3 leads");
  },
};

const CHALLENGES = {
  "make-s1-leader": async (lab, hand) => {
    await server(lab.page, hand, "kill", 2);
    await type(lab, hand, "c1", "create /a");
    await lab.hasZnode(1, "/a");
    await hand.killLeader(lab.page);
    await server(lab.page, hand, "restart", 2);
  },
  "two-down": async (lab, hand) => {
    await server(lab.page, hand, "kill", 4);
    await hand.killLeader(lab.page);
    await until("another leads", async () => (await lab.leaders()).some(({ id }) => id === 3), LONG_MS);
    await until("c1 is connected again", async () => {
      return lab.page.locator('[data-client="c1"][aria-label$=" connected"]').count();
    }, LONG_MS);
    await type(lab, hand, "c1", "create /alive");
  },
  "leave-the-line": async (lab, hand) => {
    await type(lab, hand, "c2", "unlock /locks/a");
  },
};

const byHand = (name, hand) => (name === "mouse" ? "by mouse" : "by keyboard");

const tests = [];
for (const [name, hand] of Object.entries({ mouse, keyboard })) {
  for (const [lesson, story] of Object.entries(LESSONS)) {
    tests.push(
      test(`the lesson ${lesson} is done ${byHand(name)}`, async ({ lab, page }) => {
        await open(page, hand, lesson);
        await story(lab, hand);
        await finish(page, hand, lesson);
      }),
    );
  }
  for (const [challenge, story] of Object.entries(CHALLENGES)) {
    tests.push(
      test(`the challenge ${challenge} is done ${byHand(name)}, handed in and verified`, async ({
        lab,
        page,
      }) => {
        await open(page, hand, challenge);
        await lab.hurry(6);
        await story(lab, hand);
        await reached(page);
        const link = await page.inputValue("[data-result]");
        const actions = await page.getAttribute("[data-actions]", "data-actions");
        // The teacher: another browser, which knows nothing of the student's.
        const context = await page.context().browser().newContext();
        const teacher = await context.newPage();
        await teacher.goto(link);
        await until("it is verified", async () => {
          const skip = teacher.locator('[data-running="true"] [data-action="lesson-next"]');
          if (await skip.count()) await skip.click();
          return teacher.locator('[data-handed-in="true"]').count();
        });
        same(await teacher.getAttribute("[data-actions]", "data-actions"), actions, "as many actions");
        // A result that was changed is not taken for one.
        await teacher.goto("about:blank");
        await teacher.goto(link.slice(0, -Math.floor(link.length / 4)));
        await until("it says so", async () => {
          const trouble = await teacher.locator(".course__trouble").count();
          const not = await teacher.locator('[data-handed-in="false"]').count();
          const skip = teacher.locator('[data-running="true"] [data-action="lesson-next"]');
          if (await skip.count()) await skip.click();
          return trouble + not;
        });
        same(await teacher.locator('[data-handed-in="true"]').count(), 0, "it is not verified");
        await context.close();
      }),
    );
  }
}

export default tests;
