// Keeps the positions of this device and of the others with the same reading
// card in step, through a server that sees ciphertext only.

import type { Kept } from "./progress-kept";
import { name as database } from "./progress-kept";
import { b64, nameOf, open, seal, unb64, type Keys } from "./progress-keys";
import { clamp, merge, type Slot } from "./progress-slot";

const base = "/api/progress/v1";

/** An answer that is no success. */
export class Refused extends Error {
  constructor(public status: number) {
    super("refused " + status);
  }
}

function db<T>(mode: IDBTransactionMode, act: (s: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  return new Promise((done, failed) => {
    const opening = indexedDB.open(database, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("keys");
    opening.onerror = () => failed(opening.error);
    opening.onsuccess = () => {
      const t = opening.result.transaction("keys", mode);
      const r = act(t.objectStore("keys"));
      t.oncomplete = () => {
        opening.result.close();
        done(r.result);
      };
      t.onerror = t.onabort = () => failed(t.error);
    };
  });
}

export const cardKeys = (): Promise<Keys | undefined> => db<Keys | undefined>("readonly", (s) => s.get("card"));
export const keepKeys = (k: Keys): Promise<unknown> => db("readwrite", (s) => s.put(k, "card"));

function call(k: Keys, method: string, path: string, body?: Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(base + path, {
    method, body, cache: "no-store", credentials: "omit", redirect: "error", keepalive: true,
    headers: { ...headers, Authorization: k.authorization },
  });
}

const serverTime = (r: Response) => Date.parse(r.headers.get("Date") || "") || Date.now();

function take(kept: Kept, s: Slot, tag: string, r: Response): void {
  s = clamp(s, serverTime(r));
  kept.pages[s.page] = kept.pages[s.page] ? merge(kept.pages[s.page], s) : s;
  (kept.tags = kept.tags || {})[s.page] = tag;
}

/** Fetches what other devices have written and merges it into what is kept. */
export async function pull(k: Keys, kept: Kept): Promise<number> {
  const r = await call(k, "GET", "/slots?since=" + (kept.seq || 0));
  if (!r.ok) throw new Refused(r.status);
  const { slots } = await r.json();
  for (const x of slots) {
    const s = await open(k, unb64(x.slot), unb64(x.sealed)).catch(() => undefined); // of a later version
    if (s) take(kept, s, x.etag, r);
    kept.seq = Math.max(kept.seq || 0, x.seq);
  }
  return slots.length;
}

/** Writes a page; when another device was first, both are merged and written again. */
export async function push(k: Keys, kept: Kept, page: string): Promise<void> {
  const name = await nameOf(k, page);
  let work = "";
  for (let i = 0; i < 6; i++) {
    const tag = kept.tags && kept.tags[page];
    const headers: Record<string, string> = tag ? { "If-Match": tag } : { "If-None-Match": "*" };
    if (work) headers["Progress-Work"] = work;
    const r = await call(k, "PUT", "/slots/" + b64(name), await seal(k, name, kept.pages[page]), headers);
    if (r.ok) {
      (kept.tags = kept.tags || {})[page] = r.headers.get("ETag") || "";
      return;
    }
    if (r.status === 429) {
      work = await solve(await r.json());
    } else if (r.status === 412) {
      const theirs = new Uint8Array(await r.arrayBuffer());
      if (theirs.length) take(kept, await open(k, name, theirs), r.headers.get("ETag") || "", r);
      else if (kept.tags) delete kept.tags[page]; // erased meanwhile
    } else {
      throw new Refused(r.status);
    }
  }
  throw new Refused(412);
}

/** Deletes everything of the card. */
export async function erase(k: Keys): Promise<void> {
  const r = await call(k, "DELETE", "");
  if (!r.ok) throw new Refused(r.status);
}

/** The number that a new card costs when many are made. */
async function solve(ask: { work: string; bits: number }): Promise<string> {
  if (!(ask.bits <= 24)) throw new Refused(429);
  const text = new TextEncoder();
  for (let from = 0; ; from += 256) {
    const tried = await Promise.all(
      Array.from({ length: 256 }, (_, i) => crypto.subtle.digest("SHA-256", text.encode(ask.work + (from + i)))),
    );
    const found = tried.findIndex((h) => new DataView(h).getUint32(0) >>> (32 - ask.bits) === 0);
    if (found >= 0) return String(from + found);
  }
}
