// One paragraph or one section at a time. Parts that are put away stay in the
// page: the browser's own search finds and shows them, and print has them all.
// Where a browser cannot search in what is put away, nothing is: each part
// gets a screen of its own instead.

import { change, choices, chosen, type Choices } from "./ts/choices";

const canHide = "onbeforematch" in document.body;
const run = document.querySelector<HTMLElement>("main .run");
const source = document.querySelector("[data-parts-text]");
const texts = ((source && source.getAttribute("data-parts-text")) || "").split("|");

let parts: HTMLElement[][] = [];
let frames: HTMLElement[] = []; // what parts stand in: without a part in view they take no room
let at = 0;
let mode = "";

/** What a part can be made of: lists and wrappers are looked into. */
function blocks(e: Element): HTMLElement[] {
  const out: HTMLElement[] = [];
  for (const c of Array.from(e.children) as HTMLElement[]) {
    if (c === bar || c.hidden || getComputedStyle(c).display === "none") continue;
    if (/^(SECTION|DIV|ARTICLE|UL|OL|NAV)$/.test(c.tagName) && c.children.length && !c.matches(".ways,.note,.doors")) {
      frames.push(c);
      out.push(...blocks(c));
    } else out.push(c);
  }
  return out;
}

/** Cuts the page: a part begins with a heading, or is one block under its headings. */
function cut(): void {
  parts = [];
  frames = [];
  let heads: HTMLElement[] = [];
  for (const b of run ? blocks(run) : []) {
    const level = /^H([1-6])$/.exec(b.tagName);
    if (level) {
      if (mode === "section" && +level[1] > 2 && parts.length) parts[parts.length - 1].push(b);
      else if (mode === "section") parts.push([b]);
      else heads = heads.filter((h) => h.tagName < b.tagName).concat(b);
    } else if (mode === "section" && parts.length) parts[parts.length - 1].push(b);
    else if (mode === "section") parts.push([b]);
    else parts.push(heads.concat(b));
  }
}

const bar = document.createElement("div");
bar.className = "turner";
bar.setAttribute("role", "group");
bar.setAttribute("aria-label", texts[0] || "");
const where = document.createElement("p");
const row = document.createElement("p");
row.className = "act";
bar.append(where, row);

function button(text: string, press: () => void, alt = "btn alt"): HTMLButtonElement {
  const b = document.createElement("button");
  b.type = "button";
  b.className = alt;
  b.textContent = text;
  b.addEventListener("click", press);
  row.append(b);
  return b;
}

const next = button(texts[3], () => go(at + 1), "btn");
const prev = button(texts[2], () => go(at - 1));
button(texts[4], () => {
  change({ one: undefined });
  focus(parts[at][0]);
});

function focus(e: HTMLElement): void {
  if (!e.matches("a,button,input,summary,[tabindex]")) {
    e.tabIndex = -1;
    e.addEventListener("blur", () => e.removeAttribute("tabindex"), { once: true });
  }
  e.focus();
  e.scrollIntoView({ block: "nearest" });
}

function put(e: HTMLElement, away: boolean): void {
  if (canHide) {
    e.classList.toggle("away", away);
    if (away) e.setAttribute("hidden", "until-found");
    else e.removeAttribute("hidden");
  }
}

/** Shows one part; the others are put away. */
function show(): void {
  const now = parts[at];
  for (const p of parts) for (const e of p) put(e, !now.includes(e));
  if (canHide) for (const f of frames) f.classList.toggle("away", !now.some((e) => f.contains(e)));
  if (!canHide) for (const p of parts) p[p.length - 1].classList.add("screen");
  where.textContent = (texts[1] || "").replace("{part}", String(at + 1)).replace("{total}", String(parts.length));
  prev.hidden = at === 0;
  next.hidden = at === parts.length - 1;
  if (canHide && run) run.append(bar);
  else now[now.length - 1].after(bar);
}

/** A press moves the focus to the part that it shows; nothing else does. */
function go(to: number): void {
  if (to < 0 || to >= parts.length) return;
  at = to;
  show();
  const part = parts[at];
  focus(part[mode === "section" ? 0 : part.length - 1]);
}

function whole(): void {
  for (const p of parts) {
    for (const e of p) {
      put(e, false);
      e.classList.remove("screen");
    }
  }
  for (const f of frames) f.classList.remove("away");
  bar.remove();
  mode = "";
}

function holding(e: Node | null): number {
  return e ? parts.findIndex((p) => p.some((b) => b.contains(e))) : -1;
}

function apply(c: Choices): void {
  const wanted = chosen(c, "one");
  if (wanted === mode || !run || run.querySelector("form")) return; // a form is never taken apart
  const kept = parts[at] && parts[at][parts[at].length - 1];
  if (mode) whole();
  if (!wanted) return;
  mode = wanted;
  cut();
  if (parts.length < 2) {
    mode = "";
    return;
  }
  at = Math.max(0, holding(kept || null), atHash());
  show();
}

/** The part that the address points to. */
function atHash(): number {
  let id = "";
  try {
    id = decodeURIComponent(location.hash.slice(1));
  } catch {
    // a broken address points nowhere
  }
  const target = id ? document.getElementById(id) : null;
  return target && run && run.contains(target) ? Math.max(holding(target), parts.findIndex((p) => target.contains(p[0]))) : -1;
}

function reveal(i: number): void {
  if (mode && i >= 0 && i !== at) {
    at = i;
    show();
  }
}

addEventListener("beforematch", (e) => reveal(holding(e.target as Node)));
addEventListener("hashchange", () => {
  if (mode) reveal(atHash());
});
addEventListener("focusin", (e) => reveal(holding(e.target as Node)));
document.addEventListener("handrail", (e) => apply((e as CustomEvent<Choices>).detail));
document.addEventListener("handrail-part", (e) => mode && go(at + (e as CustomEvent<number>).detail));
apply(choices());
