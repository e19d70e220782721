// Reading ruler and cross line. Both are drawn on one layer that nothing can
// press and no reader hears; the place of the focus is cut out of it, so that
// no line ever lies over the focus. They follow the mouse, the focus, the
// caret and the keys, but not a finger that scrolls.

import { choices, chosen } from "./ts/choices";

const layer = document.createElement("div");
layer.className = "guide";
layer.setAttribute("aria-hidden", "true");
layer.innerHTML = '<i class="r"></i><i class="r"></i><i class="x"></i><i class="y"></i>';
document.body.append(layer);
const [above, below, across, down] = Array.from(layer.children) as HTMLElement[];

let x = innerWidth / 2;
let y = innerHeight / 3;
let line = 32; // height of the line of text that is being read
let waiting = false;

function px(v: number): string {
  return Math.round(v) + "px";
}

/** The box of what has the focus, with its rings; nothing when nothing has. */
function focusBox(): DOMRect | undefined {
  const a = document.activeElement;
  if (!a || a === document.body || a.id === "main") return;
  const b = a.getBoundingClientRect();
  if (b.width && b.bottom > 0 && b.top < innerHeight) return new DOMRect(b.x - 9, b.y - 9, b.width + 18, b.height + 18);
}

function draw(): void {
  waiting = false;
  above.style.insetBlockStart = px(y - line * 0.75 - 4);
  below.style.insetBlockStart = px(y + line * 0.75);
  across.style.insetBlockStart = px(y - 1);
  down.style.left = px(x - 1); // where the pointer is, in either direction of writing
  const f = focusBox();
  const outer = `0 0,100% 0,100% 100%,0 100%,0 0`;
  layer.style.clipPath = f
    ? `polygon(evenodd,${outer},${px(f.left)} ${px(f.top)},${px(f.right)} ${px(f.top)},${px(f.right)} ${px(f.bottom)},${px(f.left)} ${px(f.bottom)},${px(f.left)} ${px(f.top)})`
    : "";
}

function soon(): void {
  if (!waiting) {
    waiting = true;
    requestAnimationFrame(draw);
  }
}

function follow(e: Element | null, toX: number, toY: number): void {
  x = toX;
  y = Math.max(8, Math.min(innerHeight - 8, toY));
  if (e) line = parseFloat(getComputedStyle(e).lineHeight) || line;
  soon();
}

addEventListener("pointermove", (e) => e.pointerType === "touch" || follow(e.target as Element, e.clientX, e.clientY));
addEventListener("click", (e) => e.detail && follow(e.target as Element, e.clientX, e.clientY));
addEventListener("focusin", (e) => {
  const to = e.target as Element;
  if (to.id === "main") return;
  requestAnimationFrame(() => {
    const b = to.getBoundingClientRect(); // the page has scrolled to it by now
    follow(to, b.left + 8, b.top + Math.min(b.height / 2, line / 2));
  });
});
addEventListener("focusout", soon);
addEventListener("scroll", soon, { passive: true });
addEventListener("resize", soon);

// The caret of a selection, or of caret browsing.
document.addEventListener("selectionchange", () => {
  const s = getSelection();
  if (!s || !s.rangeCount || !s.focusNode || !chosen(choices(), "ruler")) return;
  const r = document.createRange();
  r.setStart(s.focusNode, s.focusOffset);
  const b = r.getBoundingClientRect();
  if (b.height) follow(s.focusNode.parentElement, b.left, b.top + b.height / 2);
});

// A shortcut moves it line by line; the page scrolls when it would leave it.
document.addEventListener("handrail-step", (e) => {
  let to = y + (e as CustomEvent<number>).detail * line;
  const over = to < line ? to - innerHeight / 3 : to > innerHeight - line ? to - (innerHeight * 2) / 3 : 0;
  if (over) {
    scrollBy(0, over);
    to -= over;
  }
  follow(null, x, to);
});
draw();
