// Loaded by the preview only: reloads the page after a rebuild and lists its
// findings in a panel that is outside the page's own tree (a shadow root on
// <html>, after <body>), so that what is judged and seen is the page itself.
const base = "/.handrail/dev/";
const words = await (await fetch(base + "words.json")).json();
const host = document.createElement("handrail-panel");
const root = host.attachShadow({ mode: "open" });
const sheet = new CSSStyleSheet();
sheet.replaceSync(await (await fetch(base + "panel.css")).text());
root.adoptedStyleSheets = [sheet];
document.documentElement.append(host);

const element = (name, props = {}, ...children) => {
  const e = Object.assign(document.createElement(name), props);
  e.append(...children);
  return e;
};

async function show() {
  const page = encodeURIComponent(location.pathname);
  const found = await (await fetch(`${base}findings.json?path=${page}`)).json();
  const list = element("ol");
  for (const f of found) {
    const open = element("button", { type: "button", textContent: f.source || f.page });
    open.onclick = async () => {
      const r = await fetch(base + "open", { method: "POST", body: new URLSearchParams({ source: f.source }) });
      status.textContent = r.ok ? words.opened : await r.text();
    };
    list.append(element("li", {}, element("b", { textContent: f.severity }), " ", f.message, " ", open,
      element("p", { textContent: f.fix })));
  }
  const status = element("p");
  status.setAttribute("role", "status");
  const title = words.findings.replace("{n}", found.length);
  const panel = element("details", { open: sessionStorage.getItem("handrail-panel") === "open" },
    element("summary", { textContent: title }), list, status,
    element("a", { href: base + "findings", textContent: words.all }));
  panel.addEventListener("toggle", () => sessionStorage.setItem("handrail-panel", panel.open ? "open" : ""));
  root.replaceChildren(panel);
  panel.classList.toggle("bad", found.some((f) => f.level === "error"));
}

function freshStyles(urls) {
  for (const link of document.querySelectorAll('link[rel="stylesheet"]')) {
    const next = urls.find((u) => u.name === link.getAttribute("href").replace(/\.[0-9A-Za-z]+\.css$/, ""));
    if (next) link.href = next.url;
  }
}

const events = new EventSource(base + "events");
events.addEventListener("reload", () => location.reload());
events.addEventListener("styles", (e) => freshStyles(JSON.parse(e.data)));
events.addEventListener("findings", show);
await show();
