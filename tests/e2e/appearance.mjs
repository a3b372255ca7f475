// The page at the sizes it is used in, light and dark. Each test keeps pictures in target/e2e/;
// that they look right is for eyes, that nothing is cut off is checked here.

import { check, same, screenshot } from "./lib.mjs";

const SIZES = [
  { width: 1440, height: 900 },
  { width: 1280, height: 720 },
  { width: 390, height: 844 },
];

const looks = SIZES.flatMap((viewport) =>
  ["light", "dark"].map((colorScheme) => ({
    name: `${viewport.width}x${viewport.height} ${colorScheme}`,
    options: { viewport, colorScheme },
  })),
);

async function assertFits(page) {
  const { inner, content } = await page.evaluate(() => ({
    inner: document.documentElement.clientWidth,
    content: document.documentElement.scrollWidth,
  }));
  check(content <= inner, `the page is ${content} px wide in a window of ${inner} px`);
}

/** A story with something to see: a znode, a dead leader, an election just over. */
async function tell(lab, page, name) {
  await lab.settled({ leader: 3 });
  await assertFits(page);
  await screenshot(page, `${name}-elected`);
  await lab.hurry();
  await (await lab.type("create /hello world")).says("Created /hello");
  await (await lab.type("get /hello")).says("world");
  await lab.act("kill-leader");
  await lab.settled({ leader: 2, epoch: 2, down: [3] });
  await lab.setPlaying(false);
  await assertFits(page);
  await screenshot(page, `${name}-leader-killed`);
}

export default [
  ...looks.map(({ name, options }) => ({
    name,
    options,
    run: ({ lab, page }) => tell(lab, page, name.replaceAll(" ", "-")),
  })),
  {
    name: "reduced motion",
    options: { reducedMotion: "reduce" },
    run: async ({ lab, page }) => {
      await lab.settled({ leader: 3 });
      const moving = await page.evaluate(
        () => document.getAnimations().filter((a) => a.playState === "running").length,
      );
      same(moving, 0, "style sheets animate nothing");
      await screenshot(page, "1280x720-reduced-motion");
    },
  },
];
