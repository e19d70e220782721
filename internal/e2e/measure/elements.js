// Every element of the page in document order, those of open shadow trees
// behind their host, with what getComputedStyle says of it.
(() => {
  const props = PROPS, colours = new Map();
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true, colorSpace: "srgb" });

  // plain writes a colour of any notation as r,g,b,a.
  const plain = text => {
    let c = colours.get(text);
    if (c === undefined) {
      const m = /^rgba?\(([^)]+)\)$/.exec(text);
      if (m) {
        const [r, g, b, a = 1] = m[1].split(/[\s,/]+/).filter(Boolean).map(Number);
        c = [r, g, b, a].join();
      } else {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = text;
        canvas.fillRect(0, 0, 1, 1);
        const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
        c = [r, g, b, a / 255].join();
      }
      colours.set(text, c);
    }
    return c;
  };

  const list = window.__elements = [], out = [];
  const walk = (root, shown) => {
    for (const e of root.children) {
      const s = getComputedStyle(e);
      const rendered = shown && s.display !== "none" && (s.display === "contents" || e.checkVisibility({ contentVisibilityAuto: false }));
      list.push(e);
      out.push([e.localName, rendered ? "yes" : "no", ...props.map(p => {
        const v = s.getPropertyValue(p);
        return p.endsWith("color") ? plain(v) : v;
      })]);
      if (e.shadowRoot) walk(e.shadowRoot, rendered);
      walk(e, e.shadowRoot ? true : rendered);
    }
  };
  walk(document, true);
  return out;
})()
