// What others write is text, wherever it is shown: data and paths of znodes, names, titles, files,
// links, what the browser kept. Nothing of it runs, and nothing breaks the page.

import { readFile } from "node:fs/promises";
import { check, same, until } from "./lib.mjs";

const test = (name, run, options) => ({ name, run, options });

const MARKUP = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>';
const NASTY = [
  ["markup", MARKUP],
  ["entities", "&lt;b&gt;&amp;&#x27;&quot;]]><!--"],
  ["right to left", "\u202eabc\u202d \u200f\u05d0\u05d1\u2066 \u061c"],
  ["emoji", "👩‍👩‍👧‍👦🏳️‍🌈🇨🇳 é\u0301\u0302\u0303"],
  ["one long word", "W".repeat(4000)],
];

/** A quoted string of the scenario language. */
const quoted = (text) => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

async function openText(lab, name, content) {
  if (!(await lab.page.locator("#work").count())) await lab.act("work");
  const buffer = Buffer.from(content);
  await lab.page.setInputFiles('[data-action="open-file"]', { name, mimeType: "text/plain", buffer });
}

/** Goes through all panels; gives what is wrong with how the page then stands. */
async function tour(lab, page) {
  const tabs = await page.$$eval("[data-tab]", (all) => [
    ...new Set(all.filter((tab) => tab.offsetParent).map((tab) => tab.dataset.tab)),
  ]);
  check(tabs.length > 5, `there are panels: ${tabs}`);
  const top = () =>
    page.$eval(".top", (element) => Math.round(element.getBoundingClientRect().height));
  const bottom = () =>
    page.$eval(".transport", (element) => Math.round(element.getBoundingClientRect().height));
  const before = [await top(), await bottom()].join();
  for (const tab of tabs) {
    await lab.show(tab);
    const wide = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      if (scrollWidth <= clientWidth) return "";
      const all = [...document.querySelectorAll("#app *")];
      const isWide = (one) => clientWidth < one.getBoundingClientRect().width;
      const widest = all.filter((one) => isWide(one) && ![...one.children].some(isWide));
      return widest.map((one) => `${one.tagName}.${one.getAttribute("class")}`).join();
    });
    same(wide, "", `${tab}: what makes the page too wide`);
    same([await top(), await bottom()].join(), before, `${tab}: bar heights`);
  }
  same(await page.evaluate(() => window.hacked), undefined, "no script of a text runs");
  const made = await page.locator("img, iframe, object, embed, #app script, #app style").count();
  same(made, 0, "no text becomes an element");
}

/** A path of it: what lies beyond 16 bits is in no path, as in ZooKeeper. */
const pathOf = (text) => `/${text.replaceAll("/", "|").replaceAll(/[\u{10000}-\u{10ffff}]/gu, "x").slice(0, 800)}`;

/** A scenario in which everything that has a name has a nasty one. */
function nasty(text) {
  const name = `c ${text}`.slice(0, 300);
  const lines = [`title ${quoted(text)}`, "ensemble 3", "seed 4", "start", "until leader"];
  lines.push(`client ${quoted(name)} timeout 10s`, `until session ${quoted(name)} connected`);
  lines.push("client b timeout 10s", "until session b connected");
  const value = quoted(text.slice(0, 2000));
  const znode = quoted(pathOf(text));
  lines.push(`send b create ${znode} ${value} PERSISTENT`, "run 200ms");
  lines.push(`send b getData ${znode} watch`, `send b setData ${znode} ${value} -1`);
  lines.push(`send b create ${znode} ${value} EPHEMERAL`, "run 300ms", "kill s3", "run 1s");
  return `${lines.join("\n")}\n`;
}

