// Remembering the reader's place, and reading cards: both load on first use.

import { dress, load } from "./load";

/** Shows the control on pages that have places, and loads it where the reader has asked for it before. */
export function remember(): void {
  const box = document.getElementById("keep");
  const button = box && box.querySelector("button");
  if (box && button) {
    box.hidden = false;
    const want = () => {
      dress(button.dataset.css!);
      return load(button.dataset.src!);
    };
    const sorry = box.querySelector("p")!;
    button.addEventListener("click", () =>
      want().then(
        () => document.dispatchEvent(new Event("handrail-place")),
        () => (sorry.hidden = false),
      ),
    );
    try {
      if (sessionStorage["handrail-place"] || localStorage["handrail-place"]) want().catch(() => {});
    } catch {
      // storage is closed to us
    }
  }
  const card = document.querySelector<HTMLElement>("[data-card]");
  if (card && document.getElementById("card") && window.crypto && crypto.subtle) load(card.dataset.card!).catch(() => {});
}
