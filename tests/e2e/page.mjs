// The lab's page as a visitor's hands and eyes: every selector the tests use stands here. They are
// the data attributes the README lists under "Automating the lab", and nothing else.

import { same, until } from "./lib.mjs";

export class LabPage {
  constructor(page, url) {
    this.page = page;
    this.url = url;
  }

  /** Opens the lab and waits until it shows an ensemble, and that it watches it. */
  async open() {
    await this.page.goto(this.url);
    await until("the page shows servers", async () => (await this.servers()).length > 0);
    await until("the page shows invariants", () => this.page.locator("[data-invariant]").count());
  }

  // ------------------------------------------------------------------------------------- seeing

  /** Every server, by id: `{ id, state, zxid, epoch }`. */
  async servers() {
    const seen = await this.page.$$eval("[data-server][data-state]", (elements) =>
      elements.map(({ dataset }) => ({
        id: Number(dataset.server),
        state: dataset.state,
        zxid: dataset.zxid,
        epoch: Number(dataset.epoch),
      })),
    );
    // The stage and the list may both show a server; then they agree.
    const byId = new Map();
    for (const server of seen) {
      const before = byId.get(server.id) ?? server;
      same(JSON.stringify(server), JSON.stringify(before), "a server is shown twice, differently");
      byId.set(server.id, server);
    }
    return [...byId.values()].sort((a, b) => a.id - b.id);
  }

  async server(id) {
    return (await this.servers()).find((server) => server.id === id);
  }

  async leaders() {
    return (await this.servers()).filter(({ state }) => state === "leading");
  }

  /** Where we are in the timeline: `{ index, end, t }`. */
  async cursor() {
    const { index, end, t } = await this.page.$eval("[data-cursor]", ({ dataset }) => ({
      ...dataset,
    }));
    return { index: Number(index), end: Number(end), t };
  }

  async consoleText() {
    // The page may only be beginning.
    return this.page.locator("[data-console-output]").first().innerText();
  }

  /** All that is on display about the ensemble, as text, a line for each thing. */
  async everything() {
    return this.page.evaluate(() => {
      const lines = [];
      const named = "[data-server], [data-cursor], [data-invariant], [data-znodes], [data-znode]";
      for (const element of document.querySelectorAll(named)) {
        const data = Object.entries(element.dataset).sort(([a], [b]) => (a < b ? -1 : 1));
        lines.push(data.map(([name, value]) => `${name}=${value}`).join(" "));
      }
      for (const row of document.querySelectorAll("[data-event]")) {
        lines.push(`event ${row.dataset.event}: ${row.innerText.replaceAll(/\s+/g, " ").trim()}`);
      }
      return lines.join("\n");
    });
  }

  async isPlaying() {
    const pressed = await this.page.getAttribute('[data-action="play"] >> nth=0', "aria-pressed");
    return pressed === "true";
  }

  // ------------------------------------------------------------------------------------- acting

  /**
   * Presses a button: the one for `target` if it is there. Otherwise the server is selected first,
   * and the button that acts on the selection is pressed.
   */
  async act(action, target) {
    const isThere = await this.page.locator(`[data-action="${action}"]:visible`).count();
    if (!isThere) await this.show("servers");
    const button = (extra) =>
      this.page.locator(`[data-action="${action}"]${extra}:visible`).first();
    if (target === undefined) return button("").click();
    const own = button(`[data-target="${target}"]`);
    if (!(await own.count())) {
      await this.select(target);
      if (!(await own.count())) return button("").click();
    }
    return own.click();
  }

  async select(id) {
    await this.page.locator(`[data-server="${id}"]:visible`).first().click();
  }

  async setPlaying(playing) {
    if ((await this.isPlaying()) !== playing) await this.act("play");
    await until(playing ? "it plays" : "it is paused", async () => {
      return (await this.isPlaying()) === playing;
    });
  }

  /** Pauses once there are so many events to step back through. */
  async pauseAfter(events) {
    await until(`there are ${events} events`, async () => (await this.cursor()).index > events);
    await this.setPlaying(false);
  }

  /** Steps one event, forward or back, and waits until it is shown. */
  async step(action) {
    const before = await this.cursor();
    await this.act(action);
    await until(`${action} moves the cursor`, async () => {
      return (await this.cursor()).index !== before.index;
    });
  }

  async steps(action, count) {
    for (let i = 0; i < count; i += 1) await this.step(action);
  }

