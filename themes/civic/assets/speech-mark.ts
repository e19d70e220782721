// Shows which sentence is being read. The text itself stays as it is: the
// browser draws the highlight, or boxes lie over the words.

const name = "speech";

interface Highlights {
  set(name: string, highlight: unknown): void;
  delete(name: string): void;
}
const native = (): Highlights | undefined => (window.CSS && (CSS as unknown as { highlights?: Highlights }).highlights) || undefined;

let boxes: HTMLElement | undefined;
let shown: Range | undefined;

/** Marks one part of the page; without one, nothing. */
export function mark(range?: Range): void {
  shown = range;
  const highlights = native();
  if (highlights) {
    const make = (window as unknown as { Highlight: new (r: Range) => unknown }).Highlight;
    if (range) highlights.set(name, new make(range));
    else highlights.delete(name);
    return;
  }
  overlay();
}

/** Draws a frame round every line of the marked part. */
function overlay(): void {
  if (!boxes) {
    if (!shown) return;
    boxes = document.createElement("div");
    boxes.className = "speech-boxes";
    boxes.setAttribute("aria-hidden", "true");
    document.body.append(boxes);
    addEventListener("resize", overlay);
  }
  boxes.textContent = "";
  if (!shown) return;
  const origin = boxes.getBoundingClientRect();
  for (const r of Array.from(shown.getClientRects())) {
    if (r.width < 1 || r.height < 1) continue;
    const box = document.createElement("div");
    box.style.transform = `translate(${r.left - origin.left}px,${r.top - origin.top}px)`;
    box.style.width = r.width + "px";
    box.style.height = r.height + "px";
    boxes.append(box);
  }
}

/** Brings the marked part into view if it is out of view; room is taken at the bottom by the bar. */
export function reveal(range: Range, room: number): void {
  const r = range.getBoundingClientRect();
  const height = document.documentElement.clientHeight - room;
  if ((r.top >= 0 && r.bottom <= height) || (!r.width && !r.height)) return;
  scrollTo(scrollX, Math.max(0, scrollY + r.top - Math.max(8, (height - r.height) / 4)));
}