export default [
  ...NASTY.map(([what, text]) =>
    test(`a file full of ${what}`, async ({ lab, page }) => {
      await lab.settled({ leader: 3 });
      await lab.setPlaying(false);
      await openText(lab, `${text.slice(0, 60)}.zk`, nasty(text));
      const said = () => page.locator("[data-notice]").innerText({ timeout: 1000 });
      await lab.seeTrees();
      await until("its znode is there", async () => {
        const path = pathOf(text);
        const all = await page.$$eval("[data-znode]", (all) => all.map((one) => one.dataset.znode));
        if (!all.includes(path)) throw new Error(`${await said()} ${all.slice(0, 9)}`);
        return true;
      });
      await page.locator("[data-client]").first().waitFor();
      await tour(lab, page);

      // One znode on all servers, a client's menu, and the search of the feed.
      await lab.show("znodes");
      await page.locator('[data-znodes="1"] .znode__button').nth(1).click();
      await lab.show("lanes");
      await page.locator("[data-client]").first().click();
      await page.locator("[role=menu]").waitFor();
      await page.keyboard.press("Escape");
      await lab.show("feed");
      await page.fill("[data-feed-search]", text.slice(0, 200));
      await tour(lab, page);
    }),
  ),

  test("what is typed into a console, and the errors about it", async ({ lab, page }) => {
    await lab.settled({ leader: 3 });
    await lab.hurry();
    const input = page.locator("input[data-console]").first();
    const lines = [
      `create /t ${quoted(MARKUP)}`,
      "get /t",
      MARKUP,
      "create /\u0007bell x",
      "create /lone\ud800surrogate x",
      `create "/\u202eevil" \u200f`,
      "ls /\u0000",
      `create ${`/${"d".repeat(50)}`.repeat(40)} x`,
      "\u001b[31mred\u001b[0m",
      `set /t ${"😀".repeat(5000)}`,
      "get /t",
    ];
    for (const line of lines) {
      // As another program may put it there: lone surrogates and control characters too.
      await input.evaluate((element, value) => {
        element.value = value;
        element.dispatchEvent(new InputEvent("input", { bubbles: true }));
      }, line);
      await input.press("Enter");
    }
    await until("the last answer has come", async () => /😀😀/.test(await lab.consoleText()));
    const said = await lab.consoleText();
    check(said.includes(MARKUP), "markup is shown as it is");
    check(/Invalid path|invalid path|IllegalArgument/i.test(said), `bad paths are refused: ${said}`);
    await lab.setPlaying(false);
    await tour(lab, page);
  }),

  test("a value of a megabyte is stored, shown in short, saved and linked or refused", async ({
    lab,
    page,
  }) => {
    await lab.settled({ leader: 3 });
    await lab.hurry();
    const size = 1_040_000;
    const input = page.locator("input[data-console]").first();
    await input.evaluate((element, length) => {
      element.value = `create /big ${"x<".repeat(length / 2)}`;
      element.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }, size);
    await input.press("Enter");
    await lab.hasZnode(1, "/big");
    await lab.setPlaying(false);
    await tour(lab, page);
    await lab.act("work");
    const download = page.waitForEvent("download");
    await lab.act("save-file");
    const text = await readFile(await (await download).path(), "utf8");
    check(text.length > size, `the file holds it: ${text.length}`);
    await lab.act("step");
    await tour(lab, page);
  }),

  test("exported drawings are well-formed, whatever names are in them", async ({ lab, page }) => {
    await lab.settled({ leader: 3 });
    await lab.setPlaying(false);
    const name = `\u0001<&"]]>\u202e😀\u0008`;
    const written = quoted(name).replace("\u0001", "\\x01").replace("\u0008", "\\x08");
    const text = `ensemble 3\nstart\nuntil leader\nclient ${written} timeout 9s\nrun 1s\n`;
    await openText(lab, "named.zk", text);
    await until("the client is there", () =>
      page.$$eval("[data-client]", (all, name) => all.some((c) => c.dataset.client === name), name));
    await lab.show("lanes");
    for (const what of ["stage", "lanes"]) {
      if (!(await page.locator("[data-export]").evaluate((menu) => menu.open))) {
        await page.click("[data-export] > summary");
      }
      const download = page.waitForEvent("download");
      await page.click(`[data-action="export-${what}-svg"]`);
      const svg = await readFile(await (await download).path(), "utf8");
      const problem = await page.evaluate((text) => {
        const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
        return parsed.querySelector("parsererror")?.textContent ?? "";
      }, svg);
      same(problem, "", `${what}: the file can be read`);
      check(!/<script|onerror=/i.test(svg), "no script is in it");
    }
  }),

  test("links and addresses that mean harm are refused or shown", async ({ lab, page }) => {
    await lab.settled({ leader: 3 });
    await lab.setPlaying(false);
    const before = await lab.everything();
    for (const hash of [
      `#v1.${encodeURIComponent(MARKUP)}`,
      "#v1.AAAA",
      `#v1.${"A".repeat(200_000)}`,
      "#v999.zzzz",
      `#lesson=${encodeURIComponent(MARKUP)}`,
      "#lesson=../../etc/passwd",
      "#%00%ff%f0%9f",
    ]) {
      await page.evaluate((text) => (location.hash = text), hash);
      await page.waitForTimeout(150);
      same(await page.evaluate(() => window.hacked), undefined, `${hash.slice(0, 40)} runs nothing`);
    }
    same(await lab.everything(), before, "nothing has changed");
    await tour(lab, page);
  }, { expects: /404|Failed to load resource/ }),

  test("what the browser kept may be anything", async ({ lab, page }) => {
    const kept = await page.evaluate(() => Object.keys(localStorage));
    const keys = ["preferences.1", "console.1", "progress.1", "work.before.1", "work.aside"];
    await lab.plant({
      ...Object.fromEntries(kept.map((key) => [key, MARKUP.repeat(50)])),
      ...Object.fromEntries(keys.map((key) => [`zklab.${key}`, `\u0000\ud800${MARKUP}\n=\n`])),
    });
    await page.reload();
    await until("the page is there", async () => (await lab.servers()).length > 0);
    await lab.settled({ leader: 3 });
    await lab.setPlaying(false);
    await tour(lab, page);
  }),

  test("the policy allows no inline script, and holds in every view", async ({ lab, page }) => {
    const policy = await page.$eval('meta[http-equiv="Content-Security-Policy"]', (m) => m.content);
    check(/default-src 'none'/.test(policy), policy);
    check(!/unsafe-inline|'unsafe-eval'|\*/.test(policy), policy);
    same(await page.locator("script:not([src])").count(), 0, "the page has no script of its own text");
    await lab.settled({ leader: 3 });
    await lab.setPlaying(false);
    await tour(lab, page);
    await lab.act("help");
    await page.keyboard.press("Escape");
    await lab.act("work");
    await page.keyboard.press("Escape");
    for (const name of ["theme", "language", "invariants", "run-until"]) await lab.act(name);
    // Any breach so far would have been a complaint. This one is meant: the policy is at work.
    const breach = await page.evaluate(async () => {
      const told = new Promise((resolve) => {
        document.addEventListener("securitypolicyviolation", (e) => resolve(e.effectiveDirective));
      });
      const script = document.createElement("script");
      script.textContent = "window.hacked = 1";
      document.body.append(script);
      return Promise.race([told, new Promise((resolve) => setTimeout(resolve, 3000, "none"))]);
    });
    check(/script-src/.test(breach), `an inline script is refused: ${breach}`);
    same(await page.evaluate(() => window.hacked), undefined, "and does not run");
  }, { expects: /policy: script-src.*inline|Executing inline script|Refused to execute inline/ }),
];
