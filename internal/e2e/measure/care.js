// The numbers of the care edition, from the boxes and colours that Chromium
// really draws. Returns {faults: [{what, at, got}], least: {what: worst value}}.
(opts => {
  const M = window.__measure, faults = [], least = {};
  const check = (what, got, want, at, most) => {
    const worse = most ? Math.max : Math.min;
    least[what] = worse(least[what] ?? got, got);
    if (most ? got > want + 0.01 : got < want - 0.01) faults.push({ what, at, got: Math.round(got * 100) / 100 });
  };
  const fault = (what, at) => faults.push({ what, at, got: 0 });

  // Text, generated text and markers: 7:1, whatever the size.
  const told = new Set();
  const unknown = e => {
    const why = M.unknown(e);
    if (why && !told.has(e)) { told.add(e); fault("ground", M.name(e) + ": " + why); }
  };
  M.texts((n, e) => {
    const s = getComputedStyle(e), svg = e.closest("svg");
    check("text", M.contrast(e, svg ? s.fill : s.webkitTextFillColor), 7, M.name(e));
    unknown(e);
    if (!svg && !e.closest("rt, sup, sub")) check("font", parseFloat(s.fontSize), opts.font, M.name(e));
    if (M.block(e) && getComputedStyle(M.block(e)).textAlign === "justify") fault("justified", M.name(e));
  });
  for (const e of document.querySelectorAll("body *")) {
    for (const pseudo of ["::before", "::after", "::marker", "::placeholder"]) {
      const s = getComputedStyle(e, pseudo);
      if (pseudo === "::placeholder" ? !e.placeholder : !/["\p{L}\p{N}]/u.test(s.content) || /^(none|normal|""|"" \/ "")$/.test(s.content)) continue;
      if (M.seen(e)) check("text", M.contrast(e, s.color), 7, M.name(e) + pseudo);
    }
  }

  // Icons: every stroke that draws them 4.5:1; charts, which are large, 3:1.
  for (const svg of document.querySelectorAll("svg")) {
    if (!M.seen(svg)) continue;
    const large = svg.getBoundingClientRect().width > 160;
    for (const shape of svg.querySelectorAll("path, circle, rect, line, polyline, polygon, ellipse")) {
      const s = getComputedStyle(shape), paints = [s.stroke, s.fill].filter(p => p !== "none" && !p.startsWith("url"));
      if (!paints.length || shape.closest("defs, clipPath, mask, .chart-gap")) continue; // a gap has the colour of the ground
      const o = Number(s.opacity);
      const best = Math.max(...paints.map(p => M.ratio(M.layers(svg, M.colour(p).map(v => v * o)), M.layers(svg))));
      check(large ? "chart" : "icon", best, large ? 3 : 4.5, M.name(svg.parentElement) + " " + shape.localName);
    }
  }

  // A control with a frame shows it: 3:1 by its border or its own ground.
  const sides = ["Top", "Bottom", "Left", "Right"];
  for (const e of document.querySelectorAll(M.controls)) {
    if (!M.seen(e)) continue;
    const s = getComputedStyle(e), field = /^(input|select|textarea|button)$/.test(e.localName);
    if (/^(checkbox|radio|range|file)$/.test(e.type) && s.appearance !== "none") continue; // the browser draws it
    const framed = sides.every(k => parseFloat(s["border" + k + "Width"]) > 0 && s["border" + k + "Style"] !== "none");
    const filled = M.colour(s.backgroundColor)[3] > 0 && M.ratio(M.layers(e), M.layers(e.parentElement)) > 1.01;
    if (!framed && !filled && !field) continue;
    const outside = M.layers(e.parentElement);
    const seen = [filled ? M.ratio(M.layers(e), outside) : 1];
    if (framed) for (const k of sides) seen.push(M.ratio(M.layers(e.parentElement, M.colour(s["border" + k + "Color"])), outside));
    if (/^(button)$/.test(e.localName) && s.textDecorationLine === "underline" && !framed && !filled) continue; // it looks like a link
    check("border", Math.max(...seen), 3, M.name(e));
  }

  // Targets: 60 × 60 where a reader decides or goes on, 44 × 44 for all else;
  // a link in running text has the height of its line.
  const main = "button, .btn, .doors a, .onward a, .turn a, .pick, a[href^='tel:'], a[href^='sms:'], a[rel~=prev], a[rel~=next], input[type=submit], input[type=button], input[type=reset]";
  for (const e of document.querySelectorAll(M.controls)) {
    if (!M.seen(e) || e.matches("a[href] *")) continue;
    const s = getComputedStyle(e);
    let box = e.getBoundingClientRect(), big = e.matches(main);
    if (/^(checkbox|radio)$/.test(e.type)) {
      const label = e.closest(".pick") || e.closest("label") || e.labels?.[0];
      if (label) {
        const l = label.getBoundingClientRect();
        box = { width: Math.max(box.right, l.right) - Math.min(box.left, l.left), height: Math.max(box.bottom, l.bottom) - Math.min(box.top, l.top) };
      }
      big = true;
    }
    if (s.display === "inline") {
      const line = x => parseFloat(getComputedStyle(x).lineHeight) || 1.2 * parseFloat(getComputedStyle(x).fontSize);
      check("line", Math.max(line(e), line(M.block(e))), 44, M.name(e));
      continue;
    }
    const least = Math.min(box.width, box.height);
    if (big) check("target-60", least, 60, M.name(e));
    else check("target-44", least, 44, M.name(e));
  }

  // Glyphs in a line box: 40 Han, or 80 others; a Han counts as two.
  const lines = new Map(), range = document.createRange();
  M.texts((n, e) => {
    if (e.closest("rt, svg, pre, select, textarea")) return;
    const b = M.block(e), text = n.data;
    const top = i => { range.setStart(n, i); range.setEnd(n, i + 1); const r = range.getClientRects(); return r.length ? r[r.length - 1] : null; };
    const middle = i => { for (let j = i; j < text.length; j++) { const r = top(j); if (r && r.width) return [j, r]; } return [text.length, null]; };
    for (let i = 0; i < text.length;) {
      const [from, r] = middle(i);
      if (!r) break;
      let lo = from, hi = text.length - 1; // the last glyph in the same line
      while (lo < hi) {
        const m = (lo + hi + 1) >> 1, [, q] = middle(m);
        if (q && Math.abs(q.top - r.top) < r.height / 2) lo = m; else hi = m - 1;
      }
      const part = text.slice(from, lo + 1).replace(/\s+/g, " ");
      const han = (part.match(/[\u2e80-\u9fff\uf900-\ufaff\uff01-\uff60]/g) || []).length;
      const key = Math.round((r.top + r.height / 2 + scrollY) / 16);
      if (!lines.has(b)) lines.set(b, new Map());
      const rows = lines.get(b);
      rows.set(key, (rows.get(key) || 0) + han + (part.length - han) / 2);
      i = lo + 1;
    }
  });
  for (const [b, rows] of lines) check("glyphs", Math.max(...rows.values()), 40, M.name(b), true);

  // Nothing moves.
  for (const a of document.getAnimations()) fault("motion", M.name(a.effect?.target || document.body));
  for (const e of document.querySelectorAll("body *")) {
    if (getComputedStyle(e).transitionDuration.split(",").some(d => parseFloat(d) > 0)) fault("motion", M.name(e));
  }
  return { faults, least };
})
