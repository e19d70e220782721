// Cuts a text into what is said at one go; package speech has the same in Go.

import { say } from "./speech-say";

/** A part of a text: where it stands and how it is said. */
export interface Sentence {
  from: number;
  to: number;
  said: string;
}

type Span = [number, number];

const stopMarks = "。！？…؟۔।";
const closers = "”’」』）》】)]\"'";
const goesOn = " mr mrs ms dr prof st no nos vs e.g i.e cf fig art para sec dept tel ext approx incl jan feb mar apr jun jul aug sep sept oct nov dec mt rev gen ";

const isDigit = (c: string) => c >= "0" && c <= "9";
const isAlnum = (c: string) => /^[0-9A-Za-z]$/.test(c);
const isHan = (c: string) => /^[一-鿿㐀-䶿〇]$/.test(c);
const isSpace = (c: string) => c === " " || (c >= "\t" && c <= "\r") || c === "\u00A0" || c === "　";
const inToken = (c: string) => /^[0-9A-Za-z.,:/\-@%—–〔〕号年月日元\u0300-\u036F\u064B-\u065F\u0F71-\u0F84]$/.test(c);

const wordy = ((): RegExp => {
  try {
    return new RegExp("[\\p{L}\\p{N}]", "u");
  } catch {
    return /[0-9A-Za-z\u00C0-\u1FFF\u2C00-\u2DFF\u3040-\uFEFE]/; // an engine that does not know classes of characters
  }
})();

/**
 * Cuts a text of one language into sentences, each at most limit characters
 * long when said, and spells each out.
 */
export function sentences(text: string, lang: string, limit = 80): Sentence[] {
  const cs = Array.from(text);
  const at = [0];
  for (const c of cs) at.push(at[at.length - 1] + c.length);
  const base = lang.toLowerCase().split("-")[0];
  const out: Sentence[] = [];
  for (const s of split(cs, base)) {
    for (const [from, to] of shorten(cs, s, base, limit)) {
      const said = say(cs.slice(from, to).join(""), lang);
      if (wordy.test(said)) out.push({ from: at[from], to: at[to], said });
    }
  }
  return out;
}

function trim(cs: string[], [from, to]: Span): Span {
  while (from < to && isSpace(cs[from])) from++;
  while (to > from && isSpace(cs[to - 1])) to--;
  return [from, to];
}

function split(cs: string[], lang: string): Span[] {
  const out: Span[] = [];
  let from = 0;
  const end = (to: number) => {
    const s = trim(cs, [from, to]);
    if (s[1] > s[0]) out.push(s);
    from = to;
  };
  for (let i = 0; i < cs.length; i++) {
    if (!stops(cs, from, i, lang)) continue;
    while (i + 1 < cs.length && (stopMarks + closers + ".!?；").includes(cs[i + 1])) i++;
    end(i + 1);
  }
  end(cs.length);
  return out;
}

function stops(cs: string[], from: number, i: number, lang: string): boolean {
  const c = cs[i];
  if (stopMarks.includes(c)) return true;
  if (c === "；") return lang === "zh";
  if (!".!?".includes(c)) return false;
  let next = i + 1;
  while (next < cs.length && (closers + ".!?").includes(cs[next])) next++;
  if (next === cs.length || (isHan(cs[next]) && c !== ".")) return true;
  if (!isSpace(cs[next])) return false;
  return c !== "." || !abbreviated(cs, from, i, next);
}

function abbreviated(cs: string[], from: number, i: number, next: number): boolean {
  while (next < cs.length && isSpace(cs[next])) next++;
  if (next < cs.length && cs[next] >= "a" && cs[next] <= "z") return true;
  let w = i;
  while (w > from && (isAlnum(cs[w - 1]) || (cs[w - 1] === "." && w < i))) w--;
  const word = cs.slice(w, i).join("");
  if (/^[A-Z]$/.test(word) && word !== "I") return true;
  const lead = trim(cs, [from, w]);
  if (word && word.length <= 2 && isDigit(word[0]) && lead[0] === lead[1]) return true;
  return goesOn.includes(" " + word.toLowerCase() + " ");
}

function shorten(cs: string[], [from, to]: Span, lang: string, limit: number): Span[] {
  if (to - from < 2 || Array.from(say(cs.slice(from, to).join(""), lang)).length <= limit) return [[from, to]];
  const cut = from + pause(cs.slice(from, to));
  return shorten(cs, trim(cs, [from, cut]), lang, limit).concat(shorten(cs, trim(cs, [cut, to]), lang, limit));
}

/** The best place to cut a sentence in two: at a mark, a space, or between words, near the middle. */
function pause(cs: string[]): number {
  const n = cs.length;
  const levels: ((i: number) => boolean)[] = [
    (i) => i * 5 > n && i * 5 < 4 * n && "，、：；,;:—".includes(cs[i - 1]) && !isDigit(cs[i]) && cs[i] !== "—",
    (i) => i * 10 > n && i * 10 < 9 * n && isSpace(cs[i]),
    (i) => !(inToken(cs[i - 1]) && inToken(cs[i])),
  ];
  for (const level of levels) {
    let best = 0;
    for (let i = 1; i < n; i++) {
      if (level(i) && (!best || Math.abs(2 * i - n) < Math.abs(2 * best - n))) best = i;
    }
    if (best) return best;
  }
  return Math.floor(n / 2);
}
