// Shortcuts: Alt+Shift with a key, and the key alone for those who have asked
// for single keys (WCAG 2.1.4). Keys were chosen that no browser and no screen
// reader takes with Alt+Shift: Orca has most letters and 1 to 6, Chrome and
// Edge have B and T, Firefox gives Alt+Shift to accesskey, which this theme
// does not use. e.code names the key by its place, so the keyboard's language
// does not matter.

import { change, choices, chosen } from "./ts/choices";

const sizes = ["100", "125", "150", "200", "300", "400"];
const themes = ["", "light", "dark", "black-white", "white-black", "yellow-black", "cream"];

function step(list: string[], key: string, by: number, round: boolean): void {
  let i = Math.max(0, list.indexOf(chosen(choices(), key))) + by;
  if (round) i = (i + list.length) % list.length;
  change({ [key]: list[Math.max(0, Math.min(list.length - 1, i))] || undefined });
}

function toggle(key: string, value: string): void {
  change({ [key]: chosen(choices(), key) ? undefined : value });
}

function press(selector: string): void {
  const e = document.querySelector<HTMLElement>(selector);
  if (e) e.click();
}

/** The next or previous part, or line, of what is read one by one. */
function move(by: number): void {
  const c = choices();
  if (chosen(c, "one")) document.dispatchEvent(new CustomEvent("handrail-part", { detail: by }));
  else if (chosen(c, "ruler")) document.dispatchEvent(new CustomEvent("handrail-step", { detail: by }));
}

const actions: Record<string, () => void> = {
  Equal: () => step(sizes, "size", 1, false),
  NumpadAdd: () => step(sizes, "size", 1, false),
  Minus: () => step(sizes, "size", -1, false),
  NumpadSubtract: () => step(sizes, "size", -1, false),
  Digit0: () => change({ size: undefined }),
  KeyJ: () => step(themes, "theme", 1, true),
  KeyY: () => toggle("ruler", "1"),
  Period: () => move(1),
  Comma: () => move(-1),
  KeyS: () => document.dispatchEvent(new CustomEvent("handrail-listen")),
  KeyW: () => press("a[data-to]"),
  KeyD: () => press("a[data-ruler-src]"),
  KeyN: () => {
    location.hash = "help";
    const help = document.getElementById("help");
    if (help) {
      help.tabIndex = -1;
      help.focus();
    }
  },
};

document.addEventListener("handrail-key", (e) => {
  const act = actions[(e as CustomEvent<string>).detail];
  if (act) act();
});

/** Whether keys belong to what has the focus: to a field, an editor, a player. */
function typing(e: Element | null): boolean {
  return !!e && (e.matches("input:not([type=radio]):not([type=checkbox]),textarea,select,audio,video") || (e as HTMLElement).isContentEditable);
}

addEventListener("keydown", (e) => {
  if (e.altKey || e.ctrlKey || e.metaKey || e.shiftKey || e.isComposing || e.keyCode === 229 || e.repeat || e.defaultPrevented) return;
  if (!chosen(choices(), "keys") || typing(document.activeElement) || typing(e.target as Element)) return;
  const act = actions[e.code];
  if (act) {
    e.preventDefault();
    act();
  }
});
