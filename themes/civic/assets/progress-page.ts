// The blocks of the page that is open: where the reader is, and where a saved
// place is now.

import { anchor, fingerprint, grams, match, normalise, place, type Anchor, type Block } from "./progress-anchor";
import type { Entry } from "./progress-slot";

export const main = document.getElementById("main")!;
export const page = main.dataset.page!;

/** The blocks that can be seen, in their order. */
const elements = (): HTMLElement[] => Array.from(main.querySelectorAll<HTMLElement>("[data-b]"));

/** The text of a block: its own, without blocks inside it and what an edition adds. */
function textOf(e: Node): string {
  let s = "";
  for (const n of Array.from(e.childNodes)) {
    if (n.nodeType === 3) s += n.nodeValue;
    else if (n instanceof HTMLElement && !n.hasAttribute("data-b") && !n.hasAttribute("data-extra")) s += textOf(n);
  }
  return s;
}

const levelOf = (e: Element) => (/^H[1-6]$/.test(e.tagName) ? +e.tagName[1] : 0);

let known: Block[] | undefined;

function blocks(): Block[] {
  return (known =
    known ||
    place(
      elements().map((e) => {
        const text = normalise(textOf(e));
        return { id: e.dataset.b!, level: levelOf(e), fp: fingerprint(text), sec: "", grams: grams(text) };
      }),
    ));
}

/** The height at which people read. */
const line = () => innerHeight / 4;

export interface Here {
  b: string;
  off: number;
  anchor: Anchor;
  index: number;
}

const seen = (e: HTMLElement) => e.getClientRects().length > 0;

/** Where the reader is: the last block that begins above the line. */
export function here(): Here | undefined {
  const all = elements();
  let index = -1;
  all.forEach((e, i) => {
    if (seen(e) && (index < 0 || e.getBoundingClientRect().top <= line())) index = i;
  });
  if (index < 0) return;
  const r = all[index].getBoundingClientRect();
  const off = Math.round((100 * (line() - r.top)) / Math.max(r.height, 1));
  return { b: all[index].dataset.b!, off: Math.min(Math.max(off, 0), 100), anchor: anchor(blocks(), index), index };
}

export interface Found {
  index: number;
  sure: "exact" | "near" | "approximate";
  date?: string; // since when it is another
}

interface Published {
  changed?: Record<string, string>;
  retired?: Record<string, { to?: string; date?: string }>;
}

async function published(): Promise<Published> {
  const address = main.dataset.blocks; // none: no block has changed or gone
  if (!address) return {};
  const r = await fetch(address);
  return r.ok ? r.json() : {};
}

/** Where a saved place is now. The list of what became of blocks is fetched only when it is needed. */
export async function find(e: Entry): Promise<Found | undefined> {
  const at = (id: string | undefined) => blocks().findIndex((b) => b.id === id);
  const lang = document.documentElement.lang;
  const index = at(e.b);
  const same = index >= 0 && (!e.anchor || e.lang !== lang || e.rev === main.dataset.rev || e.anchor.fp === blocks()[index].fp);
  if (same) return { index, sure: "exact" };
  const list = await published().catch((): Published => ({}));
  if (index >= 0) return { index, sure: "near", date: (list.changed || {})[e.b] };
  let id: string | undefined = e.b;
  for (let i = 0; i < 16 && id; i++) {
    const gone: { to?: string; date?: string } | undefined = (list.retired || {})[id];
    id = gone && gone.to;
    if (at(id) >= 0) return { index: at(id), sure: "near", date: gone!.date };
  }
  if (!e.anchor || !blocks().length) return;
  const [i, sure] = match(blocks(), e.anchor);
  return { index: i, sure };
}

/** The heading that a block stands under, in words. */
export function partOf(index: number): string {
  const all = elements();
  for (let i = index; i >= 0; i--) if (levelOf(all[i])) return words(all[i]);
  const title = main.querySelector("h1");
  return title ? words(title) : "";
}

function words(e: Element): string {
  const copy = e.cloneNode(true) as Element;
  copy.querySelectorAll("rt, rp, svg, .hide").forEach((x) => x.remove());
  return copy.textContent!.replace(/\s+/g, " ").trim();
}

export const title = () => {
  const h = main.querySelector("h1");
  return h ? words(h) : document.title;
};

/** Whether a block is to be seen now. */
export function inView(index: number): boolean {
  const r = elements()[index].getBoundingClientRect();
  return r.bottom > 0 && r.top < innerHeight * 0.8;
}

/** Goes to a block, without motion, and puts the focus there. */
export function go(index: number, off: number): void {
  const e = elements()[index];
  if (!seen(e)) {
    // The reader sees one part at a time: its heading opens it.
    const part = e.closest("section");
    const heading = part && part.querySelector("h2[id]");
    if (heading) location.hash = heading.id;
  }
  const root = document.documentElement;
  const before = root.style.scrollBehavior;
  root.style.scrollBehavior = "auto";
  const r = e.getBoundingClientRect();
  scrollBy(0, r.top + (r.height > innerHeight / 2 ? (r.height * off) / 100 : 0) - line());
  root.style.scrollBehavior = before;
  e.setAttribute("tabindex", "-1");
  e.setAttribute("data-here", "");
  e.focus({ preventScroll: true });
  e.addEventListener("blur", () => e.removeAttribute("data-here"), { once: true });
}
