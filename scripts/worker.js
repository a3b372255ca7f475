// Keeps the page for visits without a network. The page tells it, once it runs, which files it is
// made of; those are kept, and what an older version was made of is thrown away. A tab that is
// open has all of its files in memory: an update takes nothing from it.
//
// Files whose names carry a digest never change and come from the cache first. Everything else
// comes from the network first, so that a new version is seen at the next visit.

const CACHE = "zklab";
const hasDigest = (address) => /-[0-9a-f]{12,}[._]/.test(new URL(address).pathname);

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  const { keep } = event.data ?? {};
  if (!Array.isArray(keep)) return;
  event.waitUntil(keepOnly(keep).then(() => event.source?.postMessage({ kept: keep.length })));
});

async function keepOnly(addresses) {
  const cache = await caches.open(CACHE);
  for (const address of addresses) {
    if (!(await cache.match(address))) await cache.add(address);
  }
  for (const request of await cache.keys()) {
    if (!addresses.includes(request.url)) await cache.delete(request);
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(self.registration.scope)) return;
  event.respondWith(hasDigest(request.url) ? cacheFirst(request) : networkFirst(request));
});

async function cacheFirst(request) {
  return (await caches.match(request)) ?? fetch(request);
}

async function networkFirst(request) {
  try {
    const response = await fetch(request);
    if (response.ok) {
      const cache = await caches.open(CACHE);
      // Only what is kept anyway: a link's query is no other page.
      if (await cache.match(request)) await cache.put(request, response.clone());
    }
    return response;
  } catch (error) {
    const kept = await caches.match(request, { ignoreSearch: request.mode === "navigate" });
    if (kept) return kept;
    throw error;
  }
}
