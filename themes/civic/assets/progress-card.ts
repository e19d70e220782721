// The page where reading goes on: makes a reading card, takes one from another
// device, and lists what its devices have been reading. The digits never go to
// the server: they stand behind the # of an address, or are typed here.

import { forget, fresh, isShared, keep, kept, type Kept } from "./progress-kept";
import { digitsOf, draw, keysOf, type Keys } from "./progress-keys";
import { picture } from "./progress-qr";
import { cardKeys, erase, keepKeys, pull, push, Refused } from "./progress-sync";

const card = document.getElementById("card")!;
const said = document.getElementById("card-say")!;
const form = document.getElementById("number") as HTMLFormElement;
const part = (name: string) => document.getElementById("card-" + name)!;

/** Shows one part of the page, and puts the focus on its heading where the reader has asked for it. */
function show(name: string, focus: boolean): void {
  for (const s of ["none", "made", "on"]) part(s).hidden = s !== name;
  part("sure").hidden = true;
  if (focus) part(name + "-h").focus();
}

/** Asks whether to erase everything, or takes the question back. */
function ask(yes: boolean): void {
  part("sure").hidden = !yes;
  (yes ? part("sure-h") : card.querySelector<HTMLElement>("[data-do=sure]")!).focus();
}

function say(key: string): void {
  said.hidden = false;
  said.textContent = "";
  setTimeout(() => (said.textContent = said.dataset[key]!), 50);
}

function sorry(e: unknown): void {
  if (!(e instanceof Refused)) say("offline");
  else say(e.status === 507 ? "full" : "refused");
}

const groups = (digits: string) => digits.replace(/(\d{4})(?=\d)/g, "$1 ");

let current: Keys | undefined; // of this visit

/**
 * This device uses a card from now on, and remembers places if it did not
 * before. A shared computer keeps no keys: what the card says is there until
 * the tab is closed.
 */
async function use(keys: Keys, k: Kept): Promise<void> {
  current = keys;
  k.card = !isShared();
  if (k.card) await keepKeys(keys);
  if (!keep(k, isShared())) throw new Error("nothing can be kept");
}

/** Makes a card, and writes what is known here to it. */
async function make(): Promise<void> {
  say("wait");
  const digits = draw();
  const keys = await keysOf(digits);
  const k = kept() || fresh();
  k.seq = 0;
  k.tags = {};
  k.pages[""] = { v: 1, page: "", at: [], done: { e: 0, s: [] } }; // so that the card is known to be one
  for (const page of Object.keys(k.pages)) await push(keys, k, page);
  await use(keys, k);
  const link = location.origin + location.pathname;
  part("code").textContent = groups(digits);
  part("link").textContent = link;
  const code = picture(link + "#k=" + digits);
  part("qr").textContent = "";
  if (code) part("qr").append(code);
  said.hidden = true;
  show("made", true);
}

/** Takes a card that another device has made. It says whether there is one. */
async function take(digits: string): Promise<boolean> {
  const keys = await keysOf(digits);
  const k = kept() || fresh();
  k.seq = 0;
  k.tags = {};
  if (!(await pull(keys, k))) return false;
  await use(keys, k);
  say("on");
  list(k);
  show("on", true);
  return true;
}

/** An address of this site in full; "" for any other, since who has the card may have written what they like. */
function local(u: unknown): string {
  try {
    const x = new URL(String(u), location.origin);
    return u && x.origin === location.origin ? x.href : "";
  } catch {
    return "";
  }
}

/** What was read last, on any device, as links. */
function list(k: Kept): void {
  const ul = part("list");
  ul.textContent = "";
  const latest = Object.keys(k.pages).map((p) => (k.pages[p].at || [])[0]).filter((e) => e && local(e.u));
  for (const e of latest.sort((a, b) => b.hlc - a.hlc).slice(0, 20)) {
    const a = document.createElement("a");
    a.href = local(e.u);
    a.textContent = e.t || e.u!;
    if (e.lang && e.lang !== document.documentElement.lang) a.lang = e.lang;
    const li = document.createElement("li");
    li.append(a);
    ul.append(li);
  }
  ul.hidden = part("list-h").hidden = !latest.length;
}

/** No card here any more; places stay on this device. */
function drop(): void {
  current = undefined;
  const k = kept();
  const shared = isShared();
  forget();
  if (!k) return;
  delete k.card;
  delete k.seq;
  delete k.tags;
  delete k.pages[""];
  keep(k, shared);
}

const acts: Record<string, () => Promise<void> | void> = {
  make,
  print: () => window.print(),
  done: () => {
    part("code").textContent = part("qr").textContent = "";
    list(kept() || fresh());
    show("on", true);
  },
  off: () => {
    drop();
    say("off");
    show("none", true);
  },
  sure: () => ask(true),
  keep: () => ask(false),
  erase: async () => {
    const keys = current || (await cardKeys());
    if (!keys) throw new Refused(404);
    await erase(keys);
    drop();
    say("erased");
    show("none", true);
  },
};

card.addEventListener("click", (e) => {
  const b = (e.target as Element).closest<HTMLButtonElement>("button[data-do]");
  if (!b || b.disabled) return;
  b.disabled = true;
  Promise.resolve()
    .then(acts[b.dataset.do!])
    .catch(sorry)
    .then(() => (b.disabled = false));
});

/** A number that is typed may be of a card or of a link: only the latter goes to the server. */
form.addEventListener("submit", (e) => {
  const digits = digitsOf(form.querySelector<HTMLInputElement>("#code")!.value);
  if (!digits) return; // the server says what is wrong
  e.preventDefault();
  say("wait");
  take(digits)
    .then((found) => found || form.submit())
    .catch(sorry);
});

async function start(): Promise<void> {
  card.hidden = false;
  part("hint").hidden = true; // here the number of a card is known from that of a link
  const scanned = /^#k=(\d{20})$/.exec(location.hash);
  if (scanned) {
    history.replaceState(null, "", location.pathname); // out of the address, and of what is kept of it
    // Never taken by itself: whoever has the card sees what is read here, and a link may come from anybody.
    form.querySelector<HTMLInputElement>("#code")!.value = groups(scanned[1]);
    form.querySelector("button")!.focus();
    say("scanned");
  }
  const k = kept();
  const keys = k && k.card ? await cardKeys() : undefined;
  if (!k || !keys) {
    show("none", false);
    return;
  }
  list(k);
  show("on", false);
  await pull(keys, k);
  keep(k);
  list(k);
}

start().catch(sorry);
