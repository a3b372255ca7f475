// The inspector: a server's parts, a session, a packet's fields, and why something happened.

import { check, same, until } from "./lib.mjs";

const test = (name, run, options) => ({ name, run, options });

export default [
  test("a server: epochs, processors, log, disk; what the last step changed is marked", async ({
    lab,
    page,
  }) => {
    await lab.settled({ leader: 3 });
    await lab.hurry();
    await (await lab.type("create /seen 1")).says("Created /seen");
    await lab.setPlaying(false);
    await lab.select(3);
    await page.keyboard.press("Escape");
    const detail = page.locator('[data-detail="3"]');
    await detail.waitFor();
    const fact = (name) => page.locator(`[data-detail="3"] [data-fact="${name}"] dd`).innerText();
    same(await fact("acceptedEpoch"), "1", "its accepted epoch");
    same(await fact("currentEpoch"), "1", "its current epoch");
    check(/^0x1\d+ … 0x1\d+/.test(await fact("committedLog")), "the range of its committedLog");
    const processors = await page.$$eval("[data-processor]", (all) =>
      all.map((one) => one.dataset.processor));
    check(processors.includes("PrepRequestProcessor"), `a leader's processors: ${processors}`);
    check(await detail.locator(".entry").count(), "its log");
    check(await detail.locator("[data-file]").count(), "its files");
    let marked = 0;
    for (let n = 0; n < 40 && !marked; n += 1) {
      await lab.step("back");
      marked = await page.locator("[data-detail] .changed").count();
    }
    check(marked, "a step that changes a value marks it");
  }),

  test("a session: its client, state, server and timeout", async ({ lab, page }) => {
    await lab.settled({ leader: 3 });
    await lab.hurry();
    await until("the client is connected", () => page.locator(".client--connected").count());
    await lab.setPlaying(false);
    await lab.show("sessions");
    const said = await page.locator('[data-session="a"]').innerText();
    check(/0x[0-9a-f]{10,}/.test(said), `the session's id: ${said}`);
    check(/30/.test(said), `its timeout: ${said}`);
  }),

  test("a packet: every field; an event: its chain of causes", async ({ lab, page }) => {
    await lab.settled({ leader: 3 });
    await lab.setPlaying(false);
    for (let n = 0; n < 80 && !(await page.locator("[data-packet]").count()); n += 1) {
      await lab.step("step");
    }
    await page.locator("[data-packet][data-focus]").first().focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Escape");
    await lab.show("packet");
    await page.locator("[data-packet-detail], [data-packet-row]").first().waitFor();
    const said = await page.locator("#packet").innerText();
    check(/s\d/.test(said) && /ms|µs/.test(said), `from whom to whom, and when: ${said}`);

    await lab.show("why");
    const causes = page.locator("[data-cause]");
    check((await causes.count()) > 1, "the decision has causes, and these have causes");
    const { index } = await lab.cursor();
    const first = causes.last();
    const at = Number(await first.getAttribute("data-cause"));
    await first.click();
    await until("a click leads to it", async () => (await lab.cursor()).index === at + 1);
    check(at + 1 <= index, "it lies in the past");
  }),
];
