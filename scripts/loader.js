// Starts the app. It is a file because the page's Content-Security-Policy refuses inline script.
// Trunk.toml says how it is told the names of the two files it loads.
const { js, wasm } = document.querySelector("script[data-wasm]").dataset;
const address = (name) => new URL(name, document.baseURI);

try {
  const { default: init } = await import(address(js));
  await init({ module_or_path: address(wasm) });
} catch (error) {
  // The page holds these words, hidden, in each of its languages.
  document.querySelector("[data-start-failed]")?.removeAttribute("hidden");
  throw error;
}
