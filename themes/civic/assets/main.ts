// Remembers which edition was read last and offers the other one. It never
// jumps by itself: the reader presses, or goes on reading here.

const key = "handrail";

interface Choice {
  v: number;
  edition?: string;
  [name: string]: unknown;
}

/** The reader's choices on this device; a fresh record when there are none. */
function choices(): Choice {
  try {
    const kept = JSON.parse(localStorage.getItem(key) || "");
    if (kept && kept.v === 1) return kept;
  } catch {
    // nothing kept, or storage is closed to us
  }
  return { v: 1 };
}

/** Keeps the choices; where storage is closed the page works all the same. */
function keep(c: Choice): void {
  try {
    localStorage.setItem(key, JSON.stringify(c));
  } catch {
    // private mode or full: nothing to tell the reader
  }
}

const here = document.documentElement.dataset.edition || "standard";
const offer = document.getElementById("offer");
const mine = choices();

// A press on an edition link is a choice; only a choice is kept.
for (const link of Array.from(document.querySelectorAll<HTMLAnchorElement>("a[data-to]"))) {
  link.addEventListener("click", () => keep({ ...choices(), edition: link.dataset.to }));
}

if (offer && mine.edition && mine.edition !== here) {
  offer.hidden = false;
  const stay = offer.querySelector("button");
  if (stay) {
    stay.addEventListener("click", () => {
      keep({ ...choices(), edition: here });
      offer.hidden = true;
      const main = document.getElementById("main");
      if (main) main.focus();
    });
  }
}
