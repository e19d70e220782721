// Reads the page aloud, sentence by sentence, with the device's own voices.
// It begins on a press only, moves no focus, tells assistive technology
// nothing and takes no key but Escape, and that while its bar is open.

import { hush, utter } from "./speech-engine";
import { mark, reveal } from "./speech-mark";
import { sentences } from "./speech-split";
import { say } from "./speech-say";
import { place, walk } from "./speech-walk";
import type { Press } from "./ts/listen";

interface Unit {
  range: Range;
  said: string;
  lang: string;
}

const box = document.getElementById("listen")!;
const button = box.querySelector<HTMLElement>("[data-src]")!;
const bar = box.querySelector<HTMLElement>(".speech")!;
const note = bar.querySelector<HTMLElement>(".speech-note")!;
const main = document.getElementById("main")!;
const pageLang = document.documentElement.lang;
const rates = ["0.5", "0.75", "1", "1.25", "1.5"];

/** The bar is shown in its own style sheet, come or failed. */
const dressed = new Promise<unknown>((done) => {
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = button.dataset.css!;
  sheet.onload = sheet.onerror = done;
  document.head.append(sheet);
});

let press: Press; // the last one, with what the page's own script lends us
let units: Unit[] = [];
let at = 0;
let playing = false;
let selected: Range | undefined;

const part = <E extends HTMLElement>(name: string) => bar.querySelector<E>(`[data-do="${name}"]`)!;

/** The rate that the reader has chosen. */
function rate(): number {
  const kept = String(press.choices().rate);
  return rates.includes(kept) ? +kept : 1;
}

/** The voices that the reader has chosen, by language: "zh-CN=Name" in each line. */
function kept(): Record<string, string> {
  const out: Record<string, string> = {};
  for (const line of String(press.choices().voice || "").split("\n")) {
    const i = line.indexOf("=");
    if (i > 0) out[line.slice(0, i)] = line.slice(i + 1);
  }
  return out;
}

function voiceFor(lang: string): SpeechSynthesisVoice | undefined {
  const all = press.voicesFor(lang);
  return all.find((v) => v.name === kept()[lang]) || all[0];
}

/** Cuts the page, or a part of it, into what is said at one go. */
function collect(range?: Range): Unit[] {
  const out: Unit[] = [];
  for (const run of walk(main, range)) {
    const voice = voiceFor(run.lang);
    // Voices out of the network stop after some seconds, wherever they are.
    const limit = (voice && !voice.localService ? 40 : 80) * Math.min(1, rate());
    const zh = /^zh/i.test(run.lang);
    let lead = run.lead ? say(run.lead, run.lang) + (zh ? "：" : ": ") : "";
    for (const s of sentences(run.text, run.lang, Math.max(20, limit - lead.length))) {
      out.push({ range: place(run, s.from, s.to), said: lead + s.said, lang: run.lang });
      lead = "";
    }
  }
  return out;
}

/** Says something for the eye; screen readers find it when they come by. */
function tell(key: string, more = ""): void {
  note.hidden = !key;
  note.textContent = key ? note.dataset[key] + more : "";
  fit();
}

function languageName(tag: string): string {
  try {
    const names = (Intl as unknown as { DisplayNames: new (l: string, o: object) => { of(t: string): string } }).DisplayNames;
    return new names(pageLang, { type: "language" }).of(tag) || tag;
  } catch {
    return tag;
  }
}

/** Shows which of the two words the button for pausing has. */
function show(on: boolean): void {
  playing = on;
  const [pause, go] = Array.from(part("toggle").children) as HTMLElement[];
  pause.hidden = !on;
  go.hidden = on;
}

/** Reads on from the sentence at the place, leaving out what no voice can read. */
function read(): void {
  hush();
  const skipped: string[] = [];
  while (at < units.length && !voiceFor(units[at].lang)) {
    const name = languageName(units[at].lang);
    if (!skipped.includes(name)) skipped.push(name);
    at++;
  }
  if (skipped.length) tell("mute", skipped.join(", "));
  if (at >= units.length) return finish();
  const u = units[at];
  const voice = voiceFor(u.lang)!;
  mark(u.range);
  show(true);
  reveal(u.range, bar.offsetHeight);
  utter(u.said, voice, rate(), {
    done: () => {
      at++;
      read();
    },
    dead: (silent) => {
      show(false);
      if (silent) tell("dead");
    },
  });
}

/** At the end the bar stays, since the focus may be in it; reading again begins at the top. */
function finish(): void {
  mark();
  show(false);
  at = 0;
}

/** Reads the page or a part of it, from the first sentence that fits. */
function start(range?: Range, first?: (u: Unit) => boolean): void {
  tell("");
  units = collect(range);
  at = first ? Math.max(0, units.findIndex(first)) : 0;
  open();
  if (units.length) read();
  else tell("none");
}

