// The second part of the program (scripts/split/split.mjs): what is not needed to see an ensemble
// elect. It is fetched at the first sign of somebody who wants more than to look, and at once by
// those who come back or open a link. Should the first part need it before it has come, the page
// waits for it.

let address;
let coming;
let compiled;
let isLinked = false;

/** Where the second part is. */
export function isAt(where) {
  address = where;
}

/** Fetches the second part; the first takes it when it needs it. Fails without a network. */
export async function prepare() {
  if (isLinked) return;
  coming ??= WebAssembly.compileStreaming(fetch(address));
  try {
    compiled = await coming;
  } catch (error) {
    coming = undefined;
    throw error;
  }
}

/** The first part calls this when it needs the second. */
export function load(first) {
  if (isLinked) return;
  try {
    const given = Array.from({ length: first.given.length }, (_, n) => [n, first.given.get(n)]);
    new WebAssembly.Instance(compiled ?? fetchedNow(), { first: { ...first, ...Object.fromEntries(given) } });
  } catch (error) {
    // The page holds these words, hidden, in each of its languages.
    document.querySelector("[data-part-missing]")?.removeAttribute("hidden");
    throw error;
  }
  isLinked = true;
}

/** A function of the first part waits for its answer, so this cannot be done in the background. */
function fetchedNow() {
  const request = new XMLHttpRequest();
  request.open("GET", address, false);
  // Bytes as characters: only this way can they be had at once.
  request.overrideMimeType("text/plain; charset=x-user-defined");
  request.send();
  if (request.status !== 200) throw new Error(`${address}: ${request.status}`);
  return new WebAssembly.Module(Uint8Array.from(request.responseText, (c) => c.charCodeAt(0) & 255));
}
