// Starts the app. It is a file because the page's Content-Security-Policy refuses inline script.
// Trunk.toml says how it is told the names of the files it loads.
import * as rest from "./rest.js";

const { js, wasm, rest: second } = document.querySelector("script[data-wasm]").dataset;
const address = (name) => new URL(name, document.baseURI).href;

// A first visit begins with half of the program (scripts/rest.js). Whoever has been here before, opens
// a link, or reads the language that is in the other half, has all of it at once.
const isPlain = location.hash === "" && location.search === "" && !/^zh/i.test(navigator.language);
const isFirstVisit = isPlain && isBlank();
if (second !== undefined) rest.isAt(address(second));
/** The second part of the program, if there is one. */
const prepared = () => (second === undefined ? Promise.resolve() : rest.prepare());

/** Whether nothing is kept in the browser from an earlier visit. */
function isBlank() {
  try {
    return localStorage.length === 0;
  } catch {
    return true;
  }
}

try {
  // Without it the page shows what it can; it is asked for again when it is needed.
  const all = isFirstVisit ? undefined : prepared().catch(() => {});
  const { default: init } = await import(address(js));
  await all;
  await init({ module_or_path: address(wasm) });
} catch (error) {
  // The page holds these words, hidden, in each of its languages.
  document.querySelector("[data-start-failed]")?.removeAttribute("hidden");
  throw error;
}

// At the first sign of somebody, or after a minute, whatever else there is.
const SIGNS = ["pointermove", "pointerdown", "keydown", "wheel"];
if (isFirstVisit) {
  await new Promise((resolve) => {
    for (const sign of SIGNS) addEventListener(sign, resolve, { once: true, passive: true });
    setTimeout(resolve, 60_000);
  });
}
await prepared().catch(() => {});

// The next visit needs no network (scripts/worker.js). Without it the page works as well: some
// browsers and some hosts have no service workers.
try {
  const { serviceWorker } = navigator;
  await serviceWorker.register(address("worker.js"));
  const { active } = await serviceWorker.ready;
  serviceWorker.addEventListener("message", ({ data }) => {
    if (data?.kept) document.documentElement.dataset.offline = "ready";
  });
  const named = [...document.querySelectorAll("link[href], script[src]")];
  const files = named.map((element) => element.href || element.src);
  const program = [js, wasm, second, "rest.js"].filter(Boolean).map(address);
  const page = address("./");
  // Lessons and prepared scenarios too, whichever will be opened.
  const listed = async (index, ending) => {
    const lines = (await (await fetch(address(index))).text()).split("\n").filter(Boolean);
    return [index, ...lines.map((line) => line.split("\t")[0] + ending)].map(address);
  };
  const lessons = await listed("lessons/index.txt", ".lesson");
  const glossary = address("glossary/terms.txt");
  const notes = ["notes.html", "notes.css", "notes.js"].map(address);
  const recipes = await listed("recipes/index.txt", ".zk");
  const texts = [glossary, ...lessons, ...recipes, ...notes];
  active.postMessage({ keep: [...new Set([page, ...files, ...program, ...texts])] });
} catch {
  // Nothing is lost but the visit without network.
}
