// The work as a whole: files, links, and the work before.

import { readFile } from "node:fs/promises";
import { check, same, until } from "./lib.mjs";

const test = (name, run, options) => ({ name, run, options });

const notice = (page) => page.locator("[data-notice]").innerText();

const SCRIPT = `title "Two of five"
ensemble 5
seed 9
start
until leader
client a
a> create /from-file yes
kill s1 s2
run 2s
`;

export default [
  test("a scenario is opened from a file, and the work before can be had back", async ({
    lab,
    page,
  }) => {
    await lab.settled({ leader: 3 });
    await lab.setPlaying(false);
    await lab.seeTrees();
    const before = await lab.everything();
    await lab.openFile("two.zk", SCRIPT);
    await until("five servers are shown", async () => (await lab.servers()).length === 5);
    check(/Two of five/.test(await notice(page)), "its title is said");
    same((await lab.server(1)).state, "down", "s1 was killed");
    await lab.hasZnode(4, "/from-file");
    await lab.act("undo");
    await until("the work before is back", async () => (await lab.everything()) === before);
  }),

  test("what is saved to a file is opened as it was", async ({ lab, page }) => {
    await lab.settled({ leader: 3 });
    await lab.hurry();
    await (await lab.type("create /kept <b>1</b>")).says("Created /kept");
    await lab.setPlaying(false);
    const before = await lab.everything();
    await lab.act("work");
    const download = page.waitForEvent("download");
    await lab.act("save-file");
    const file = await (await download).path();
    const text = await readFile(file, "utf8");
    check(text.startsWith("zklab 2\n"), text.slice(0, 80));
    await lab.act("reset");
    await until("it is another run", async () => (await lab.everything()) !== before);
    await lab.openFile("mine.zk", text);
    await until("it is the same again", async () => (await lab.everything()) === before);
  }),

  test("a file that is none is refused, with its place, and changes nothing", async ({
    lab,
    page,
  }) => {
    await lab.settled({ leader: 3 });
    await lab.setPlaying(false);
    const before = await lab.everything();
    for (const [name, content, told] of [
      ["wrong.zk", "ensemble 3\nstart\nkill s9\n", /wrong\.zk.*line 3: column 6/],
      ["picture.png", "\x89PNG\r\n\x1a\n\0\0\0", /no text/],
      ["later.zk", "zklab 9\n", /line 1/],
      ["big.zk", "x".repeat(17 << 20), /too large/],
    ]) {
      await lab.openFile(name, content);
      await until(`${name} is refused`, async () => told.test(await notice(page)));
      same(await lab.everything(), before, "nothing has changed");
    }
  }),

  test("the work before is there after a reload", async ({ lab, page }) => {
    await lab.settled({ leader: 3 });
    await lab.hurry();
    await (await lab.type("create /first 1")).says("Created /first");
    await lab.setPlaying(false);
    await lab.act("reset");
    await page.reload();
    await until("the page is back", async () => (await lab.servers()).length > 0);
    await lab.act("work");
    await lab.act("go-back");
    await lab.hasZnode(3, "/first");
  }),

  test("a link opens the same frame", async ({ lab, page }) => {
    await lab.settled({ leader: 3 });
    await lab.hurry();
    await (await lab.type("create /linked 1")).says("Created /linked");
    await lab.act("kill-leader");
    await lab.settled({ leader: 2, epoch: 2, down: [3] });
    await lab.setPlaying(false);
    await lab.steps("back", 3);
    const before = await lab.everything();
    await lab.act("work");
    await lab.act("share");
    const link = await page.inputValue("[data-link]");
    const length = Number(await page.getAttribute("[data-length]", "data-length"));
    same(length, link.length, "its length is told");
    check(length < 1000, link);
    await lab.act("reset");
    await page.goto("about:blank");
    await page.goto(link);
    await until("it is the same frame", async () => (await lab.everything()) === before);
    check(!page.url().includes("#v1"), "the address forgets it, so that a reload keeps the work");

    // A damaged one, given to an open page.
    const hash = new URL(link).hash;
    await page.evaluate((hash) => (location.hash = hash), hash.slice(0, -5));
    await until("it says what is wrong", async () => /missing or were changed/.test(await notice(page)));
    same(await lab.everything(), before, "nothing has changed");
    // What can be read of it is offered.
    check(/first \d+ steps can be read/.test(await notice(page)), await notice(page));
    await lab.act("open-rest");
    await until("it is opened", async () => /Opened/.test(await notice(page)));
    await lab.hasZnode(1, "/linked");
  }),

  test("a link of another version of the engine opens, and says from where on it may differ", async ({
    lab,
    page,
  }) => {
    await lab.settled();
    // An open lesson makes room for it.
    await page.locator('[data-lesson="first-election"]').click();
    await page.locator("[data-open-lesson]").waitFor();
    const golden = await readFile(new URL("../golden/links.txt", import.meta.url), "utf8");
    const line = golden.split("\n").find((line) => line.startsWith("other-from-184 "));
    await page.evaluate((link) => (location.hash = link), line.split(" ")[1]);
    await until("it is said", async () => {
      return /another version of the engine: from event 184 on/.test(await notice(page));
    });
    same(await page.locator("[data-open-lesson]").count(), 0, "no lesson is open");
    await lab.act("undo");
    await page.reload();
    await until("the page is back", async () => (await lab.servers()).length > 0);
  }),

  test("progress is saved to a file and loaded again", async ({ lab, page }) => {
    await page.locator('[data-lesson="first-election"]').click();
    await page.locator("[data-open-lesson]").waitFor();
    await page.keyboard.press("PageDown");
    await page.keyboard.press("PageDown");
    await page.locator('[data-action="leave"]').click();
    const row = page.locator('[data-lesson="first-election"]');
    await until("it was begun", async () => /\d\/\d/.test(await row.innerText()));
    const kept = await row.innerText();
    const download = page.waitForEvent("download");
    await page.locator('[data-action="export"]').click();
    const file = await (await download).path();
    await page.evaluate(() => localStorage.clear());
    await page.goto("about:blank");
    await page.goto(lab.url);
    await row.waitFor();
    check((await row.innerText()) !== kept, "it is forgotten");
    const input = page.locator('[data-action="import"] input');
    await input.setInputFiles({ name: "no.txt", mimeType: "text/plain", buffer: Buffer.from("nothing") });
    await page.locator(".course__trouble").waitFor();
    await input.setInputFiles(file);
    await until("it is back", async () => (await row.innerText()) === kept);
    check(/1 lesson/.test(await notice(page)), "and that is said");
    same(await page.locator(".course__trouble").count(), 0, "the complaint is gone");
  }),

  test("a tab that crashes comes back where it was, and plays on", async ({ lab, page }) => {
    await lab.settled({ leader: 3 });
    await lab.hurry();
    await lab.act("kill-leader");
    await lab.settled({ leader: 2, epoch: 2, down: [3] });
    const from = (await lab.cursor()).index;
    await until("it has been saved since", async () => {
      const text = await page.evaluate(() => localStorage.getItem("zklab.work.1"));
      return from < Number(/^cursor (\d+)/m.exec(text)?.[1]);
    });
    // Whatever a page does when it is left, a tab that crashes does not.
    await lab.plant({});
    await page.reload();
    await until("the page is back", async () => (await lab.servers()).length > 0);
    const { index } = await lab.cursor();
    check(from < index, `it is at event ${index}, after ${from}`);
    same((await lab.server(3)).state, "down", "what was done is done");
    await until("it plays on", async () => (await lab.cursor()).index > index);
  }),

  test("unreadable saved work is kept aside, and that is said", async ({ lab, page }) => {
    await lab.plant({ "zklab.work.1": "zklab 2\nnonsense\n" });
    await page.reload();
    await until("it is said", async () => /kept aside: line 2/.test(await notice(page)));
    same(
      await page.evaluate(() => localStorage.getItem("zklab.work.unreadable")),
      "zklab 2\nnonsense\n",
      "it is kept",
    );
    await lab.settled();
  }),

  test("a file that is dropped on the page is opened", async ({ lab, page }) => {
    await lab.settled({ leader: 3 });
    await lab.setPlaying(false);
    const files = await page.evaluateHandle((text) => {
      const data = new DataTransfer();
      data.items.add(new File([text], "dropped.zk", { type: "text/plain" }));
      return data;
    }, SCRIPT);
    await page.dispatchEvent("main", "dragover", { dataTransfer: files });
    await page.dispatchEvent("main", "drop", { dataTransfer: files });
    await until("five servers are shown", async () => (await lab.servers()).length === 5);
    check(/Two of five/.test(await notice(page)), "its title is said");
  }),

  test("a link is copied; where it cannot be, it can be taken by hand", async ({ lab, page }) => {
    await lab.settled({ leader: 3 });
    await lab.setPlaying(false);
    await page.evaluate(() => {
      window.copied = [];
      navigator.clipboard.writeText = async (text) => void window.copied.push(text);
    });
    await lab.act("work");
    await lab.act("share");
    await until("it is said", () => page.locator("[data-notice]").count());
    const link = await page.inputValue("[data-link]");
    same((await page.evaluate(() => window.copied)).join(), link, "the link is copied");
    await lab.act("dismiss");

    await page.evaluate(() => {
      navigator.clipboard.writeText = () => Promise.reject(new DOMException("no", "NotAllowedError"));
    });
    if (!(await page.locator("#work").count())) await lab.act("work");
    await lab.act("share");
    await page.waitForTimeout(200);
    same(await page.locator("[data-notice]").count(), 0, "nothing claims that it was copied");
    await page.focus("[data-link]");
    const chosen = await page.$eval("[data-link]", ({ selectionStart, selectionEnd, value }) =>
      value.slice(selectionStart, selectionEnd));
    same(chosen, await page.inputValue("[data-link]"), "all of it is chosen, to be copied by hand");
  }),
];
