// What the measurements share: names of elements, what can be seen, and the
// colour that reaches the eye once every layer is laid over the one below.
(() => {
  const M = window.__measure = {};

  // name says which element is meant, in a form that a person finds again.
  M.name = e => {
    const id = e.id ? "#" + e.id : "", cls = typeof e.className === "string" && e.className ? "." + e.className.trim().split(/\s+/).join(".") : "";
    return e.localName + id + cls + " “" + (e.innerText || e.value || e.getAttribute("aria-label") || "").trim().replace(/\s+/g, " ").slice(0, 24) + "”";
  };

  // seen: rendered, not hidden, not clipped to nothing, not parked off the page.
  M.seen = e => {
    if (!e.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: false })) return false;
    const r = e.getBoundingClientRect();
    if (r.width * r.height === 0 && getComputedStyle(e).overflow !== "visible") return false;
    if (r.bottom + scrollY <= 0) return false;
    for (let x = e; x; x = x.parentElement) if (/inset\(50%/.test(getComputedStyle(x).clipPath)) return false;
    return true;
  };

  // Colours are kept with premultiplied alpha, so that layers add up simply.
  const cache = new Map();
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true, colorSpace: "srgb" });
  M.colour = text => {
    let c = cache.get(text);
    if (!c) {
      const m = /^rgba?\(([^)]+)\)$/.exec(text);
      if (m) {
        const [r, g, b, a = 1] = m[1].split(/[\s,/]+/).filter(Boolean).map(Number);
        c = [r * a, g * a, b * a, a];
      } else { // color(), oklch() and what else there may be
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = text;
        canvas.fillRect(0, 0, 1, 1);
        const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
        c = [r * a / 255, g * a / 255, b * a / 255, a / 255];
      }
      cache.set(text, c);
    }
    return c;
  };
  const over = (top, under) => top.map((v, i) => v + under[i] * (1 - top[3]));

  // layers composites the backgrounds and opacities of e and all around it, with
  // paint on top of e's own background (CSS Color 4, 12; Compositing 1, 10).
  M.layers = (e, paint) => {
    let group = paint || [0, 0, 0, 0];
    for (let x = e; x; x = x.parentElement) {
      const s = getComputedStyle(x), o = Number(s.opacity);
      group = over(group, M.colour(s.backgroundColor));
      if (o < 1) group = group.map(v => v * o);
    }
    const ground = getComputedStyle(document.documentElement).colorScheme === "dark" ? [18, 18, 18, 1] : [255, 255, 255, 1];
    return over(group, ground);
  };

  // unknown says why the colour behind e cannot be reckoned, "" when it can.
  M.unknown = e => {
    for (let x = e; x; x = x.parentElement) {
      const s = getComputedStyle(x);
      if (s.backgroundImage !== "none") return "a picture or gradient lies behind";
      if (s.filter !== "none" || (s.backdropFilter || "none") !== "none" || s.mixBlendMode !== "normal") return "a filter or blend changes colours";
    }
    return "";
  };

  // ratio is the contrast of two opaque colours (WCAG 2.2, contrast ratio).
  M.ratio = (a, b) => {
    const f = v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    const l = c => 0.2126 * f(c[0]) + 0.7152 * f(c[1]) + 0.0722 * f(c[2]);
    const [x, y] = [l(a), l(b)].sort((p, q) => q - p);
    return (x + 0.05) / (y + 0.05);
  };

  // contrast of a colour painted inside e with what lies behind it there.
  M.contrast = (e, text) => M.ratio(M.layers(e, M.colour(text)), M.layers(e));

  // texts visits every text node that can be seen.
  M.texts = visit => {
    const w = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const known = new Map();
    while (w.nextNode()) {
      const n = w.currentNode, e = n.parentElement;
      if (!/\S/.test(n.data) || /^(script|style|noscript|template|option|rp)$/.test(e.localName)) continue;
      if (!known.has(e)) known.set(e, M.seen(e));
      if (known.get(e)) visit(n, e);
    }
  };

  // block is the block container that lays out the line of e.
  M.block = e => {
    while (e.parentElement && /^(inline|contents|ruby|ruby-text)$/.test(getComputedStyle(e).display)) e = e.parentElement;
    return e;
  };

  M.controls = "a[href], button, input:not([type=hidden]), select, textarea, summary, audio[controls], video[controls], [tabindex='0'], [contenteditable]";
})();
true
