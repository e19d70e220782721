// Keeps the pages that the site lists, with what they need, so that they can
// be read without a connection. Nothing else is kept: no form, no case, no
// setting, no search. A page from the device says when it was kept.

interface Kept {
  version: string; // changes when anything that is kept changes
  pages: string[];
  files: string[];
  lists: Record<string, string>; // home page of an edition → its list of kept pages
}

interface Fetch extends Event {
  request: Request;
  respondWith(r: Promise<Response>): void;
}

interface Waiting extends Event {
  waitUntil(p: Promise<unknown>): void;
}

const scope = self as unknown as {
  handrail: Kept;
  location: Location;
  caches: CacheStorage;
  clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: string, f: (e: never) => void): void;
};

const kept = scope.handrail;
const prefix = "handrail-";
const name = prefix + kept.version;
const stamp = "x-kept";
const patience = 5000; // milliseconds that a page may take before the kept one is shown

/** What belongs to the server alone: it is neither kept nor answered for. */
const never = /^\/(care\/)?([a-z][a-z0-9-]*\/)?(f|case|api|prefs|prefs\.css|continue|verify|search|healthz)(\/|$)/i; // the tag of a language has capitals

const path = (url: string) => new URL(url, scope.location.origin).pathname;
const pages = new Set(kept.pages.map(path));
const files = new Set(kept.files.map(path));

/** A copy that knows when it was kept. */
async function stamped(r: Response): Promise<Response> {
  const headers = new Headers(r.headers);
  headers.set(stamp, new Date().toISOString());
  headers.delete("content-encoding"); // the body has been decoded
  headers.delete("content-length");
  return new Response(await r.blob(), { status: r.status, headers });
}

const good = (r: Response) => r.status === 200 && r.type === "basic" && !r.redirected;

async function keep(url: string): Promise<void> {
  const r = await fetch(url, { cache: "no-cache", credentials: "omit" });
  if (good(r)) await (await scope.caches.open(name)).put(path(url), await stamped(r));
}

async function install(): Promise<void> {
  const quiet = () => {}; // a page that cannot be had now is kept when it is read
  await Promise.all(kept.files.map(keep));
  await Promise.all(kept.pages.map((p) => keep(p).catch(quiet)));
  await scope.skipWaiting();
}

async function activate(): Promise<void> {
  for (const key of await scope.caches.keys()) {
    if (key.startsWith(prefix) && key !== name) await scope.caches.delete(key);
  }
  await scope.clients.claim();
}

/** The kept page, with the line that tells its date shown. */
async function fromDevice(p: string): Promise<Response | undefined> {
  const r = await (await scope.caches.open(name)).match(p);
  if (!r) return undefined;
  const html = await r.text();
  const lang = (/<html[^>]* lang="([^"]+)"/.exec(html) || [])[1];
  const at = r.headers.get(stamp);
  const day = at ? new Intl.DateTimeFormat(lang, { year: "numeric", month: "long", day: "numeric" }).format(new Date(at)) : "";
  const told = html.replace(/(<p id="?saved"?[^>]*?) hidden(?:="")?([^>]*>[^<]*<bdi>)/, (_, a, b) => a + b + day);
  return new Response(told, { status: 200, headers: r.headers });
}

/** The list of kept pages, for a page that is not one of them. */
async function list(p: string): Promise<Response | undefined> {
  let home = "";
  for (const h of Object.keys(kept.lists)) {
    if (p.startsWith(path(h)) && h.length > home.length) home = h;
  }
  return home ? fromDevice(path(kept.lists[home])) : undefined;
}

function late(): Promise<never> {
  return new Promise((_, no) => setTimeout(() => no(new Error("late")), patience));
}

async function page(e: Fetch & Waiting, p: string): Promise<Response> {
  const net = fetch(e.request);
  const fresh = net.then(async (r) => {
    if (good(r) && pages.has(p)) {
      const copy = r.clone();
      e.waitUntil(stamped(copy).then(async (s) => (await scope.caches.open(name)).put(p, s)));
    }
    return r;
  });
  fresh.catch(() => {}); // it may fail after the kept page has been shown
  try {
    const r = await (pages.has(p) ? Promise.race([fresh, late()]) : fresh);
    if (r.status < 500) return r;
    return (await fromDevice(p)) || r;
  } catch {
    const r = (await fromDevice(p)) || (await list(p).catch(() => undefined));
    return r || net;
  }
}

async function file(request: Request, p: string): Promise<Response> {
  return (await (await scope.caches.open(name)).match(p)) || fetch(request);
}

scope.addEventListener("install", (e: Waiting) => e.waitUntil(install()));
scope.addEventListener("activate", (e: Waiting) => e.waitUntil(activate()));
scope.addEventListener("fetch", (e: Fetch & Waiting) => {
  const url = new URL(e.request.url);
  if (e.request.method !== "GET" || url.origin !== scope.location.origin || never.test(url.pathname)) return;
  if (files.has(url.pathname)) e.respondWith(file(e.request, url.pathname));
  else if (e.request.mode === "navigate" && !url.search) e.respondWith(page(e, url.pathname));
});
