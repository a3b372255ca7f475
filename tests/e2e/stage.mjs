// The stage: what is done to servers, links, packets and clients, by mouse and by keyboard alone.

import { check, same, until } from "./lib.mjs";

const test = (name, run, options) => ({ name, run, options });

const focused = (page) => page.evaluate(() => document.activeElement?.dataset?.focus ?? "");

/** Presses Tab until something of this kind has the focus, then ↓ until it is the one meant. */
async function walkTo(page, kind, key) {
  for (let i = 0; i < 60 && !(await focused(page)).startsWith(kind); i += 1) {
    await page.keyboard.press("Tab");
  }
  for (let i = 0; i < 60; i += 1) {
    const here = await focused(page);
    check(here.startsWith(kind), `Tab and ↓ lead to ${key ?? kind}, not to '${here}'`);
    if (key === undefined || here === key) return here;
    await page.keyboard.press("ArrowDown");
  }
  throw new Error(`↓ never came to ${key}`);
}

/** Opens the menu of what has the focus, and chooses an action, by keys. */
async function choose(page, action) {
  await page.keyboard.press("Enter");
  await page.locator("[role=menu]").waitFor();
  for (let i = 0; i < 20; i += 1) {
    const here = await page.evaluate(() => document.activeElement?.dataset?.action);
    if (here === action) {
      await page.keyboard.press("Enter");
      await page.locator("[role=menu]").waitFor({ state: "detached" });
      return;
    }
    await page.keyboard.press("ArrowDown");
  }
  throw new Error(`the menu has no ${action}`);
}

/** Steps until a packet is drawn, and stays there. */
async function withPacket(lab, page) {
  await lab.setPlaying(false);
  for (let i = 0; i < 80; i += 1) {
    if (await page.locator("[data-packet][data-focus]").count()) return;
    await lab.step("step");
  }
  throw new Error("no packet was seen in 80 steps");
}

async function middle(locator) {
  const { x, y, width, height } = await locator.boundingBox();
  return { x: x + width / 2, y: y + height / 2, width, height };
}

