// The reader's choices: one versioned value, in this browser's storage and in
// a cookie of the same name, which the companion server reads.

const name = "handrail";

/** What may be chosen, and with which values; internal/prefs has the same table. */
const table: Record<string, string> = {
  theme: "light dark black-white white-black yellow-black cream",
  size: "100 125 150 200 300 400",
  line: "1 2",
  letter: "1 2",
  word: "1 2",
  para: "1 2",
  narrow: "1",
  pointer: "1 2",
  ruler: "1",
  cross: "1",
  one: "paragraph section",
  pics: "off",
  pinyin: "1",
  under: "1",
  keys: "1",
};

/** A record of choices; a key that is absent stands for the default. */
export interface Choices {
  v: number;
  [key: string]: unknown;
}

/** The value of one choice if it is one that the table knows. */
export function chosen(c: Choices, key: string): string {
  const value = c[key];
  return typeof value === "string" && table[key].split(" ").includes(value) ? value : "";
}

function parse(read: () => string | null | undefined): Choices | undefined {
  try {
    const kept = JSON.parse(read() || "");
    if (kept && kept.v === 1) return kept;
  } catch {
    // nothing kept, or not ours, or storage is closed to us
  }
}

/** What was chosen in this browser; a fresh record when nothing was. */
export function choices(): Choices {
  return (
    parse(() => localStorage.getItem(name)) ||
    parse(() => decodeURIComponent((/(?:^|; )handrail=([^;]*)/.exec(document.cookie) || [])[1])) || { v: 1 }
  );
}

/** Keeps and shows the choices. It says whether they were kept: storage may be closed or full. */
export function keep(c: Choices): boolean {
  const text = JSON.stringify(c);
  let kept = false;
  try {
    localStorage.setItem(name, text);
    kept = true;
  } catch {
    // private mode or full: the cookie may do
  }
  // The server has no use for the names of voices.
  const value = name + "=" + encodeURIComponent(JSON.stringify(c, ["v", "edition", ...Object.keys(table)]));
  try {
    document.cookie = value + ";path=/;max-age=31536000;samesite=lax" + (location.protocol === "https:" ? ";secure" : "");
    kept = kept || document.cookie.split("; ").includes(value);
  } catch {
    // a page in a sandbox has no cookies
  }
  show(c);
  return kept;
}

/** Changes some choices; undefined takes one back. */
export function change(some: Record<string, string | undefined>): boolean {
  return keep({ ...choices(), ...some });
}

/** Puts the choices on the page and tells the modules that care. */
export function show(c: Choices): void {
  const root = document.documentElement;
  for (const key in table) {
    const value = chosen(c, key);
    if (key === "keys") continue;
    if (value) root.setAttribute("data-" + key, value);
    else root.removeAttribute("data-" + key);
  }
  if (+chosen(c, "size") > 199) root.setAttribute("data-big", "");
  else root.removeAttribute("data-big");
  document.dispatchEvent(new CustomEvent("handrail", { detail: c }));
}
