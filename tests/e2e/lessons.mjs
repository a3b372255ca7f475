// Lessons as a student does them: by mouse, by keyboard, and with the one key of a clicker.

import { check, same, until } from "./lib.mjs";

/** The open lesson: `{ name, step, solved, running }`. */
const seen = (page) =>
  page.$eval("[data-open-lesson]", ({ dataset }) => ({
    name: dataset.openLesson,
    step: dataset.step,
    solved: dataset.solved === "true",
    running: dataset.running === "true",
  }));

async function open(page, name) {
  await page.locator(`[data-lesson="${name}"]`).click();
  await until(`${name} is open`, async () => (await seen(page)).name === name);
}

/** Presses the button, or the key, that leads on. */
async function on(page, press) {
  const before = await seen(page);
  await press();
  await until(`the lesson goes on from ${before.step}`, async () => {
    const after = await seen(page);
    return JSON.stringify(after) !== JSON.stringify(before);
  });
  return seen(page);
}

const next = (page) => page.locator('[data-action="lesson-next"]').click();

/** To a step, as fast as it goes. */
async function to(page, wanted, press = () => next(page)) {
  for (let i = 0; i < 60; i += 1) {
    const { step, running } = await seen(page);
    if (step === wanted && !running) return;
    await on(page, press);
  }
  throw new Error(`the step ${wanted} does not come`);
}

const lessons = (page) =>
  page.$$eval("[data-lesson]", (rows) => rows.map(({ dataset }) => dataset.lesson));