export default [
  test("a whole lesson about elections by keyboard alone", async ({ lab, page }) => {
    await lab.settled({ leader: 3 });
    await page.keyboard.press(".");
    await until("it is paused", async () => !(await lab.isPlaying()));

    await walkTo(page, "server", "server-3");
    await choose(page, "kill");
    await until("s3 is down", async () => (await lab.server(3)).state === "down");
    same(await focused(page), "server-3", "the focus comes back to where the menu was opened");

    const spoken = () => page.$eval("[aria-live=polite]", (element) => element.innerText);
    const heard = new Set();
    for (let i = 0; i < 4; i += 1) {
      await page.keyboard.press("Shift+ArrowRight");
      await page.waitForTimeout(150);
      heard.add(await spoken());
    }
    check(heard.size > 1, `decisions are spoken as they are stepped through: ${[...heard]}`);

    for (let i = 0; i < 4; i += 1) await page.keyboard.press("]");
    await page.keyboard.press(".");
    await lab.settled({ leader: 2, down: [3] });

    await page.keyboard.press("r");
    await lab.settled({ leader: 2, epoch: 2 });
    await walkTo(page, "server", "server-2");
    await choose(page, "isolate");
    await until("the others elect s3", async () => {
      const s3 = await lab.server(3);
      return s3.state === "leading" && s3.epoch === 3;
    });
    await page.keyboard.press("p");
    await lab.settled({ leader: 3, epoch: 3 });
  }),

  test("a menu: letters, arrows around the end, Escape, and the focus", async ({ lab, page }) => {
    await lab.setPlaying(false);
    await walkTo(page, "server", "server-1");
    await page.keyboard.press(" ");
    await page.locator("[role=menu]").waitFor();
    const at = () => page.evaluate(() => document.activeElement?.dataset?.action);
    const first = await at();
    await page.keyboard.press("ArrowUp");
    check((await at()) !== first, "↑ from the first goes to the last");
    await page.keyboard.press("ArrowDown");
    same(await at(), first, "↓ from the last goes to the first");
    await page.keyboard.press("i");
    same(await at(), "isolate", "a letter goes to the item that begins with it");
    await page.keyboard.press("Escape");
    await page.locator("[role=menu]").waitFor({ state: "detached" });
    same(await focused(page), "server-1", "Escape gives the focus back");
    same(await lab.isPlaying(), false, "keys of the menu are not keys of the page");
  }),

  test("a server: pause and resume, a slow, full and failing disk", async ({ lab, page }) => {
    await lab.settled({ leader: 3 });
    await lab.setPlaying(false);
    const paused = () => page.getAttribute('[data-server="1"][data-paused]', "data-paused");
    await walkTo(page, "server", "server-1");
    await choose(page, "pause");
    await until("s1 is paused", async () => (await paused()) === "true");
    await choose(page, "resume");
    await until("s1 goes on", async () => (await paused()) === "false");
    for (const fault of ["disk-slow", "disk-full", "disk-failing"]) {
      await choose(page, fault);
      await page.keyboard.press("Enter");
      const item = page.locator(`[role=menu] [data-action="${fault}"]`);
      await until(`${fault} is on`, async () => (await item.getAttribute("aria-checked")) === "true");
      await page.keyboard.press("Escape");
    }
  }),

  test("a link: cut both ways, one way, slow, heal", async ({ lab, page }) => {
    await lab.settled({ leader: 3 });
    await lab.setPlaying(false);
    const link = page.locator('[data-focus="link-s1-s2"]');
    const name = () => link.getAttribute("aria-label");
    const whole = await name();
    await walkTo(page, "link", "link-s1-s2");
    await choose(page, "cut-link");
    await until("the link is cut", async () => (await name()) !== whole);
    same(await page.locator(".links__one-way").count(), 2, "both ways have a bar");
    await choose(page, "cut-back");
    await until("one way is mended", async () => (await page.locator(".links__one-way").count()) === 1);
    await choose(page, "slow-link");
    await choose(page, "heal-link");
    await until("the link is whole", async () => (await name()) === whole);
  }),

  test("a packet: hold, release, deliver now, lose with its connection", async ({ lab, page }) => {
    await withPacket(lab, page);
    const key = await walkTo(page, "packet");
    const packet = page.locator(`[data-focus="${key}"]`);
    await choose(page, "hold");
    await until("it is held", () => page.locator(`.packet--held[data-focus="${key}"]`).count());
    await choose(page, "release");
    await until("it is free", async () => !(await page.locator(`.packet--held[data-focus="${key}"]`).count()));
    await choose(page, "deliver");
    for (let i = 0; i < 5 && (await packet.count()); i += 1) await lab.step("step");
    same(await packet.count(), 0, "it has arrived");
    await withPacket(lab, page);
    const other = await page.locator("[data-packet][data-focus]").first().getAttribute("data-focus");
    await page.locator(`[data-focus="${other}"]`).focus();
    await choose(page, "lose");
    await until("it is lost", async () => !(await page.locator(`[data-focus="${other}"]`).count()));
  }),

  test("a client: move to another server, crash", async ({ lab, page }) => {
    await lab.settled({ leader: 3 });
    await until("the client is connected", () => page.locator(".client--connected").count());
    const server = () => page.$eval("[data-session] .dim", (element) => element.innerText);
    await walkTo(page, "client");
    const before = await page.evaluate(() => document.activeElement.getAttribute("transform"));
    await choose(page, "move-client");
    await lab.hurry();
    await until("it stands at another server", async () => {
      const client = page.locator('[data-client="a"]');
      return (await client.getAttribute("transform")) !== before && (await server());
    });
    await page.locator('[data-client="a"]').focus();
    await choose(page, "crash-client");
    await until("it is gone", async () => !(await page.locator('[data-client="a"]').count()));
  }),

  test("a lasso cuts servers off", async ({ lab, page }) => {
    await lab.settled({ leader: 3 });
    await lab.setPlaying(false);
    const { x, y, width } = await middle(page.locator('.server[data-server="2"]'));
    const far = width / 2 + 20;
    await page.mouse.move(x - far, y - far);
    await page.mouse.down();
    for (const [dx, dy] of [[1, -1], [1, 1], [-1, 1], [-1, -1]]) {
      await page.mouse.move(x + dx * far, y + dy * far, { steps: 4 });
    }
    await page.mouse.up();
    await page.locator('[data-lasso="1"]').waitFor();
    await lab.act("partition-these");
    await until("there is a wall", () => page.locator(".wall path").count());
    same(await page.locator("[data-lasso]").count(), 0, "the question is answered");
    await lab.act("heal");
    await until("the wall is gone", async () => !(await page.locator(".wall path").count()));
  }),

  test("a click opens a menu, a wheel zooms, Fit shows everything again", async ({ lab, page }) => {
    await lab.setPlaying(false);
    await page.locator('.server[data-server="2"]').click();
    await page.locator('[role=menu] [data-action="kill"]').waitFor();
    await page.mouse.click(400, 300);
    await page.locator("[role=menu]").waitFor({ state: "detached" });
    const zoom = () => page.getAttribute("[data-zoom]", "data-zoom");
    const { x, y } = await middle(page.locator('.server[data-server="2"]'));
    await page.mouse.move(x, y);
    await page.mouse.wheel(0, -300);
    await until("it is larger", async () => Number(await zoom()) > 100);
    await lab.act("fit");
    await until("all is seen", async () => (await zoom()) === "100");
  }),

  test("a scenario: an observer more, a tick, an error at its field, undo", async ({ lab, page }) => {
    await lab.settled({ leader: 3 });
    await lab.show("scenario");
    await lab.act("draft-add-observer");
    const tick = page.locator('[data-config="tickTime"]');
    await tick.fill("soon");
    await until("the field says what is wrong", async () => {
      return (await tick.getAttribute("aria-invalid")) === "true";
    });
    const start = page.locator('[data-action="start-afresh"]');
    check(await start.isDisabled(), "it cannot be started");
    await tick.fill("500");
    await until("it can be", () => start.isEnabled());
    const text = await page.locator("[data-scenario-text]").innerText();
    check(text.includes("ensemble 3") && text.includes("tickTime"), `as text: ${text}`);
    await start.click();
    await until("there are four servers", async () => (await lab.servers()).length === 4);
    await lab.settled({ leader: 3 });
    same((await lab.server(4)).state, "observing", "the fourth observes");
    await lab.act("undo");
    await until("there are three again", async () => (await lab.servers()).length === 3);
  }),

  test("a server joins while it runs, and leaves", async ({ lab, page }) => {
    await lab.settled({ leader: 3 });
    await lab.show("scenario");
    check(await page.locator('[data-action="join"]').isDisabled(), "not without reconfigEnabled");
    await page.locator('[data-config="reconfigEnabled"]').selectOption("true");
    await page.locator('[data-config="skipACL"]').selectOption("yes");
    await lab.act("start-afresh");
    await lab.settled({ leader: 3 });
    await lab.hurry();
    await until("the client is connected", () => page.locator(".client--connected").count());
    await page.locator('[data-action="join"]').click();
    await until("s4 follows", async () => (await lab.server(4))?.state === "following");
  }),

  test("Shift and drag moves the stage; another window size shows everything again", async ({
    lab,
    page,
  }) => {
    await lab.settled({ leader: 3 });
    await lab.setPlaying(false);
    const box = () => page.locator(".stage__drawing").getAttribute("viewBox");
    const { x, y } = await middle(page.locator('.server[data-server="2"]'));
    await page.mouse.move(x, y - 90);
    await page.mouse.wheel(0, -300);
    const zoomed = await box();
    await page.keyboard.down("Shift");
    await page.mouse.down();
    await page.mouse.move(x - 60, y - 130, { steps: 4 });
    await page.mouse.up();
    await page.keyboard.up("Shift");
    await until("it has moved", async () => (await box()) !== zoomed);
    same(await page.locator("[data-lasso]").count(), 0, "no lasso was drawn");
    await lab.act("fit");
    for (const size of [{ width: 390, height: 844 }, { width: 1440, height: 900 }]) {
      await page.setViewportSize(size);
      await until(`all servers are on the stage at ${size.width}`, () =>
        page.evaluate(() => {
          const stage = document.querySelector(".stage").getBoundingClientRect();
          return [...document.querySelectorAll(".stage [data-server]")].every((server) => {
            const { left, right, top, bottom } = server.getBoundingClientRect();
            return stage.left <= left && right <= stage.right && stage.top <= top && bottom <= stage.bottom;
          });
        }));
    }
  }),

  test("votes, timers, labels and arrows are drawn; pings only if they are asked for", async ({
    lab,
    page,
  }) => {
    await until("votes stand beside their candidate", () => page.locator(".vote").count());
    await lab.settled({ leader: 3 });
    await withPacket(lab, page);
    check(await page.locator(".packet__arrow").count(), "while it stands, packets have arrows");
    check((await page.locator(".packet__label").first().innerHTML()).length > 1, "and names");
    check(await page.locator(".timers path").count(), "timers are arcs");
    await page.locator('[data-action="pings"]').getAttribute("aria-pressed").then((pressed) =>
      same(pressed, "false", "pings are hidden at first"));
    await lab.act("run-until");
    await page.selectOption('[data-action="until-event"]', "packet PING");
    await until("a ping has arrived", async () => !(await lab.isPlaying()));
    await lab.step("back");
    const pings = page.locator(".packet--ping");
    same(await pings.count(), 0, "no ping is drawn");
    await lab.act("pings");
    await until("pings are drawn", () => pings.count());
    await lab.act("pings");
    await until("they are hidden again", async () => (await pings.count()) === 0);
  }),

  test("so many packets that they are drawn as one: a click takes hold of one all the same", async ({
    lab,
    page,
  }) => {
    const lines = ["ensemble 5", "seed 1", "start", "until synchronized all within 20s",
      "contend c 150 timeout 30s > herd-lock /l", "run 25ms", ""];
    await lab.openFile("crowd.zk", lines.join("\n"));
    await lab.act("speed-down");
    await lab.setPlaying(true);
    const cloud = page.locator(".stage [data-cloud]");
    await cloud.waitFor({ state: "attached" });
    const stage = await page.locator(".stage").boundingBox();
    const { count, dots, elements, single } = await cloud.evaluate((group) => {
      const starts = (path) => path.getAttribute("d").match(/M[-0-9. ]+/g).map((start) => {
        const [x, y] = start.slice(1).split(" ").map(Number);
        const at = new DOMPoint(x + 5, y).matrixTransform(path.getScreenCTM());
        return { x: at.x, y: at.y };
      });
      return {
        count: Number(group.dataset.cloud),
        dots: [...group.querySelectorAll(".packet__pill")].flatMap(starts),
        elements: group.querySelectorAll("*").length,
        single: document.querySelectorAll("[data-packet]").length,
      };
    });
    check(count > 60, `${count} packets are on their way`);
    check(elements < 40, `which are ${elements} elements`);
    same(single, 1, "and one that keys can reach");
    same(dots.length, count - 1, "each of the others is a dot");
    const isOn = ({ x, y }) =>
      stage.x < x && x < stage.x + stage.width && stage.y < y && y < stage.y + stage.height;
    check(dots.every(isOn), "no packet leaves the stage");
    const { x, y } = dots[dots.length >> 1];
    const target = await page.evaluateHandle(([px, py]) =>
      document.elementsFromPoint(px, py).find((element) => element.closest("[data-cloud]")), [x, y]);
    check(target.asElement(), "the dot is where it is drawn");
    await target.dispatchEvent("click", { clientX: x, clientY: y, bubbles: true });
    await page.locator('[role=menu] [data-action="deliver"]').waitFor();
    await page.keyboard.press("Escape");
    await lab.setPlaying(false);
    await until("standing, each can be reached", async () =>
      (await page.locator("[data-packet][data-focus]").count()) > 60);
  }),

  test("what crosses a partition is seen to die", async ({ lab, page }) => {
    await lab.settled({ leader: 3 });
    await lab.setPlaying(false);
    await lab.act("partition", 3);
    await until("there is a wall", () => page.locator(".wall path").count());
    await lab.hurry();
    await lab.setPlaying(true);
    await until("a packet waits at the wall, or has died there", () =>
      page.locator(".packet--lost, .packet--stalled").count());
  }),

  test("nine servers and fifty clients are on the stage, and in the lanes", async ({ lab, page }) => {
    const lines = ["ensemble 6 observers 3", "seed 1", "start", "until leader"];
    for (let n = 1; n <= 50; n += 1) lines.push(`client c${n} timeout 30s`);
    lines.push("run 3s");
    await lab.openFile("many.zk", `${lines.join("\n")}\n`);
    await until("nine servers are shown", async () => (await lab.servers()).length === 9);
    await lab.show("lanes");
    same(await page.locator("[data-lane]").count(), 59, "a lane for each");
    const drawn = await page.locator(".stage [data-client]").count();
    const more = await page.$$eval(".client--more text", (all) =>
      all.reduce((sum, one) => sum + Number(one.textContent.slice(1)), 0));
    same(drawn + more, 50, "every client is drawn or counted");
    const apart = await page.evaluate(() => {
      const boxes = [...document.querySelectorAll(".stage .server__body")].map((body) =>
        body.getBoundingClientRect());
      const overlap = (a, b) =>
        a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
      return boxes.every((a, i) => boxes.slice(i + 1).every((b) => !overlap(a, b)));
    });
    check(apart, "no server covers another");
  }),

  test("on a phone no words of a server touch another server, its words or its clients", async ({
    lab,
    page,
  }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await lab.setPlaying(false);
    const moments = ["run 30ms", "until leader", "until leader\nclient a servers s1\nclient b servers s2\nclient c servers s3\nrun 2s", "until leader\nclient a\nclient b\nrun 2s", "until leader\nkill s1\nrun 2s"];
    for (const language of ["en", "zh"]) {
      if (language === "zh") await lab.act("language");
      for (const count of [3, 5, 7]) {
        for (const moment of moments) {
          const before = (await lab.cursor()).end;
          await lab.openFile("phone.zk", `ensemble ${count}\nseed 1\nstart\n${moment}\n`);
          // The run before plays on, so its end says nothing before the file has been read.
          await page.locator("#work").waitFor({ state: "detached" });
          await until("another run is shown", async () => (await lab.cursor()).end !== before);
          same((await lab.servers()).length, count, "servers");
          const touching = await page.evaluate(() => {
            const boxes = (selector, of) =>
              [...document.querySelectorAll(`.stage ${selector}`)].map((element) => {
                const { left, right, top, bottom } = element.getBoundingClientRect();
                // The box of a text has room for letters that go deep.
                const slack = element.tagName === "text" ? 2 : 0;
                const name = element.textContent || element.closest("[data-server]")?.dataset.server;
                return { of: of(element), name, left, right, top: top + slack, bottom: bottom - slack };
              });
            const place = (element) => element.closest(".server__place").dataset.of;
            const words = boxes(".words text", place);
            const clients = boxes(".client__box", (box) => box.closest("[data-client]").dataset.client);
            const others = [...words, ...clients, ...boxes(".server__body", place)];
            return [...words, ...clients].flatMap((a) =>
              others
                .filter((b) => b.of !== a.of && a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
                .map((b) => `${a.of} '${a.name}' and ${b.of} '${b.name}'`));
          });
          same(touching.join("; "), "", `${count} servers, ${language}, ${moment}`);
        }
      }
    }
  }),
];
