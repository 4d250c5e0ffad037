// The service worker of the offline visit. It keeps the empty shell of /visit/ and static files,
// never a page, an answer or a picture about anybody: those lie sealed in IndexedDB.
export {};

interface Fetched extends Event {
  request: Request;
  respondWith(response: Promise<Response>): void;
}
interface Extendable extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Told extends Extendable {
  data: { kind?: string; files?: string[] };
}
interface Worker {
  location: Location;
  clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(kind: string, listener: (event: Event) => void): void;
}

const worker = self as unknown as Worker;
const CACHE = "renkei-visit-shell";
const SHELL = "/visit/shell/";
// Longer than a slow page, shorter than anybody's patience at a front door.
const PATIENCE = 6000;

async function fill(files: string[]): Promise<void> {
  const cache = await caches.open(CACHE);
  const own = files.filter((file) => {
    const url = new URL(file);
    return url.origin === worker.location.origin && url.pathname.includes("/static/");
  });
  const wanted = [SHELL, ...own];
  await Promise.all(
    wanted.map(async (file) => {
      // The shell is fetched without a session: it is the same for everybody.
      const response = await fetch(file, file === SHELL ? { credentials: "omit", cache: "reload" } : {});
      if (response.ok && !response.redirected) await cache.put(file, response);
    }),
  );
  const keep = new Set(wanted.map((file) => new URL(file, worker.location.href).href));
  for (const request of await cache.keys()) {
    if (!keep.has(request.url)) await cache.delete(request);
  }
}

async function shell(): Promise<Response> {
  return (await caches.match(SHELL)) ?? Response.error();
}

async function page(request: Request): Promise<Response> {
  const answer = fetch(request);
  // Only the visit itself gives up on a line that does not answer; other pages may be slow.
  if (new URL(request.url).pathname !== "/visit/") return answer.catch(shell);
  const late = new Promise<Response>((resolve) => {
    setTimeout(() => void caches.match(SHELL).then((kept) => kept && resolve(kept)), PATIENCE);
  });
  return Promise.race([answer, late]).catch(shell);
}

async function file(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(request)) ?? Response.error();
  }
}

worker.addEventListener("install", (event) => {
  (event as Extendable).waitUntil(worker.skipWaiting());
});
worker.addEventListener("activate", (event) => {
  (event as Extendable).waitUntil(worker.clients.claim());
});
worker.addEventListener("message", (event) => {
  const told = event as Told;
  if (told.data.kind === "shell") told.waitUntil(fill(told.data.files ?? []));
});
worker.addEventListener("fetch", (event) => {
  const { request } = event as Fetched;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== worker.location.origin) return;
  if (request.mode === "navigate") (event as Fetched).respondWith(page(request));
  else if (url.pathname.includes("/static/dist/")) (event as Fetched).respondWith(file(request));
});
