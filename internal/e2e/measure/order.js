// Whether the page is read in the order in which it is seen, and whether every
// change of language is marked. Returns what is wrong, as sentences.
(() => {
  const M = window.__measure, out = [], rtl = document.documentElement.dir === "rtl";

  // Reading order: a block that comes later lies neither above an earlier one in
  // the same column nor before it in the same row (WCAG 1.3.2, 2.4.3).
  const blocks = [], range = document.createRange(), seen = new Set();
  M.texts((n, e) => {
    const b = M.block(e);
    if (seen.has(b) || b.closest("svg, .skip")) return;
    seen.add(b);
    range.selectNodeContents(n);
    const r = range.getBoundingClientRect();
    blocks.push({ b, top: r.top, bottom: r.bottom, left: r.left, right: r.right });
  });
  for (let i = 0; i < blocks.length && out.length < 10; i++) {
    for (let j = i + 1; j < blocks.length; j++) {
      const a = blocks[i], c = blocks[j];
      if (a.b.contains(c.b) || c.b.contains(a.b)) continue;
      const column = Math.min(a.right, c.right) - Math.max(a.left, c.left) > 4;
      const row = Math.min(a.bottom, c.bottom) - Math.max(a.top, c.top) > Math.min(a.bottom - a.top, c.bottom - c.top) / 2;
      if (column && c.bottom <= a.top) out.push(`${M.name(c.b)} is read after ${M.name(a.b)} but stands above it`);
      if (row && !column && (rtl ? c.left >= a.right : c.right <= a.left)) out.push(`${M.name(c.b)} is read after ${M.name(a.b)} but stands before it in the row`);
    }
  }

  // Languages: a run of letters of a script lies under a language of that script.
  const scripts = [
    [/[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]/u, /^(ar|ug|fa|ur|ps|kk|ky)(-|$)/],
    [/[\u4e00-\u9fff]/u, /^(zh|ja|yue|ko|ii|za)(-|$)/],
    [/\p{Script=Tibetan}/u, /^(bo|dz)(-|$)/],
    [/\p{Script=Mongolian}/u, /^(mn|mnc)(-|$)/],
    [/(\p{Script=Latin}{3,}[\s,.’-]+){4,}/u, /^(?!(zh|ja|yue|ar|ug|bo|fa|ur)(-|$))/],
  ];
  M.texts((n, e) => {
    const lang = (e.closest("[lang]")?.lang || "").toLowerCase();
    if (e.closest("code, pre, kbd, samp, [translate=no]")) return;
    for (const [has, fits] of scripts) if (has.test(n.data) && !fits.test(lang)) out.push(`“${n.data.trim().slice(0, 40)}” is marked ${lang || "with no language"}`);
  });
  return out;
})
