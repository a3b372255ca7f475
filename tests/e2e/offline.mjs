// Versions: an update takes nothing from a tab that is open, and is there at the next visit.

import { cp, mkdtemp, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { check, openStrictPage, same, serveFolder, until } from "./lib.mjs";
import { LabPage } from "./page.mjs";

const test = (name, run, options) => ({ name, run, options });

const isKept = (page) =>
  until("the page is kept", () => page.$eval("html", (html) => html.dataset.offline === "ready"));

/** A later version of the page: other names of its program and its style sheets. */
async function laterVersion(dist) {
  const folder = await mkdtemp(path.join(tmpdir(), "zklab-"));
  await cp(dist, folder, { recursive: true });
  let html = await readFile(path.join(folder, "index.html"), "utf8");
  for (const name of await readdir(folder)) {
    const later = name.replace(/-([0-9a-f]{12,})([._])/, (_, digest, dot) => {
      return `-${[...digest].reverse().join("")}${dot}`;
    });
    if (later === name) continue;
    await rename(path.join(folder, name), path.join(folder, later));
    html = html.replaceAll(name, later);
  }
  html = html.replace("<html", '<html data-version="later"');
  await writeFile(path.join(folder, "index.html"), html);
  return folder;
}

export default [
  test("an update does not break an open tab, and the next visit has it", async ({
    browser,
    dist,
  }) => {
    const server = await serveFolder(dist);
    const later = await laterVersion(dist);
    const { context, page, complaints } = await openStrictPage(browser, server.origin);
    try {
      const lab = new LabPage(page, server.url);
      await lab.open();
      // Somebody is there: all of the page is fetched (scripts/rest.js).
      await page.mouse.move(10, 10);
      await isKept(page);
      await lab.settled({ leader: 3 });

      server.folder = later;
      await lab.hurry();
      await (await lab.type("create /before-update 1")).says("Created /before-update");
      await lab.act("kill-leader");
      await lab.settled({ leader: 2, epoch: 2, down: [3] });
      for (const panel of ["recipes", "scenario", "branches", "lanes"]) await lab.show(panel);
      same(await page.getAttribute("html", "data-version"), null, "the tab is the old version");

      await page.reload();
      same(await page.getAttribute("html", "data-version"), "later", "a reload has the new one");
      await lab.hasZnode(1, "/before-update");
      await isKept(page);
      await until("only the new version is kept", async () => {
        const kept = await page.evaluate(async () => {
          const cache = await caches.open("zklab");
          return (await cache.keys()).map(({ url }) => url);
        });
        const programs = kept.filter((url) => url.endsWith(".wasm"));
        const html = await page.content();
        const isNamed = (url) => html.includes(path.basename(new URL(url).pathname));
        return 0 < programs.length && programs.every(isNamed);
      });

      await context.setOffline(true);
      await page.reload();
      same(await page.getAttribute("html", "data-version"), "later", "without a network too");
      await lab.hasZnode(1, "/before-update");
      await context.setOffline(false);
      check(complaints.length === 0, `no visitor should see:\n${complaints.join("\n")}`);
    } finally {
      await context.close();
      server.close();
      await rm(later, { recursive: true, force: true });
    }
  }),

  test("without storage it works, and says that nothing is kept", async ({
    lab,
    page,
  }) => {
    await page.addInitScript(() => {
      Storage.prototype.setItem = () => {
        throw new DOMException("full", "QuotaExceededError");
      };
    });
    await page.reload();
    await until("the page is there", async () => (await lab.servers()).length > 0);
    await lab.setPlaying(true);
    const notice = page.locator("[data-notice]");
    await until("it is said", async () => /keeps nothing/.test(await notice.innerText()));
    await lab.settled({ leader: 3 });
    await lab.hurry();
    await lab.act("kill-leader");
    await lab.settled({ leader: 2, epoch: 2, down: [3] });
  }),
];
