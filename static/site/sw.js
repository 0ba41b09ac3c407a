// Serves a rating page that its reviewer stored for a site visit, while there is no connection. It controls that page
// only (its scope), stores nothing by itself, and never answers for the server while the server can be reached.
// The portal puts the build in front of this text, so that each release replaces the worker.
const HASHED = /\.[0-9a-f]{12}\.\w+$/; // such a name never changes its content

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function stored(request) {
  const ignoreSearch = request.mode === "navigate"; // the page is the same whichever membership the address names
  const instead = () => (ignoreSearch ? caches.match("/offline/") : undefined);
  return (await caches.match(request, { ignoreVary: true, ignoreSearch })) ?? (await instead()) ?? Response.error();
}

async function fromNetwork(request) {
  try {
    return await fetch(request);
  } catch {
    return stored(request);
  }
}

async function staticFile(request) {
  const kept = HASHED.test(new URL(request.url).pathname) ? await caches.match(request, { ignoreVary: true }) : null;
  return kept ?? fromNetwork(request);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(fromNetwork(request));
  else if (pathname.startsWith("/static/")) event.respondWith(staticFile(request));
  else if (pathname.endsWith("/theme.css")) event.respondWith(fromNetwork(request));
});
