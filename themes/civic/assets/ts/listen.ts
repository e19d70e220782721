// Reading aloud: shows its control where the device has a voice for the
// page, and loads the reader on the first press.

import { change, choices } from "./choices";
import { load } from "./load";
import { voicesFor } from "./voices";

/** What the reader is told with each press; it brings its own copy of nothing that is here. */
export interface Press {
  range?: Range; // what is selected
  settings?: Element; // not a press: the place for the fields on the page with the settings
  choices: typeof choices;
  change: typeof change;
  voicesFor: typeof voicesFor;
}

/** Called once on every page. */
export function listen(): void {
  const box = document.getElementById("listen");
  const button = box && box.querySelector<HTMLElement>("[data-src]");
  if (!box || !button || !window.speechSynthesis || !window.SpeechSynthesisUtterance) return;
  const tell = (some: Partial<Press>) =>
    load(button.dataset.src!).then(() => {
      document.dispatchEvent(new CustomEvent("handrail-speech", { detail: { ...some, choices, change, voicesFor } }));
    });
  const settings = document.getElementById("listen-settings");
  const look = () => {
    if (!box.hidden || !voicesFor(document.documentElement.lang).length) return;
    box.hidden = false;
    if (settings) tell({ settings }).catch(() => {});
  };
  look();
  // Lists come late, and not every engine says so.
  speechSynthesis.onvoiceschanged = look;
  for (const wait of [500, 2000, 6000]) setTimeout(look, wait);

  let first = true;
  let selected: Range | undefined;
  // A press may take the selection away before it counts as a click.
  button.addEventListener("pointerdown", () => (selected = selection()));
  const press = () => {
    if (box.hidden) return;
    const range = selection() || selected;
    selected = undefined;
    // Some engines speak only if the first words come within the press.
    if (first) speechSynthesis.speak(new SpeechSynthesisUtterance(""));
    first = false;
    tell({ range }).catch(() => {
      const sorry = box.querySelector("p");
      if (sorry) sorry.hidden = false;
    });
  };
  button.addEventListener("click", press);
  document.addEventListener("handrail-listen", press); // a shortcut
}

function selection(): Range | undefined {
  const s = getSelection();
  if (s && s.rangeCount && !s.isCollapsed) return s.getRangeAt(0).cloneRange();
}
