// Starts the app. It is a file because the page's Content-Security-Policy refuses inline script.
// Trunk.toml says how it is told the names of the two files it loads.
const { js, wasm } = document.querySelector("script[data-wasm]").dataset;
const address = (name) => new URL(name, document.baseURI).href;

try {
  const { default: init } = await import(address(js));
  await init({ module_or_path: address(wasm) });
} catch (error) {
  // The page holds these words, hidden, in each of its languages.
  document.querySelector("[data-start-failed]")?.removeAttribute("hidden");
  throw error;
}

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
  active.postMessage({ keep: [...new Set([page, ...files, address(js), address(wasm), ...texts])] });
} catch {
  // Nothing is lost but the visit without network.
}
