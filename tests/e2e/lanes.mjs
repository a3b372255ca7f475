// The lanes: the space-time diagram by pointer, and what it shares with the stage.

import { check, same, until } from "./lib.mjs";

const test = (name, run, options) => ({ name, run, options });

const span = async (page) => Number(await page.getAttribute("[data-lanes]", "data-span"));
const arrows = async (page) => Number(await page.getAttribute("[data-arrows]", "data-arrows"));

/** A settled ensemble, paused, with the lanes in sight. */
async function withLanes(lab, page) {
  await lab.settled({ leader: 3 });
  await lab.setPlaying(false);
  await lab.show("lanes");
  return page.locator("[data-lanes]").boundingBox();
}

/** Moves the pointer over the diagram until it is on an arrow. */
async function findArrow(page, box) {
  for (let y = box.y + 30; y < box.y + box.height - 25; y += 7) {
    for (let x = box.x + box.width * 0.3; x < box.x + box.width * 0.82; x += 23) {
      await page.mouse.move(x, y);
      const path = await page.getAttribute(".arrows--lit", "d");
      if (path) return path;
    }
  }
  throw new Error("no arrow was found");
}

export default [
  test("a lane for each server and client, bands, arrows", async ({ lab, page }) => {
    await withLanes(lab, page);
    const lanes = await page.$$eval("[data-lane]", (all) => all.map((lane) => lane.dataset.lane));
    same(lanes.join(), "s1,s2,s3,a", "whose lanes they are");
    check((await arrows(page)) > 20, "packets of the election are drawn");
    check(await page.locator(".lanes__epoch").count(), "the epoch is a band");
  }),

  test("a wheel zooms, a drag moves, Follow comes back", async ({ lab, page }) => {
    const box = await withLanes(lab, page);
    const [x, y] = [box.x + box.width * 0.6, box.y + box.height / 2];
    const before = await span(page);
    await page.mouse.move(x, y);
    await page.mouse.wheel(0, -200);
    await until("it is closer", async () => (await span(page)) < before);
    await page.mouse.wheel(0, 200);
    await page.mouse.wheel(0, 200);
    await until("it is wider", async () => (await span(page)) > before);
    const follow = page.locator('[data-action="lanes-follow"]');
    same(await follow.getAttribute("aria-pressed"), "true", "it follows");
    await page.mouse.down();
    await page.mouse.move(x + 150, y, { steps: 5 });
    await page.mouse.up();
    await until("it stays where it was moved", async () => {
      return (await follow.getAttribute("aria-pressed")) === "false";
    });
    const cursor = await lab.cursor();
    await follow.click();
    same((await lab.cursor()).index, cursor.index, "the moment has not changed");
  }),

  test("what is under the pointer lights its causes and effects; a click goes there", async ({
    lab,
    page,
  }) => {
    const box = await withLanes(lab, page);
    const lit = await findArrow(page, box);
    check(lit.split("M").length > 4, `more than one arrow is lit: ${lit.slice(0, 80)}`);
    check(await page.locator(".lanes__said").count(), "and it is said what it is");
    const before = await lab.cursor();
    await page.mouse.down();
    await page.mouse.up();
    await until("it is another moment", async () => (await lab.cursor()).index !== before.index);
    check((await lab.cursor()).index < before.index, "an earlier one");
    same((await lab.cursor()).end, before.end, "of the same run");
  }),

  test("what is chosen on the stage is chosen in the lanes, and the other way", async ({
    lab,
    page,
  }) => {
    await withLanes(lab, page);
    await page.locator('[data-lane="s2"] text').click();
    await page.locator('[data-detail="2"]').waitFor();
    check(
      await page.locator('.server--selected[data-server="2"]').count(),
      "s2 is marked on the stage",
    );
    check(await page.locator('.lane--selected[data-lane="s2"]').count(), "and in the lanes");
  }),

  test("zoomed out over a long run it draws a bounded number of arrows", async ({ lab, page }) => {
    const lines = ["zklab 2", "ensemble 5", "seed 1", "at 0s start", "at 1s client a timeout 30s"];
    for (let n = 1; n < 60; n += 1) lines.push(`at ${5 + n}s a>> create -s /n x`);
    await lab.plant({ "zklab.work.1": `${lines.join("\n")}\n` });
    await page.reload();
    await lab.settled({ leader: 5 });
    await lab.setPlaying(false);
    await lab.show("lanes");
    for (let n = 0; n < 12; n += 1) await lab.act("lanes-wider");
    check((await span(page)) > 60_000_000, "a minute is in sight");
    const drawn = await arrows(page);
    check(100 < drawn && drawn <= 700, `${drawn} arrows`);
    check(await page.locator(".lanes__note").count(), "that not all are drawn is said");
    const elements = await page.locator(".lanes__drawing *").count();
    check(elements < 500, `${elements} elements`);
  }),
];
