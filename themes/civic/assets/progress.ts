// Remembers where the reader is on long pages, when asked to, on this device.
// It offers the place and never jumps to it; it says how sure it is; and it
// writes over a place only when the reader has read on.

import { forget, fresh, isShared, keep, kept, type Kept } from "./progress-kept";
import { find, go, here, inView, main, page, partOf, title, type Found, type Here } from "./progress-page";
import { merge, next, type Entry } from "./progress-slot";
import { cardKeys, pull, push } from "./progress-sync";

const button = document.querySelector<HTMLElement>("#keep button")!;
const box = document.getElementById("place")!;
const [began, shared, beganShared, on, ok, mark, marked, forgetIt, forgot, cannot, was, wasElsewhere, changed, changedSome, about] =
  button.dataset.text!.split("|");
const say = box.querySelector("span")!;
const [first, second] = Array.from(box.querySelectorAll("button"));
const [goThere, stay] = [first.textContent!, second.textContent!];
const link = box.querySelector("a");

type Answer = [string, () => void];

/** Shows the bar with one or two answers. What it says is announced politely; the focus stays. */
function show(text: string, one: Answer, two?: Answer, more = false): void {
  box.hidden = false;
  button.setAttribute("aria-expanded", "true");
  [first, second].forEach((b, i) => {
    const a = [one, two][i];
    b.hidden = !a;
    b.textContent = a ? a[0] : "";
    b.onclick = a ? a[1] : null;
  });
  if (link) link.hidden = !more;
  say.textContent = "";
  setTimeout(() => (say.textContent = text), 50); // so that it is heard
}

/** Closes the bar; the focus goes back to where it came from. */
function close(): void {
  const inside = box.contains(document.activeElement);
  box.hidden = true;
  button.setAttribute("aria-expanded", "false");
  if (inside) button.focus();
}

const done: Answer = [ok, close];

let state = kept();
let asked: Found | undefined; // offered and not answered
let floor = -1; // an approximate place: nothing is written before the reader has read on from here
let moved = false; // the reader, not the page

function begin(): void {
  state = fresh();
  if (!keep(state, false)) {
    state = undefined;
    show(cannot, done);
    return;
  }
  shown();
  show(began, done, [shared, () => {
    const now = state || fresh();
    forget();
    show(keep(now, true) ? beganShared : cannot, done);
  }]);
}

function shown(): void {
  button.setAttribute("aria-pressed", String(!!state));
}

function menu(): void {
  show(on, [mark, () => {
    const at = here();
    if (at && write(at, "mark")) show(marked.replace("{part}", partOf(at.index)), done);
    else show(cannot, done);
  }], [forgetIt, () => {
    forget();
    state = asked = undefined;
    shown();
    show(forgot, done);
  }], !isShared());
}

/** Stores where the reader is. */
function write(at: Here, reason: string): boolean {
  state = kept(); // another tab may have written, or forgotten
  if (!state) return false;
  state.hlc = next(state.hlc, Date.now());
  const e: Entry = {
    dev: state.dev, hlc: state.hlc, lang: document.documentElement.lang, rev: main.dataset.rev || "",
    b: at.b, off: at.off, anchor: at.anchor, reason, t: title().slice(0, 60), u: location.pathname,
  };
  const own = { v: 1, page, at: [e], done: { e: 0, s: [] } };
  state.pages[page] = state.pages[page] ? merge(state.pages[page], own) : own;
  const stored = keep(state);
  if (stored && state.card) send(reason !== "rest");
  return stored;
}

let sent = 0;

/** Writes the page to the card: at once when the reader leaves, else not too often. */
function send(now: boolean): void {
  if (!now && Date.now() - sent < 20000) return;
  sent = Date.now();
  const s = state!;
  cardKeys()
    .then((k) => k && push(k, s, page))
    .then(() => blend(s))
    .catch(() => {}); // it is on this device, and goes along with the next
}

/** Keeps what the server has told, beside what was written meanwhile. */
function blend(told: Kept): void {
  const now = kept();
  if (!now || !now.card) return;
  for (const p in told.pages) now.pages[p] = now.pages[p] ? merge(now.pages[p], told.pages[p]) : told.pages[p];
  now.tags = told.tags;
  now.seq = told.seq;
  keep(now);
  state = now;
}

/** Whether what is on the screen now may be written without being asked. */
function mayWrite(at: Here): boolean {
  if (!moved) return false;
  if (asked) return at.index > asked.index;
  return floor < 0 ? at.index > 1 || !!(state && state.pages[page]) : at.index > floor;
}

function rest(reason: string): void {
  if (!kept()) return;
  const at = here();
  if (!at || !mayWrite(at)) return;
  floor = -1;
  write(at, reason);
}

/** Offers the latest place, of this device or another. */
async function offer(): Promise<void> {
  if (state && state.card) {
    const s = state;
    const fetched = cardKeys().then((k) => (k ? pull(k, s) : 0)).then(() => blend(s)).catch(() => {});
    await Promise.race([fetched, new Promise((late) => setTimeout(late, 2500))]);
  }
  const slot = state && state.pages[page];
  const e = slot && slot.at && slot.at[0];
  if (!e) return;
  const found = await find(e);
  if (!found || inView(found.index)) return;
  asked = found;
  const own = e.dev === state!.dev;
  const text = (own ? was : wasElsewhere).replace("{part}", partOf(found.index)) + " " + certainty(found);
  const answered = () => {
    if (found.sure === "approximate") floor = found.index;
    asked = undefined;
    moved = false;
  };
  show(text.trim(), [goThere, () => {
    answered();
    close();
    go(found.index, e.off);
  }], [stay, () => {
    answered();
    floor = -1;
    close();
    main.focus({ preventScroll: true });
  }]);
}

function certainty(f: Found): string {
  if (f.sure === "exact") return "";
  if (f.sure === "approximate") return about;
  const day = f.date && new Date(f.date + "T12:00:00");
  if (!day || isNaN(+day)) return changedSome;
  const lang = document.documentElement.lang;
  return changed.replace("{date}", day.toLocaleDateString(lang, { year: "numeric", month: "long", day: "numeric" }));
}

let timer: ReturnType<typeof setTimeout>;

for (const did of ["wheel", "touchmove", "keydown", "pointerdown"]) {
  addEventListener(did, () => (moved = true), { passive: true });
}
addEventListener("scroll", () => {
  clearTimeout(timer);
  timer = setTimeout(() => rest("rest"), 5000);
}, { passive: true });
document.addEventListener("visibilitychange", () => document.hidden && rest("leave"));
addEventListener("pagehide", () => rest("leave"));

document.addEventListener("handrail-place", () => {
  if (!box.hidden) close();
  else if (kept()) menu();
  else begin();
});
shown();
if (state) offer().catch(() => {});
