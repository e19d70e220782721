// Gives each control the focus in turn and measures the ring: at least 2 px,
// 3:1 with what it is drawn on, by its line or by the halo beside it.
(() => {
  const M = window.__measure, faults = [], least = {};
  for (const e of document.querySelectorAll(M.controls)) {
    if (!M.seen(e) && !e.closest(".skip") || e.disabled) continue;
    e.focus({ focusVisible: true, preventScroll: true });
    if (document.activeElement !== e) continue;
    let marked = e; // the ring may be drawn by the box that holds a field
    if (/^(checkbox|radio)$/.test(e.type) && parseFloat(getComputedStyle(e).outlineWidth) === 0) marked = e.closest(".pick") || e;
    const s = getComputedStyle(marked), behind = M.layers(marked.parentElement);
    const rings = [];
    if (s.outlineStyle === "auto") rings.push([3, "auto"]);
    else if (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2) rings.push([parseFloat(s.outlineWidth), s.outlineColor]);
    for (const m of s.boxShadow.matchAll(/(rgba?\([^)]*\)|color\([^)]*\)) 0px 0px 0px ([\d.]+)px/g)) if (parseFloat(m[2]) >= 2) rings.push([parseFloat(m[2]), m[1]]);
    const best = Math.max(1, ...rings.map(([, c]) => c === "auto" ? 3 : M.ratio(M.layers(marked.parentElement, M.colour(c)), behind)));
    least.focus = Math.min(least.focus ?? best, best);
    if (best < 2.99) faults.push({ what: "focus", at: M.name(e), got: Math.round(best * 100) / 100 });
  }
  document.querySelector(M.controls)?.focus(); // Tab goes on from here, not out of the page
  return { faults, least };
})
