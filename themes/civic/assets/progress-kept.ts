// What this browser keeps of where the reader is: one value under one name, in
// localStorage, or in sessionStorage on a shared computer, where it ends with
// the tab.

import type { Slot } from "./progress-slot";

export const name = "handrail-place";

export interface Kept {
  v: number;
  dev: string; // this device, by a random name
  hlc: number; // the last clock given out
  pages: Record<string, Slot>;
  card?: boolean; // the keys of a reading card are in IndexedDB
  seq?: number; // of the card: what was fetched last
  tags?: Record<string, string>; // of what the server has, by page
}

function stores(): (Storage | undefined)[] {
  return (["sessionStorage", "localStorage"] as const).map((s) => {
    try {
      return window[s];
    } catch {
      return undefined; // closed to us
    }
  });
}

/** Whether this was said to be a shared computer. */
export function isShared(): boolean {
  const [session] = stores();
  return !!session && session.getItem(name) !== null;
}

/** What is kept; undefined when the reader has not asked for it, or it is not ours to read. */
export function kept(): Kept | undefined {
  for (const s of stores()) {
    try {
      const k = JSON.parse((s && s.getItem(name)) || "");
      if (k && k.v === 1 && typeof k.dev === "string" && k.pages && typeof k.pages === "object") {
        k.hlc = +k.hlc || 0;
        for (const p in k.pages) if (!k.pages[p] || !Array.isArray(k.pages[p].at)) delete k.pages[p];
        return k;
      }
    } catch {
      // nothing, or broken: as if nothing were kept
    }
  }
}

/** A fresh record. */
export function fresh(): Kept {
  let dev = "";
  while (dev.length < 8) dev += Math.random().toString(36).slice(2, 10);
  return { v: 1, dev: dev.slice(0, 8), hlc: 0, pages: {} };
}

const latest = (s: Slot) => (s.at && s.at[0] ? s.at[0].hlc : 0);

/** Writes the record, if it has to without the pages that were read long ago. It says whether that went well. */
export function keep(k: Kept, shared = isShared()): boolean {
  const store = stores()[shared ? 0 : 1];
  for (let room = 200; store && room >= 1; room = Math.floor(room / 4)) {
    const order = Object.keys(k.pages).sort((a, b) => latest(k.pages[b]) - latest(k.pages[a]));
    for (const old of order.slice(room)) delete k.pages[old];
    try {
      store.setItem(name, JSON.stringify(k));
      return true;
    } catch {
      // full
    }
  }
  return false;
}

/** Everything goes: positions, and the keys of a card. */
export function forget(): void {
  for (const s of stores()) {
    try {
      if (s) s.removeItem(name);
    } catch {
      // closed to us
    }
  }
  try {
    indexedDB.deleteDatabase(name);
  } catch {
    // none
  }
}
