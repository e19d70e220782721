// Finds the block of a page that a saved place means, when its id is not known
// any more; package block has the same in Go, and testdata/vectors.json there
// holds both to the same cases.

/** A block of the page, in its order. */
export interface Block {
  id: string;
  level: number; // of a heading 1 to 6, else 0
  fp: string;
  sec: string; // fp of its heading
  grams: number[];
}

/** What a saved place remembers of its block. */
export interface Anchor {
  fp: string;
  prev: string;
  next: string;
  sec: string;
  o: number; // blocks of its section before it
  i: number;
  n: number; // blocks of the page
  g?: number[] | null;
}

export type Certainty = "exact" | "near" | "approximate";

// What is neither letter nor digit: first and last, as in internal/block/text.go.
const dropped = [
  0, 0x2f, 0x3a, 0x60, 0x7b, 0xbf, 0xd7, 0xd7, 0xf7, 0xf7, 0x2b0, 0x36f, 0x591, 0x5c7, 0x60c, 0x60c, 0x61b, 0x61f, 0x640, 0x640,
  0x64b, 0x65f, 0x66a, 0x66d, 0x670, 0x670, 0x6d4, 0x6d4, 0x6d6, 0x6ed, 0x964, 0x965, 0x2000, 0x2bff, 0x2e00, 0x2e7f, 0x2ff0, 0x3004,
  0x3008, 0x3020, 0x302a, 0x3030, 0x3036, 0x3037, 0x303d, 0x303f, 0x30a0, 0x30a0, 0x30fb, 0x30fb, 0xd800, 0xdfff, 0xe000, 0xf8ff,
  0xfd3e, 0xfd3f, 0xfe00, 0xfe6f, 0xfeff, 0xfeff, 0xff00, 0xffff, 0x1f000, 0x1faff, 0xe0000, 0xe01ef,
];

function isDropped(c: number): boolean {
  for (let i = 1; i < dropped.length; i += 2) if (c <= dropped[i]) return c >= dropped[i - 1];
  return false;
}

/** Letters and digits only, in form NFKC and lower case. */
export function normalise(s: string): string {
  let out = "";
  for (const c of s.normalize("NFKC")) {
    for (const l of c.toLowerCase()) if (!isDropped(l.codePointAt(0)!)) out += l;
  }
  return out;
}

