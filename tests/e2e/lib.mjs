// What the end-to-end tests stand on: a static server, a browser, a strict page, a patient `until`.
//
// Strict means that anything a visitor's browser would complain about fails the test that caused
// it: an error in the console, an exception, a breach of the Content-Security-Policy, a request
// that fails or that leaves this machine, an invariant shown as broken.

import { createReadStream } from "node:fs";
import { access, mkdir, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));
export const OUTPUT = path.join(ROOT, "target", "e2e");

/** How long a condition may take before it counts as never. */
export const PATIENCE_MS = 30_000;

const MIME_TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};

// ---------------------------------------------------------------------------------------- server

/**
 * Serves a folder on this machine, below a sub-folder: an address in the page that isn't relative
 * would miss it. `at.folder` may become another one: an update.
 */
export async function serveFolder(folder, base = "/some/folder/") {
  const at = { folder };
  const server = createServer(async (request, response) => {
    const refuse = (status) => response.writeHead(status, { "content-type": "text/plain" }).end();
    try {
      const { pathname } = new URL(request.url, "http://localhost");
      if (!pathname.startsWith(base)) return refuse(404);
      const name = decodeURIComponent(pathname.slice(base.length)) || "index.html";
      const file = path.join(at.folder, name);
      if (!file.startsWith(path.join(at.folder, path.sep))) return refuse(404);
      if (!(await stat(file)).isFile()) return refuse(404);
      const type = MIME_TYPES[path.extname(file)] ?? "application/octet-stream";
      response.writeHead(200, { "content-type": type, "cache-control": "no-store" });
      createReadStream(file).pipe(response);
    } catch {
      refuse(404);
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  return Object.assign(at, { origin, url: origin + base, close: () => server.close() });
}

// --------------------------------------------------------------------------------------- browser

const BROWSERS = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** The browser: the one named by CHROMIUM, else the first that is installed. */
export async function findBrowser() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const folders = (process.env.PATH ?? "").split(path.delimiter).filter(Boolean);
  for (const browser of BROWSERS) {
    const places = path.isAbsolute(browser) ? [browser] : folders.map((f) => path.join(f, browser));
    for (const place of places) {
      if (await access(place).then(() => true, () => false)) return place;
    }
  }
  throw new Error("no Chromium or Chrome found; `./lab test` installs one, or set CHROMIUM");
}

/** Starts the browser with an empty profile of its own. */
export async function launchBrowser() {
  return chromium.launch({
    executablePath: await findBrowser(),
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

// ------------------------------------------------------------------------------------------ page

/**
 * A new visitor with a page of their own; `options` are Playwright's for a context, and `expects`:
 * what this test is about and is no complaint. Whatever the page does wrong is collected in
 * `complaints`.
 */
export async function openStrictPage(browser, origin, { expects, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, ...options });
  const complaints = [];
  const complain = (what) => expects?.test(what) || complaints.push(what);

  const isOurs = (url) => /^(data|blob):/.test(url) || url.startsWith(`${origin}/`);
  await context.route("**/*", (route) => {
    const url = route.request().url();
    if (isOurs(url)) return route.continue();
    complain(`request to another host: ${url}`);
    return route.abort();
  });
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      const { violatedDirective, blockedURI, sourceFile, lineNumber, sample } = event;
      console.error(
        `policy: ${violatedDirective} refuses ${blockedURI || "inline"} ${sample}`,
        `at ${sourceFile}:${lineNumber}`,
      );
    });
    // An invariant that is broken for a moment is broken.
    new MutationObserver(() => {
      const broken = document.querySelector('[data-invariant][data-ok="false"]');
      if (broken) console.error(`broken invariant: ${broken.dataset.invariant} ${broken.innerText}`);
    }).observe(document, { subtree: true, childList: true, attributeFilter: ["data-ok"] });
  });

  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  page.on("pageerror", (error) => complain(`exception: ${error.stack ?? error}`));
  page.on("crash", () => complain("the page crashed"));
  page.on("console", (message) => {
    if (message.type() === "error") complain(`console error: ${message.text()}`);
  });
  page.on("dialog", (dialog) => {
    complain(`dialog: ${dialog.message()}`);
    dialog.dismiss().catch(() => {});
  });
  page.on("response", (response) => {
    if (response.status() >= 400) complain(`${response.status()} for ${response.url()}`);
  });
  return { context, page, complaints };
}

/** Keeps a picture of the page under target/e2e. */
export async function screenshot(page, name) {
  await mkdir(OUTPUT, { recursive: true });
  await page.screenshot({ path: path.join(OUTPUT, `${name}.png`) });
}

/** Keeps what a failed test saw: a picture, and the page in words. */
export async function keepEvidence(page, name, failure) {
  await mkdir(OUTPUT, { recursive: true });
  const seen = await page
    .evaluate(() => {
      const describe = (element) =>
        [...element.attributes].map(({ name, value }) => `${name}="${value}"`).join(" ");
      const text = (selector) =>
        [...document.querySelectorAll(selector)].map((element) => element.innerText.trim());
      return [
        "== servers, cursor, invariants",
        ...[...document.querySelectorAll("[data-server], [data-cursor], [data-invariant]")].map(
          describe,
        ),
        "== console",
        ...text("[data-console-output]"),
        "== feed",
        ...text("[data-event]").slice(-200),
        "== page",
        document.body.innerText,
      ].join("\n");
    })
    .catch((error) => `the page could not be read: ${error}`);
  await writeFile(path.join(OUTPUT, `${name}.txt`), `${failure}\n${seen}\n`);
  await screenshot(page, name).catch(() => {});
}

// ------------------------------------------------------------------------------------ conditions

export function check(condition, claim) {
  if (!condition) throw new Error(claim);
}

export function same(found, expected, claim) {
  if (found === expected) return;
  const [a, b] = [String(expected).split("\n"), String(found).split("\n")];
  const at = a.findIndex((line, i) => line !== b[i]);
  const line = at === -1 ? a.length : at;
  throw new Error(
    `${claim}\n  expected: ${a[line] ?? "(nothing more)"}\n  found:    ${b[line] ?? "(nothing more)"}`,
  );
}

/**
 * Waits until `probe` returns something truthy, and returns it. `probe` may also throw while it
 * isn't so yet; its last answer is part of the failure.
 */
export async function until(claim, probe, patienceMs = PATIENCE_MS) {
  const deadline = Date.now() + patienceMs;
  let last;
  for (;;) {
    try {
      const answer = await probe();
      if (answer) return answer;
      last = "";
    } catch (error) {
      last = `: ${error.message ?? error}`;
    }
    if (Date.now() > deadline) {
      throw new Error(`not within ${patienceMs / 1000} s: ${claim}${last}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