  /** Makes time run faster, so that tests needn't wait for what a visitor wants to watch. */
  async hurry(times = 4) {
    const faster = this.page.locator('[data-action="speed-up"]:visible').first();
    for (let i = 0; i < times && (await faster.isEnabled()); i += 1) await faster.click();
  }

  /** Gives the page a file of this name and content. */
  async openFile(name, content) {
    if (!(await this.page.locator("#work").count())) await this.act("work");
    const buffer = Buffer.from(content);
    const file = { name, mimeType: "text/plain", buffer };
    await this.page.setInputFiles('[data-action="open-file"]', file);
  }

  /** The browser keeps these texts by key, and what this page saves from here on is not kept. */
  async plant(entries) {
    await this.page.evaluate((entries) => {
      for (const [key, text] of entries) localStorage.setItem(key, text);
      Storage.prototype.setItem = () => undefined;
    }, Object.entries(entries));
  }

  /** Brings a panel to the front, where there is room for one only. */
  async show(panel) {
    const tab = this.page.locator(`[data-tab="${panel}"]:visible`).first();
    if (await tab.count()) await tab.click();
  }

  /** Types a command into the console; gives what the console then says in addition. */
  async type(command) {
    await this.show("console");
    const before = await this.consoleText();
    const input = this.page.locator("input[data-console]:visible").first();
    await input.fill(command);
    await input.press("Enter");
    return {
      command,
      /** Waits until the console says `expected`, a whole line or an expression. */
      says: (expected) =>
        until(`the console answers '${command}' with ${expected}`, async () => {
          const answer = newPart(before, await this.consoleText()).replaceAll(command, "…");
          const found =
            expected instanceof RegExp
              ? expected.test(answer)
              : answer.split("\n").some((line) => line.trim() === expected);
          if (!found) throw new Error(`it says '${answer.trim()}'`);
          return true;
        }),
    };
  }

  // ------------------------------------------------------------------------------------ waiting

  /**
   * Waits for one leader that serves, and every other server that is up synchronized with it. A new
   * leader takes (epoch, 0), a zxid that no transaction carries: followers then show an older one.
   */
  async settled(expectation = {}) {
    const { leader, epoch, down = [] } = expectation;
    const claim = `a settled ensemble ${JSON.stringify(expectation)}`;
    return until(claim, async () => {
      const servers = await this.servers();
      const shown = servers.map((s) => `s${s.id} ${s.state} ${s.epoch} ${s.zxid}`).join(", ");
      const [first, ...others] = servers.filter(({ state }) => state === "leading");
      const is = (condition) => {
        if (!condition) throw new Error(shown);
      };
      is(first !== undefined && others.length === 0);
      is(leader === undefined || first.id === leader);
      is(epoch === undefined || first.epoch === epoch);
      const [leaderEpoch, counter] = parts(first.zxid);
      is(first.epoch > 0 && leaderEpoch === first.epoch);
      for (const server of servers) {
        if (down.includes(server.id)) {
          is(server.state === "down");
        } else if (server.id !== first.id) {
          is(server.state === "following" || server.state === "observing");
          is(server.epoch === first.epoch && (server.zxid === first.zxid || counter === 0));
        }
      }
      return first;
    });
  }

  /** Trees are on the page once they were at the front. */
  async seeTrees() {
    if (await this.page.locator("[data-znodes]").count()) return;
    // The page may only be beginning.
    await this.page.locator('[data-tab="znodes"]:visible').first().waitFor();
    await this.show("znodes");
    await this.show("lanes");
  }

  /** Waits until server `id`'s own tree, as the page shows it, holds the znode. */
  async hasZnode(id, path) {
    const tree = this.page.locator(`[data-znodes="${id}"]`).first();
    await this.seeTrees();
    await until(`the tree of s${id} has ${path}`, () =>
      tree.locator(`[data-znode="${path}"]`).count(),
    );
  }
}

/** The epoch and the counter of a zxid as ZooKeeper prints it. */
function parts(zxid) {
  const number = BigInt(zxid);
  return [Number(number >> 32n), Number(number & 0xffffffffn)];
}

/** What a log that only grows, or drops its oldest lines, has gained. */
function newPart(before, after) {
  if (after.startsWith(before)) return after.slice(before.length);
  const tail = before.slice(-200);
  const at = after.lastIndexOf(tail);
  return at === -1 ? after : after.slice(at + tail.length);
}