function mix(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

const hex = (n: number, digits: number) => ("0000000" + n.toString(16)).slice(-digits);

/** The fingerprint of a normalised text: twelve hexadecimal digits, or "". */
export function fingerprint(text: string): string {
  if (!text) return "";
  let a = 0x811c9dc5;
  let b = 0x9e3779b9;
  for (let i = 0; i < text.length; i++) {
    const u = text.charCodeAt(i);
    a = Math.imul(a ^ u, 0x01000193);
    b = Math.imul(b ^ u, 0x85ebca6b);
    b = (b << 13) | (b >>> 19);
  }
  return hex(mix(a), 8) + hex(mix(b) >>> 16, 4);
}

/** What a normalised text is made of: its short runs, hashed, as a sorted set. */
export function grams(text: string): number[] {
  const out = new Set<number>();
  for (let i = 0; i < text.length; i++) {
    const width = text.charCodeAt(i) >= 0x2e80 ? 2 : 4;
    if (i && i + width > text.length) continue;
    let h = 0x811c9dc5;
    for (let j = i; j < Math.min(i + width, text.length); j++) h = Math.imul(h ^ text.charCodeAt(j), 0x01000193);
    out.add(mix(h) >>> 16);
  }
  return Array.from(out).sort((x, y) => x - y);
}

const size = 48;

/** The sample of grams that is kept. */
export const sketch = (g: number[]) => g.slice(0, size);

/** How alike two texts are, from 0 to 1. */
export function dice(x: number[], y: number[]): number {
  x = sketch(x);
  y = sketch(y);
  let [i, j, seen, both] = [0, 0, 0, 0];
  for (; (i < x.length || j < y.length) && seen < size; seen++) {
    if (j === y.length || x[i] < y[j]) i++;
    else if (i === x.length || y[j] < x[i]) j++;
    else [i, j, both] = [i + 1, j + 1, both + 1];
  }
  const share = seen ? both / seen : 0;
  return (2 * share) / (1 + share);
}

/** Sets the section of every block: the heading that it stands under. */
export function place(blocks: Block[]): Block[] {
  const open: string[] = [];
  for (const b of blocks) {
    const level = b.level || 7;
    b.sec = "";
    for (let l = level - 1; l > 0 && !b.sec; l--) b.sec = open[l] || "";
    if (b.level) {
      open[level] = b.fp;
      open.length = level + 1;
    }
  }
  return blocks;
}

const fpAt = (blocks: Block[], i: number) => (blocks[i] ? blocks[i].fp : "");

/** What to remember of block i. */
export function anchor(blocks: Block[], i: number): Anchor {
  const { fp, sec, grams: g } = blocks[i];
  const o = blocks.slice(0, i).filter((b) => b.sec === sec).length;
  return { fp, prev: fpAt(blocks, i - 1), next: fpAt(blocks, i + 1), sec, o, i, n: blocks.length, g: sketch(g) };
}

/** The block that an anchor means, and how sure that is; -1 on an empty page. */
export function match(blocks: Block[], a: Anchor): [number, Certainty] {
  if (!blocks.length) return [-1, "approximate"];
  const g = a.g || [];
  const same = sameText(blocks, a, g);
  if (same[0] >= 0) return same;
  const like = likeText(blocks, a, g);
  if (like >= 0) return [like, "near"];
  const near = neighbours(blocks, a);
  if (near[0] >= 0) return near;
  const inSec = blocks.map((b, i) => (a.sec && b.sec === a.sec ? i : -1)).filter((i) => i >= 0);
  if (inSec.length) return [inSec[Math.min(a.o, inSec.length - 1)], "approximate"];
  const i = Math.floor((a.i / Math.max(a.n, 1)) * blocks.length + 0.5);
  return [Math.min(Math.max(i, 0), blocks.length - 1), "approximate"];
}

function context(blocks: Block[], a: Anchor, i: number): number {
  return +(fpAt(blocks, i - 1) === a.prev) + +(fpAt(blocks, i + 1) === a.next) + (blocks[i].sec === a.sec ? 0.5 : 0);
}

/** The very text; among several the neighbours decide. */
function sameText(blocks: Block[], a: Anchor, g: number[]): [number, Certainty] {
  let [best, at, second] = [-Infinity, -1, -Infinity];
  blocks.forEach((b, i) => {
    if (!a.fp || b.fp !== a.fp) return;
    const s = context(blocks, a, i) - 0.5 * Math.abs(i / blocks.length - a.i / Math.max(a.n, 1));
    if (s > best) [best, at, second] = [s, i, best];
    else if (s > second) second = s;
  });
  const unsure = at >= 0 && (best - second < 0.5 || (g.length < 12 && !context(blocks, a, at)));
  return [at, unsure ? "near" : "exact"];
}

/** A text like it: the nearer to the old place, the less alike it needs to be. */
function likeText(blocks: Block[], a: Anchor, g: number[]): number {
  if (!g.length) return -1;
  let [best, at, second] = [0, -1, 0];
  let [beside, besideAt, besideSecond] = [0, -1, 0];
  blocks.forEach((b, i) => {
    const d = dice(g, b.grams);
    if (d < 0.3) return;
    const [prev, next] = [fpAt(blocks, i - 1), fpAt(blocks, i + 1)];
    const near = (prev && prev === a.prev) || (next && next === a.next);
    if (near) {
      if (d > beside) [beside, besideAt, besideSecond] = [d, i, beside];
      else besideSecond = Math.max(besideSecond, d);
    } else if (d < 0.45 || (d < 0.6 && b.sec !== a.sec)) return;
    if (d > best) [best, at, second] = [d, i, best];
    else second = Math.max(second, d);
  });
  if (at >= 0 && best - second >= 0.05) return at;
  return besideAt >= 0 && beside - besideSecond >= 0.05 && beside >= best - 0.05 ? besideAt : -1;
}

/** Between the old neighbours, or beside the one that is left. */
function neighbours(blocks: Block[], a: Anchor): [number, Certainty] {
  for (let i = 1; i < blocks.length; i++) {
    if (a.prev && a.next && blocks[i - 1].fp === a.prev && blocks[i].fp === a.next) return [i, "near"];
  }
  const only = (fp: string) => {
    const all = blocks.map((b, i) => (fp && b.fp === fp ? i : -1)).filter((i) => i >= 0);
    return all.length === 1 ? all[0] : -1;
  };
  const [p, q] = [only(a.prev), only(a.next)];
  if (p >= 0 && q > p) return [p + 1, "near"];
  if (q >= 0 && p < 0) return [q, "approximate"];
  return p >= 0 ? [Math.min(p + 1, blocks.length - 1), "approximate"] : [-1, "near"];
}
