// The classroom: presenting with a clicker, speaker's notes, hand-outs, the teacher's page, an
// embedded stage, and codes that a camera can read.

import { readFile } from "node:fs/promises";
import path from "node:path";
import jsQR from "jsqr";
import { ROOT, check, same, until } from "./lib.mjs";

const test = (name, run, options) => ({ name, run, options });

const seen = (page) =>
  page.$eval("[data-open-lesson]", ({ dataset }) => ({
    name: dataset.openLesson,
    step: dataset.step,
    solved: dataset.solved,
    running: dataset.running,
  }));

/** All lessons, as the index has them. */
async function lessons() {
  const index = await readFile(path.join(ROOT, "static/lessons/index.txt"), "utf8");
  const rows = index.split("\n").map((line) => line.split("\t"));
  return rows.filter(([file]) => file?.startsWith("lessons/")).map(([, id]) => id);
}

async function go(lab, address) {
  await lab.page.goto(`${lab.url}#${address}`);
}

async function present(lab, name) {
  await go(lab, `present/${name}`);
  await until(`${name} is presented`, async () => {
    const isPresented = await lab.page.locator("[data-present]").count();
    return isPresented === 1 && (await seen(lab.page)).name === name;
  });
}

/** What of the presented text would be out of sight, and how large it is. */
const legible = (page) =>
  page.evaluate(() => {
    const panel = document.querySelector("[data-course]");
    const size = getComputedStyle(document.querySelector(".lesson__body")).fontSize;
    return { hidden: panel.scrollHeight - panel.clientHeight, size: parseFloat(size) };
  });

/** Goes through a lesson with one key, and tells every state it shows. */
async function through(lab, name, key, look) {
  const { page } = lab;
  await present(lab, name);
  for (let i = 0; i < 80; i += 1) {
    const before = await seen(page);
    await look(before);
    if (before.step === "end") return i;
    await page.keyboard.press(key);
    await until(`${name} goes on from ${before.step}`, async () => {
      return JSON.stringify(await seen(page)) !== JSON.stringify(before);
    });
  }
  throw new Error(`${name} does not end`);
}

/** Presents all lessons with PageDown alone; everything that is shown fits, in large type. */
async function presentAll(lab) {
  const small = [];
  for (const name of await lessons()) {
    const presses = await through(lab, name, "PageDown", async ({ step, solved }) => {
      const { hidden, size } = await legible(lab.page);
      if (1 < hidden || size < 19) small.push(`${name}/${step} ${solved}: ${hidden} px, ${size} px`);
    });
    check(3 < presses, `${name} has steps`);
    same(await lab.page.locator(".course__trouble").count(), 0, `${name} complains of nothing`);
  }
  check(small.length === 0, `not everything is seen from the back row:\n${small.join("\n")}`);
}

/** What a camera makes of a code on the screen. */
async function decode(page, selector) {
  const picture = (await page.locator(selector).screenshot()).toString("base64");
  const other = await page.context().newPage();
  const { width, grey } = await other.evaluate(async (picture) => {
    const image = new Image();
    image.src = `data:image/png;base64,${picture}`;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.width, image.height];
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    const grey = data.filter((_, place) => place % 4 === 0);
    return { width: image.width, grey: [...grey].map((level) => String.fromCharCode(level)).join("") };
  }, picture);
  await other.close();
  const pixels = Uint8ClampedArray.from({ length: grey.length * 4 }, (_, place) =>
    grey.charCodeAt(place >> 2),
  );
  return jsQR(pixels, width, grey.length / width)?.data;
}

const DARK = { colorScheme: "dark" };