export default [
  {
    name: "home names the lessons, and a lesson is opened by its address",
    run: async ({ lab, page }) => {
      await until("the lessons are there", async () => (await lessons(page)).length > 0);
      await page.goto(`${lab.url}#lesson/first-election`);
      await until("it is open", async () => (await seen(page)).name === "first-election");
      check((await lab.servers()).length === 3, "it has three servers");
    },
  },
  {
    name: "home in one look: untouched, servers elect a leader before the reader's eyes",
    run: async ({ lab, page }) => {
      const seen = await page.evaluate(() => new Promise((resolve, reject) => {
        const places = new Map();
        const seen = { states: new Set(), packets: 0, moved: 0, votes: 0 };
        const end = performance.now() + 30_000;
        const look = () => {
          if (performance.now() > end) reject(new Error(`no leader: ${[...seen.states]}`));
          const servers = [...document.querySelectorAll(".stage [data-server][data-state]")];
          for (const { dataset } of servers) seen.states.add(dataset.state);
          for (const packet of document.querySelectorAll(".stage [data-packet]")) {
            const place = packet.getBoundingClientRect();
            const before = places.get(packet.dataset.packet);
            if (before === undefined) seen.packets += 1;
            else if (Math.hypot(place.x - before.x, place.y - before.y) > 2) seen.moved += 1;
            places.set(packet.dataset.packet, place);
          }
          seen.votes = Math.max(seen.votes, document.querySelectorAll(".stage .vote").length);
          const leads = servers.filter(({ dataset }) => dataset.state === "leading").length;
          const follow = servers.filter(({ dataset }) => dataset.state === "following").length;
          if (leads === 1 && follow === servers.length - 1) {
            const crowns = document.querySelectorAll(".stage .server__crown").length;
            resolve({ ...seen, states: [...seen.states].join(), crowns });
          } else {
            requestAnimationFrame(look);
          }
        };
        look();
      }));
      check(seen.states.startsWith("looking"), `they look for a leader first: ${seen.states}`);
      // How many of them are caught on their way hangs on how many frames the machine draws.
      check(seen.packets > 0 && seen.moved > 0, `packets move: ${JSON.stringify(seen)}`);
      check(seen.votes > 0, "votes are seen");
      same(seen.crowns, 1, "one wears the crown");
      check(await lab.isPlaying(), "nobody has pressed Play");
      check(await page.locator('.home [data-action="begin"]').isVisible(), "and the first lesson is a click away");
    },
  },
  {
    name: "a question is answered by a click on a server",
    run: async ({ page }) => {
      await open(page, "first-election");
      await to(page, "predict");
      await page.locator('.stage [data-server="1"]').click();
      await page.locator('[data-verdict="wrong"]').waitFor();
      await page.locator("[data-reveal]").waitFor();
    },
  },
  {
    name: "on a phone what came of an answer, a hint, and a goal that is reached come into sight",
    options: { viewport: { width: 390, height: 844 }, hasTouch: true },
    run: async ({ page }) => {
      /** Whether it is wholly between the panel's top and the buttons at its end. */
      const inSight = (selector) =>
        until(`${selector} is in sight`, () =>
          page.evaluate((selector) => {
            const box = (name) => document.querySelector(name).getBoundingClientRect();
            const { top, bottom } = box(selector);
            return box("[data-course]").top <= top && bottom <= box(".lesson__foot").top + 1;
          }, selector),
        );
      await open(page, "first-election");
      await to(page, "predict");
      await page.locator('.stage [data-server="1"]').tap();
      await page.locator('[data-verdict="wrong"]').waitFor();
      await inSight("[data-verdict]");
      await to(page, "do-it");
      await page.locator('[data-action="hint"]').tap();
      await inSight(".lesson__hint");
      await page.locator('[data-action="kill-leader"]:visible').first().tap();
      await until("the goal is reached", async () => (await seen(page)).solved);
      await inSight(".lesson__goal [role=status]");
    },
  },
  {
    name: "a question is answered by the keyboard alone",
    run: async ({ page }) => {
      await page.locator('[data-lesson="first-election"]').focus();
      await page.keyboard.press("Enter");
      await until("it is open", async () => (await seen(page)).name === "first-election");
      await to(page, "predict", () => page.keyboard.press("PageDown"));
      await page.locator('[data-action="answer"]').last().focus();
      await page.keyboard.press("Enter");
      await page.locator('[data-verdict="right"]').waitFor();
    },
  },
  {
    name: "PageDown alone goes through a lesson, and PageUp back",
    run: async ({ page }) => {
      await open(page, "first-election");
      await to(page, "end", () => page.keyboard.press("PageDown"));
      const before = await on(page, () => page.keyboard.press("PageUp"));
      check(before.step !== "end", "PageUp leads back");
      await to(page, "end", () => page.keyboard.press("PageDown"));
      await page.locator('[data-action="lesson-next"]').click();
      await page.locator('[data-lesson="first-election"][data-done="true"]').waitFor();
    },
  },
  {
    name: "all lessons can be gone through",
    options: { expects: /broken invariant: Leadership2 .*disks damaged: s1, s2/s },
    run: async ({ page }) => {
      await until("the lessons are there", async () => (await lessons(page)).length > 0);
      for (const name of await lessons(page)) {
        await page.locator(`[data-lesson="${name}"]`).click();
        await until(`${name} is open`, async () => (await seen(page)).name === name);
        const isChallenge = await page.locator("[data-actions]").count();
        if (!isChallenge) await to(page, "end", () => page.keyboard.press("PageDown"));
        // One lesson ends with a majority of disks emptied: what that breaks is shown broken.
        const broken = await page.$$eval('[data-invariant][data-ok="false"]', (rows) =>
          rows.map(({ dataset }) => dataset.invariant),
        );
        same(broken.join(), name === "restart" ? "Leadership2" : "", `what ${name} breaks`);
        same(await page.locator(".course__trouble").count(), 0, `${name} complains of nothing`);
        await page.locator('[data-action="leave"]').click();
        await page.locator("[data-lesson]").first().waitFor();
      }
    },
  },
  {
    name: "the work from before a lesson comes back",
    run: async ({ lab, page }) => {
      await lab.settled({ leader: 3 });
      await (await lab.type("create /mine here")).says("Created /mine");
      await open(page, "first-election");
      await page.locator('[data-action="leave"]').click();
      await page.locator('[data-action="restore"]').click();
      await lab.show("console");
      await until("the console is back", async () => (await lab.consoleText()).includes("/mine"));
    },
  },
];
