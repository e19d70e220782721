// Where the focus is, and whether a reader can see it there.
(want => {
  const M = window.__measure;
  if (want) { // how many stops Tab has to make: a group of radio buttons is one
    const groups = new Set();
    return [...document.querySelectorAll(M.controls)].filter(e => {
      if (e.disabled || e.tabIndex < 0 || e.closest("[inert]") || !e.checkVisibility({ visibilityProperty: true })) return false;
      if (e.type !== "radio") return true;
      const key = e.form + "/" + e.name;
      return !groups.has(key) && groups.add(key);
    }).length;
  }
  const e = document.activeElement;
  if (!e || e === document.body || e === document.documentElement) return { key: "", name: "", faults: [] };
  const faults = [], s = getComputedStyle(e), boxes = [...e.getClientRects()];
  const r = boxes.find(b => b.width > 1 && b.height > 1 && b.bottom > 0 && b.top < innerHeight);
  if (!r) faults.push("is out of view");
  else {
    const x = Math.min(Math.max(r.left + r.width / 2, 1), innerWidth - 1), y = Math.min(Math.max(r.top + r.height / 2, Math.max(r.top, 0) + 1), Math.min(r.bottom, innerHeight) - 1);
    const top = document.elementFromPoint(x, y);
    if (!top || !(e.contains(top) || top.contains(e) || [...(e.labels || [])].some(l => l.contains(top)))) faults.push("is covered by " + (top ? M.name(top) : "nothing"));
  }
  const ring = b => { const c = getComputedStyle(b); return c.outlineStyle !== "none" && parseFloat(c.outlineWidth) >= 2; };
  if (!ring(e) && !(e.closest(".pick") && ring(e.closest(".pick")))) faults.push("shows no ring");
  if (!e.matches("a[href], button, summary, input, select, textarea, audio, video") && !e.matches("[tabindex]")) faults.push("cannot be operated");
  e.dataset.stop ??= String(window.__stops = (window.__stops || 0) + 1);
  return { key: e.dataset.stop, name: M.name(e), kind: e.localName + (e.type ? ":" + e.type : ""), state: String(e.checked ?? e.parentElement?.open ?? ""), faults };
})
