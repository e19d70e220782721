// What every page does with script: it offers the edition that was read last,
// and loads a comfort when the reader's choices ask for it. The page is whole
// without any of this.

import { change, choices, chosen, show, type Choices } from "./ts/choices";
import { listen } from "./ts/listen";
import { dress, load } from "./ts/load";
import { remember } from "./ts/remember";

const here = document.documentElement.dataset.edition || "standard";

/** Edition: a press on an edition link is a choice. It is offered, never jumped to. */
function editions(): void {
  for (const link of Array.from(document.querySelectorAll<HTMLElement>("a[data-to]"))) {
    link.addEventListener("click", () => change({ edition: link.dataset.to }));
  }
  const offer = document.getElementById("offer");
  const last = choices().edition;
  if (!offer || last === here || (last !== "care" && last !== "standard")) return;
  offer.hidden = false;
  const stay = offer.querySelector("button");
  if (stay) {
    stay.addEventListener("click", () => {
      change({ edition: here });
      offer.hidden = true;
      const main = document.getElementById("main");
      if (main) main.focus();
    });
  }
}

/** The number to come back with stands behind the # of its link: it goes into its field and out of the address. */
function comeBack(): void {
  const field = document.querySelector<HTMLInputElement>("input#code");
  if (!field || field.value || !/^#\d{20}$/.test(location.hash)) return;
  field.value = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
}

/** The link to the settings carries the addresses of the comforts. */
const comforts = document.querySelector<HTMLElement>("[data-ruler-src]");

function comfort(name: string): Promise<void> {
  const url = comforts && comforts.getAttribute("data-" + name + "-src");
  if (!comforts || !url) return Promise.reject();
  if (name === "ruler" || name === "parts") dress(comforts.dataset.css!);
  return load(url);
}

function want(c: Choices): void {
  const quiet = () => {}; // a comfort that cannot be had leaves the page as it is
  if (chosen(c, "ruler") || chosen(c, "cross")) comfort("ruler").catch(quiet);
  if (chosen(c, "pics")) comfort("pics").catch(quiet);
  if (chosen(c, "one")) comfort("parts").catch(quiet);
  if (chosen(c, "keys")) comfort("keys").catch(quiet);
}

/** Alt+Shift with one of these keys asks for the shortcuts, which know what each is for. */
const keys = /^(Equal|Minus|Numpad(Add|Subtract)|Digit0|Key[DJNSWY]|Comma|Period)$/;

addEventListener("keydown", (e) => {
  if (e.altKey && e.shiftKey && !e.ctrlKey && !e.metaKey && !e.isComposing && keys.test(e.code)) {
    e.preventDefault();
    comfort("keys").then(
      () => document.dispatchEvent(new CustomEvent("handrail-key", { detail: e.code })),
      () => {},
    );
  }
});

document.addEventListener("handrail", (e) => want((e as CustomEvent<Choices>).detail));
// Chosen in another tab, or before the reader came back to this page.
addEventListener("storage", () => show(choices()));
addEventListener("pageshow", (e) => e.persisted && show(choices()));

const worker = document.documentElement.dataset.sw; // keeps the pages that the site lists, for reading offline
if (worker && navigator.serviceWorker) navigator.serviceWorker.register(worker).catch(() => {});

editions();
comeBack();
show(choices()); // and what the table does not know goes
listen();
remember();
