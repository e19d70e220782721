// What the devices of one reader know of a page, and how two of them come to
// know the same; package progress has the same in Go.

import type { Anchor } from "./progress-anchor";

/** Where one device is on a page. */
export interface Entry {
  dev: string;
  hlc: number; // hybrid clock: milliseconds × 1024 and a counter
  lang: string;
  rev: string;
  b: string; // id of the block
  off: number; // how far into it, in per cent
  anchor?: Anchor;
  reason: string; // rest, leave or mark
  t?: string; // title of the page
  u?: string; // its address, as this device read it
}

export interface Slot {
  v: number;
  page: string;
  at: Entry[] | null; // one a device, the latest first
  done: { e: number; s: string[] | null };
}

type Key = string | number;

const keys = (e: Entry): Key[] => [
  e.hlc, e.dev, e.b, e.off, e.reason, e.lang, e.rev, e.t || "", e.u || "",
  e.anchor ? (e.anchor.g || []).length : -1,
];

/** Orders entries, the later ones first. */
function later(x: Entry, y: Entry): number {
  const [a, b] = [keys(x), keys(y)];
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== b[i]) return a[i] < b[i] ? 1 : -1;
  }
  return 0;
}

/** Joins what two devices know: of each device the later entry, of all the latest four. */
export function merge(a: Slot, b: Slot): Slot {
  const devices: Record<string, Entry> = {};
  for (const e of (a.at || []).concat(b.at || [])) {
    const have = devices["@" + e.dev];
    if (!have || later(e, have) < 0) devices["@" + e.dev] = e;
  }
  const at = Object.keys(devices).map((k) => devices[k]);
  const e = Math.max(a.done.e, b.done.e);
  const done = new Set<string>();
  for (const d of [a.done, b.done]) if (d.e === e) (d.s || []).forEach((s) => done.add(s));
  return { v: 1, page: a.page || b.page, at: at.sort(later).slice(0, 4), done: { e, s: Array.from(done).sort() } };
}

const ticks = 1024;
const ahead = 5 * 60000;

/** A clock after last, and not before now. */
export const next = (last: number, now: number) => Math.max(now * ticks, last + 1);

/** Sets clocks back that are far ahead of the server's time. */
export function clamp(s: Slot, server: number): Slot {
  const at = (s.at || []).map((e) => (e.hlc > (server + ahead) * ticks ? { ...e, hlc: server * ticks } : e));
  return { ...s, at: at.sort(later) };
}

/** A slot in at most room bytes: without samples of text, then without entries, the oldest first. */
export function encode(s: Slot, room: number): Uint8Array | undefined {
  const at = (s.at || []).slice();
  for (;;) {
    const b = new TextEncoder().encode(JSON.stringify({ ...s, at }));
    if (b.length <= room) return b;
    let i = at.length - 1;
    while (i >= 0 && !(at[i].anchor && at[i].anchor!.g && at[i].anchor!.g!.length)) i--;
    if (i >= 0) at[i] = { ...at[i], anchor: { ...at[i].anchor!, g: undefined } };
    else if (at.length > 1) at.pop();
    else return;
  }
}