function pause(): void {
  hush(); // engines on telephones cannot pause; the sentence is said again
  show(false);
}

function step(by: number): void {
  at = Math.min(Math.max(0, at + by), Math.max(0, units.length - 1));
  while (by < 0 && at > 0 && !voiceFor(units[at].lang)) at--;
  if (!units.length) return;
  if (playing) return read();
  mark(units[at].range);
  reveal(units[at].range, bar.offsetHeight);
}

/** Reads from the selection on, else from the first sentence in view. */
function here(): void {
  const from = selected;
  start(undefined, (u) =>
    from ? u.range.compareBoundaryPoints(Range.START_TO_END, from) > 0 : u.range.getBoundingClientRect().bottom > 8,
  );
}

function open(): void {
  bar.hidden = false;
  button.setAttribute("aria-pressed", "true");
  fit();
}

function close(): void {
  hush();
  mark();
  show(false);
  const inside = bar.contains(document.activeElement);
  bar.hidden = true;
  button.setAttribute("aria-pressed", "false");
  fit();
  if (inside) button.focus(); // what had the focus is gone
}

/** Keeps room for the bar below the page, and below whatever gets the focus. */
function fit(): void {
  const high = !bar.hidden && getComputedStyle(bar).position === "fixed" ? bar.offsetHeight + "px" : "";
  document.body.style.paddingBottom = high;
  document.documentElement.style.scrollPaddingBottom = high;
}

function uncover(e: Element): void {
  if (bar.hidden || bar.contains(e) || e === main) return;
  const over = e.getBoundingClientRect().bottom + 8 - bar.getBoundingClientRect().top;
  if (over > 0 && getComputedStyle(bar).position === "fixed") scrollBy(0, over);
}

/** Fills the fields for speed and voice; a language with one voice needs no choice. */
function fill(fields: Element): void {
  fields.querySelector<HTMLSelectElement>("[data-do=rate]")!.value = String(rate());
  const list = fields.querySelector<HTMLSelectElement>("[data-do=voice]")!;
  const all = press.voicesFor(pageLang);
  list.textContent = "";
  for (const v of all) {
    const o = document.createElement("option");
    o.textContent = v.name;
    o.selected = v === voiceFor(pageLang);
    list.append(o);
  }
  (list.parentElement as HTMLElement).hidden = all.length < 2;
}

/** Keeps a choice of speed or voice, and goes on with it. */
function choose(e: Event): void {
  const field = e.target as HTMLSelectElement;
  if (field.dataset.do === "rate") press.change({ rate: field.value });
  else {
    const lines = { ...kept(), [pageLang]: field.value };
    press.change({
      voice: Object.keys(lines)
        .map((k) => k + "=" + lines[k])
        .join("\n"),
    });
  }
  if (playing) read();
}

const acts: Record<string, () => void> = {
  prev: () => step(-1),
  next: () => step(1),
  toggle: () => (playing ? pause() : units.length ? read() : start()),
  stop: close,
  top: () => start(),
  here,
  selection: () => selected && start(selected),
};

bar.addEventListener("click", (e) => {
  const b = (e.target as Element).closest<HTMLElement>("button[data-do]");
  if (b) acts[b.dataset.do!]();
});

const fields = bar.querySelector(".speech-fields")!;
fields.addEventListener("change", choose);
bar.addEventListener("toggle", fit, true);

document.addEventListener("selectionchange", () => {
  const s = getSelection();
  const held = s && s.rangeCount && !s.isCollapsed && main.contains(s.anchorNode) ? s.getRangeAt(0).cloneRange() : undefined;
  // Pressing a button may end the selection; what was selected last counts while the focus is in the bar.
  if (held || !bar.contains(document.activeElement)) selected = held;
  part("selection").hidden = !selected;
});

/** The page with the settings has the same fields. */
function settle(place: Element): void {
  const own = fields.cloneNode(true) as Element;
  fill(own);
  own.addEventListener("change", choose);
  place.append(own);
}

document.addEventListener("handrail-speech", (e) => {
  press = (e as CustomEvent<Press>).detail;
  dressed.then(() => {
    if (press.settings) return settle(press.settings);
    if (!bar.hidden) return close();
    selected = press.range && main.contains(press.range.startContainer) ? press.range : undefined;
    part("selection").hidden = !selected;
    fill(fields);
    start(selected);
  });
});

document.addEventListener("keydown", (e) => {
  if (e.key === "Escape" && !bar.hidden && !e.defaultPrevented && !e.isComposing) close();
});
document.addEventListener("focusin", (e) => uncover(e.target as Element));
addEventListener("resize", fit);
addEventListener("pagehide", () => {
  hush();
  show(false);
});
