// The settings page: a choice shows and is kept at once; Save says so.

import "./main";
import { change, choices, chosen, keep } from "./ts/choices";

const form = document.getElementById("display-form") as HTMLFormElement | null;
const status = document.getElementById("display-status");

function inputs(): HTMLInputElement[] {
  return form ? Array.from(form.querySelectorAll<HTMLInputElement>("input[data-pref]")) : [];
}

/** Marks what is chosen now; the first of a group is what holds by default. */
function fill(): void {
  const c = choices();
  for (const i of inputs()) {
    const value = chosen(c, i.name);
    i.checked = value ? i.value === value : i.hasAttribute("data-default");
  }
}

/** Says one of the three messages that the page brings along. */
function say(id: string): void {
  const text = document.getElementById(id);
  if (!status || !text) return;
  status.textContent = "";
  setTimeout(() => (status.textContent = text.textContent), 50); // so that the same words are said again
}

function wanted(i: HTMLInputElement): string | undefined {
  return i.checked && !i.hasAttribute("data-default") ? i.value : undefined;
}

function chooseOne(e: Event): void {
  const i = e.target as HTMLInputElement;
  if (!i.hasAttribute("data-pref")) return;
  const before = i.getBoundingClientRect().top;
  if (status) status.textContent = "";
  if (!change({ [i.name]: wanted(i) })) say("not-kept");
  scrollBy(0, i.getBoundingClientRect().top - before); // what was pressed stays under the finger
}

function save(e: Event): void {
  e.preventDefault();
  const all: Record<string, string | undefined> = {};
  for (const i of inputs()) {
    if (i.type === "checkbox" || i.checked) all[i.name] = wanted(i);
  }
  say(change(all) ? "saved" : "not-kept");
}

/** Everything back to normal, in one press; only the edition stays. */
function reset(e: Event): void {
  e.preventDefault();
  const edition = choices().edition;
  say(keep(edition ? { v: 1, edition } : { v: 1 }) ? "reset" : "not-kept");
}

if (form) {
  form.hidden = false;
  form.addEventListener("change", chooseOne);
  form.addEventListener("submit", save);
  const back = form.querySelector("[name=reset]");
  if (back) back.addEventListener("click", reset);
  document.addEventListener("handrail", fill);
  fill();
  // Voice and speed: the part on reading aloud shows when there is a voice.
  const voices = document.getElementById("listen-settings");
  const part = document.getElementById("listen-part");
  if (voices && part) {
    const look = () => (part.hidden = !voices.childElementCount);
    new MutationObserver(look).observe(voices, { childList: true });
    look();
  }
}
