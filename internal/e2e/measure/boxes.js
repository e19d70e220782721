// Whether a page keeps together: nothing scrolls sideways, no text is cut off,
// no text lies over other text (WCAG 1.4.4, 1.4.10, 1.4.12).
(() => {
  const M = window.__measure, faults = [], root = document.scrollingElement;
  const told = new Map(); // each place once, with the worst of it
  const fault = (what, got, at) => {
    const key = what + at, was = told.get(key);
    if (was) { was.got = Math.max(was.got, Math.round(got)); return; }
    told.set(key, { what, got: Math.round(got), at });
    if (faults.length < 20) faults.push(told.get(key));
  };
  const wide = document.documentElement.clientWidth;

  const over = root.scrollWidth - root.clientWidth;
  if (over > 0) fault("sideways", over, "the page");

  // A box of its own may scroll if it holds a table or code and takes the focus.
  const scrolls = e => /auto|scroll/.test(getComputedStyle(e).overflowX);
  const allowed = e => e.tabIndex >= 0 && (e.matches("pre") || !!e.querySelector("table, pre"));
  for (const e of document.querySelectorAll("body *")) {
    const s = getComputedStyle(e);
    if (/^(inline|none|contents)$/.test(s.display) || e.closest("svg") || !M.seen(e) || /^(input|textarea|select|audio|video|iframe)$/.test(e.localName)) continue;
    const x = e.scrollWidth - e.clientWidth, y = e.scrollHeight - e.clientHeight;
    if (/hidden|clip/.test(s.overflowX) && x > 1 && e.innerText.trim()) fault("clipped", x, M.name(e));
    if (/hidden|clip/.test(s.overflowY) && y > 1 && e.innerText.trim()) fault("clipped", y, M.name(e));
    if (scrolls(e) && x > 1 && !allowed(e)) fault("scroller", x, M.name(e));
    if (/auto|scroll/.test(s.overflowY) && y > 1 && e.tabIndex < 0 && e !== root) fault("scroller", y, M.name(e));
  }

  // Every line of text lies inside the window and apart from every other.
  const lines = [], range = document.createRange();
  M.texts((n, e) => {
    for (let x = e; x; x = x.parentElement) if (scrolls(x) && allowed(x)) return;
    if (e.closest("svg")) return;
    range.selectNodeContents(n);
    for (const r of range.getClientRects()) {
      if (r.width < 1 || r.height < 1) continue;
      if (r.right > wide + 1 || r.left < -1) fault("outside", Math.max(r.right - wide, -r.left), M.name(e));
      // The middle of the line: boxes of tall fonts may touch where glyphs do not.
      lines.push({ e, n, left: r.left + 1, right: r.right - 1, top: r.top + r.height * .25, bottom: r.bottom - r.height * .25 });
    }
  });
  lines.sort((a, b) => a.top - b.top);
  for (let i = 0; i < lines.length; i++) {
    const a = lines[i];
    for (let j = i + 1; j < lines.length && lines[j].top < a.bottom - 1; j++) {
      const b = lines[j];
      if (a.n !== b.n && a.left < b.right - 1 && b.left < a.right - 1) fault("overlap", Math.min(a.bottom, b.bottom) - b.top, M.name(a.e) + " with " + M.name(b.e));
    }
  }
  return { faults, least: {} };
})