export default [
  test("presenting, PageDown alone leads through every lesson, and all of it is legible", ({ lab }) =>
    presentAll(lab)),

  test(
    "the same in Chinese",
    ({ lab }) => presentAll(lab),
    { locale: "zh-CN" },
  ),

  test("a question is revealed, and its run is played, by the clicker", async ({ lab, page }) => {
    const states = [];
    await through(lab, "leader-dies", "ArrowRight", async (state) => {
      states.push(Object.values(state).slice(1).join(" "));
      if (state.step === "predict" && state.solved === "false" && state.running === "false") {
        same(await page.locator("[data-reveal]").count(), 0, "the answer is not given away");
      }
      if (state.step === "predict" && state.solved === "true") {
        await page.locator("[data-reveal]").waitFor();
      }
    });
    check(states.includes("predict true true"), "what follows from an answer is played");
    check(states.includes("predict true false"), "and comes to its end");
    await page.keyboard.press("PageDown");
    same((await seen(page)).step, "end", "one press too many leads nowhere");
    await page.keyboard.press("ArrowLeft");
    await until("the arrow leads back", async () => (await seen(page)).step !== "end");
    check(page.url().includes("#present/leader-dies/"), "a reload would present it again");
    await page.reload();
    await until("it does", async () => (await seen(page)).name === "leader-dies");
    await page.locator("[data-present]").waitFor();
  }),

  test("B and . black the screen out and back, Esc leaves", async ({ lab, page }) => {
    await present(lab, "leader-dies");
    const { step } = await seen(page);
    const black = page.locator("[data-black]");
    for (const [there, back] of [["b", "b"], [".", "."], ["B", "PageDown"], [".", "Escape"]]) {
      await page.keyboard.press(there);
      await black.waitFor();
      const box = await black.boundingBox();
      check(box.width >= 1280 && box.height >= 720, "it covers everything");
      await page.keyboard.press(back);
      await black.waitFor({ state: "detached" });
      same((await seen(page)).step, step, `${back} only brings it back`);
    }
    await page.locator('[data-action="black"]').click();
    await black.click();
    await black.waitFor({ state: "detached" });
    await page.keyboard.press("Escape");
    await page.locator("[data-present]").waitFor({ state: "detached" });
    same((await seen(page)).step, step, "the lesson stays open");
    await page.locator('.lesson [data-action="present"]').click();
    await page.locator('[data-action="leave-present"]').click();
    await page.locator("[data-present]").waitFor({ state: "detached" });
    await page.keyboard.press(".");
    same(await black.count(), 0, "in the lab the key plays and pauses");
  }),

  test("a lab without a lesson is presented, too", async ({ lab, page }) => {
    await lab.settled({ leader: 3 });
    await lab.act("work");
    await lab.act("present");
    await page.locator("[data-present]").waitFor();
    await page.keyboard.press("k");
    await until("the leader is killed", async () => (await lab.server(3)).state === "down");
    await page.keyboard.press("Space");
    const time = () => page.locator(".transport__time").innerText();
    const before = await time();
    // Some decisions are taken in the same millisecond.
    await until("PageDown goes from decision to decision", async () => {
      await page.keyboard.press("PageDown");
      return (await time()) !== before;
    });
  }),

  test("the speaker's notes keep in step, and their keys lead on", async ({ lab, page }) => {
    await present(lab, "leader-dies");
    const opening = page.waitForEvent("popup");
    await page.locator('[data-action="notes"]').click();
    const notes = await opening;
    const complaints = [];
    notes.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    notes.on("pageerror", (error) => complaints.push(String(error)));
    const field = (name) => notes.locator(`[data-field="${name}"]`).innerText();
    const text = (name) => notes.locator(`[data-text="${name}"]`).innerText();
    await until("the lesson is named", async () => (await field("lesson")).includes("The leader dies"));
    check((await text("now")).startsWith("Five servers"), "what is on the screen");
    check((await text("next")).startsWith("s4 crashes"), "what comes next");
    check(40 < (await text("about")).length, "notes on the lesson");
    await until("the clock runs", async () =>
      /^0:0[1-9]$/.test(await notes.locator("[data-clock]").innerText()),
    );
    for (let i = 0; (await seen(page)).step !== "predict"; i += 1) {
      check(i < 8, "the notes' keys lead on");
      const before = await field("press");
      const { step } = await seen(page);
      await notes.keyboard.press("PageDown");
      await until("both are in step", async () => {
        const now = await seen(page);
        return now.step !== step || (await field("press")) !== before;
      });
    }
    await until("the expected answer is there before it is shown", async () =>
      (await text("answer")).startsWith("s3"),
    );
    same(await page.locator("[data-reveal]").count(), 0, "but not on the screen");
    await notes.keyboard.press("b");
    await page.locator("[data-black]").waitFor();
    await until("they say so", async () => (await field("press")).includes("black"));
    await notes.keyboard.press("b");
    await page.locator("[data-black]").waitFor({ state: "detached" });
    await page.locator('[data-action="language"]').click();
    await until("they speak the same language", async () => (await field("lesson")).includes("宕机"));
    await notes.reload();
    await until("opened again, they know", async () => (await field("lesson")).includes("宕机"));
    same(complaints.join("\n"), "", "the window does nothing that its policy refuses");
  }),

  test("every lesson has a hand-out, on paper, that gives nothing away", async ({ lab, page }) => {
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    for (const name of await lessons()) {
      await go(lab, `handout/${name}`);
      await page.locator(`[data-hand-out="${name}"]`).waitFor();
      check(0 < (await page.locator("[data-figure] path").count()), `${name} has drawn lanes`);
      check(0 < (await page.locator(".paper__lines").count()), `${name} has room to write`);
      check(await page.locator(".paper__remember").isVisible(), `${name}: what to remember`);
      same(await page.locator("[data-key]").count(), 0, `${name} has no answers`);
      same(await page.locator(".paper__tools").isVisible(), false, "buttons are not printed");
    }
    const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    same(ground, "rgb(255, 255, 255)", "paper is white, whatever the screen is");
    const printed = (await page.pdf({ format: "A4" })).toString("latin1");
    const pages = printed.match(/\/Type\s*\/Page\b/g).length;
    check(2 <= pages && pages <= 6, `some pages, not ${pages}`);
  }),

  test("a hand-out has the answers, if they are asked for", async ({ lab, page }) => {
    await go(lab, "handout/leader-dies");
    await page.locator('[data-action="with-key"]').click();
    same(await page.locator("[data-key]").count(), 3, "one for each question and goal");
    check((await page.locator("[data-key]").first().innerText()).startsWith("s3"), "the first");
    const link = `${lab.url}#lesson/leader-dies`;
    same(await decode(page, ".paper__head [data-code]"), link, "its code leads to the lesson");
    await page.keyboard.press("Escape");
    await page.locator("[data-teacher]").waitFor();
    await page.keyboard.press("Escape");
    await page.locator("[data-teacher]").waitFor({ state: "detached" });
    await lab.settled({ leader: 3 });
  }),

  test("the teacher's page has links, timings, answers, and checks what is handed in", async ({
    lab,
    page,
  }) => {
    await until("it can be opened", async () => (await page.locator('[data-action="teacher"]').count()) > 0);
    await page.locator('[data-action="teacher"]').first().click();
    await until("everything is listed", async () => (await page.locator("[data-entry]").count()) >= 36);
    const entry = (name) => page.locator(`[data-entry="${name}"]`);
    check(/7 min/.test(await entry("first-election").innerText()), "how long it takes");
    same(await page.locator("[data-answers]").count(), 0, "answers are not shown at once");
    await entry("leader-dies").locator('[data-action="answers"]').click();
    check((await page.locator("[data-answers]").innerText()).includes("The last one in the log"), "they are asked for");
    await entry("first-election").locator('[data-action="code"]').click();
    same(await decode(page, ".code__sheet [data-code]"), `${lab.url}#lesson/first-election`, "its code");
    await page.keyboard.press("Escape");
    await page.locator(".code__sheet").waitFor({ state: "detached" });
    // What a student would hand in: the actions of the challenge's solution.
    const file = await readFile(path.join(ROOT, "static/challenges/01-make-s1-leader.lesson"), "utf8");
    const solution = file.split("  solution\n")[1].split("  near-miss")[0].replaceAll("    ", "").trim();
    const result = Buffer.from(solution).toString("base64url");
    for (const [handedIn, isReached] of [[result, "true"], [Buffer.from("kill s2").toString("base64url"), "false"]]) {
      await go(lab, "teacher");
      await page.locator("[data-verify]").fill(`${lab.url}#result/make-s1-leader/${handedIn}`);
      await page.locator('[data-action="verify"]').click();
      // It is played to its end.
      await page.locator(`[data-handed-in="${isReached}"]`).waitFor();
    }
    await go(lab, "teacher");
    await page.locator("[data-verify]").fill("what is this?");
    await page.locator('[data-action="verify"]').click();
    await page.locator("[data-teacher] [role=alert]").waitFor();
    await entry("leader-dies").locator('[data-action="present-entry"]').click();
    await page.locator("[data-present]").waitFor();
  }),

  test("the code of a shared link is that link, in the dark as well", async ({ lab, page }) => {
    await lab.settled({ leader: 3 });
    await lab.setPlaying(false);
    await lab.act("work");
    await lab.act("share");
    const link = await page.locator("[data-link]").inputValue();
    same(await page.locator("[data-code] path").count(), 1, "one path");
    same(await page.locator("[data-code] *").count(), 1, "and nothing else");
    same(await decode(page, "[data-code]"), link, "the small one");
    await page.locator('[data-action="larger"]').click();
    same(await decode(page, ".code__sheet [data-code]"), link, "the large one");
  }, DARK),

  test("a link that no code can hold is said to be too long", async ({ lab, page }) => {
    await lab.settled({ leader: 3 });
    await lab.setPlaying(false);
    // What does not compress.
    let [seed, noise] = [1, ""];
    for (let i = 0; i < 3200; i += 1) {
      seed = (seed * 48271) % 2147483647;
      noise += (seed % 36).toString(36);
    }
    await lab.type(`create /long ${noise}`);
    await lab.act("work");
    await lab.act("share");
    await page.locator("[data-no-code]").waitFor();
    same(await page.locator("[data-code]").count(), 0, "and none is drawn");
    check(2953 < (await page.locator("[data-link]").inputValue()).length, "it is long");
  }),

  test("#embed shows the stage alone in somebody else's page", async ({ lab, page }) => {
    await lab.settled({ leader: 3 });
    await (await lab.type("create /mine here")).says("Created /mine");
    await lab.setPlaying(false);
    await lab.act("work");
    await lab.act("share");
    const address = await page.locator("[data-link]").inputValue();
    const kept = () => page.evaluate(() => localStorage.getItem("zklab.work.1"));
    const shown = (await lab.server(3)).zxid;
    // A document of the same origin that is not the lab.
    await page.goto(`${lab.url}lessons/index.txt`);
    const before = await kept();
    const embed = async (fragment) => {
      await page.evaluate((src) => {
        document.body.replaceChildren(Object.assign(document.createElement("iframe"), { src, width: 640, height: 400 }));
      }, `../index.html#${fragment}`);
      const frame = page.frames().find((frame) => frame !== page.mainFrame());
      await until("it is embedded", async () => {
        const all = page.frames().filter((frame) => frame !== page.mainFrame());
        return all.length === 1 && (await all[0].locator("[data-embed]").count()) === 1;
      });
      return page.frames().find((other) => other !== page.mainFrame()) ?? frame;
    };
    const fresh = await embed("embed");
    await until("an ensemble elects", async () =>
      (await fresh.locator('[data-server][data-state="leading"]').count()) === 1,
    );
    same(await fresh.locator(".top, .transport, [data-course]").count(), 0, "nothing but the stage");
    const link = address.split("#")[1];
    const frame = await embed(`embed,zh,dark,${link}`);
    await until("it shows the moment of the link", async () =>
      (await frame.locator('[data-server="3"]').getAttribute("data-zxid")) === shown,
    );
    same(await frame.locator("html").getAttribute("lang"), "zh-Hans", "in the language it says");
    same(await frame.locator("html").getAttribute("data-theme"), "dark", "and its theme");
    const time = () => frame.locator("[data-time]").innerText();
    const at = await time();
    await frame.locator('[data-action="back"]').click();
    await until("it can be stepped", async () => (await time()) !== at);
    await frame.locator('[data-action="play"]').click();
    await until("and played", async () => (await frame.locator('[data-action="play"]').getAttribute("aria-pressed")) === "true");
    await frame.locator('[data-action="play"]').click();
    same(await kept(), before, "the reader's own work is untouched");
    const opened = page.context().waitForEvent("page");
    await frame.locator('[data-action="open-in-lab"]').click();
    const other = await opened;
    await until("the same servers are in the lab", async () => (await other.locator(".top").count()) === 1);
    await other.close();
  }),
];
