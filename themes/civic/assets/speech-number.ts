// Numbers as a voice says them; package speech has the same in Go.

const zhDigits = "零一二三四五六七八九";
const isDigit = (c: string) => c >= "0" && c <= "9";

/** Figures one by one; on the telephone one is 幺. */
export function zhSpell(s: string, phone = false): string {
  return s.replace(/\D/g, "").replace(/\d/g, (d) => (phone && d === "1" ? "幺" : zhDigits[+d]));
}

/** A whole number of up to 16 figures. */
export function zhInt(s: string): string {
  s = s.replace(/^0+/, "");
  if (!s) return "零";
  if (s.length > 16) return zhSpell(s);
  let out = "";
  let gap = false; // a figure 0 to be said
  for (let i = 0; i < s.length; i++) {
    const left = s.length - 1 - i;
    const unit = ["", "十", "百", "千"][left % 4];
    if (s[i] === "0") {
      gap = gap || out !== "";
    } else {
      if (gap) out += "零";
      gap = false;
      let d = zhDigits[+s[i]];
      if (s[i] === "2" && !out && (unit === "千" || (!unit && left))) d = "两";
      if (s[i] === "1" && !out && unit === "十") d = "";
      out += d + unit;
    }
    if (left && left % 4 === 0 && /[1-9]/.test(s.slice(Math.max(0, i - 3), i + 1))) out += ["", "万", "亿", "万亿"][left / 4];
  }
  return out;
}

const ones = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(" ");
const tens = "- - twenty thirty forty fifty sixty seventy eighty ninety".split(" ");
const big = "- thousand million billion trillion".split(" ");

/** Figures one by one. */
export function enSpell(s: string): string {
  return s
    .replace(/\D/g, "")
    .split("")
    .map((d) => ones[+d])
    .join(" ");
}

function hundreds(n: number): string {
  if (n >= 100) return ones[Math.floor(n / 100)] + " hundred" + (n % 100 ? " and " + hundreds(n % 100) : "");
  if (n < 20) return ones[n];
  return tens[Math.floor(n / 10)] + (n % 10 ? "-" + ones[n % 10] : "");
}

/** A whole number of up to 15 figures. */
export function enInt(s: string): string {
  s = s.replace(/^0+/, "");
  if (s.length > 15) return enSpell(s);
  const n = +s;
  if (n < 1000) return hundreds(n);
  const parts: string[] = [];
  for (let i = 4; i >= 0; i--) {
    const g = Math.floor(n / Math.pow(1000, i)) % 1000;
    if (!g) continue;
    parts.push(i ? hundreds(g) + " " + big[i] : (g < 100 ? "and " : "") + hundreds(g));
  }
  return parts.join(" ");
}

/** A year: twenty twenty-six, two thousand and five. */
export function enYear(s: string): string {
  const n = +s;
  if ((n >= 2000 && n < 2010) || n % 1000 === 0) return enInt(s);
  const rest = n % 100;
  return hundreds(Math.floor(n / 100)) + " " + (!rest ? "hundred" : rest < 10 ? "oh " + ones[rest] : hundreds(rest));
}

const nth: Record<string, string> = { one: "first", two: "second", three: "third", five: "fifth", eight: "eighth", nine: "ninth", twelve: "twelfth" };

/** 21 as twenty-first. */
export function enOrdinal(s: string): string {
  const w = enInt(s);
  const i = Math.max(w.lastIndexOf(" "), w.lastIndexOf("-")) + 1;
  const last = w.slice(i);
  if (nth[last]) return w.slice(0, i) + nth[last];
  return /y$/.test(last) ? w.slice(0, -1) + "ieth" : w + "th";
}

/** A figure that may have commas and a point. */
export function number(s: string, zh: boolean): string {
  const [whole, dec] = s.replace(/,/g, "").split(".");
  if (zh) return zhInt(whole) + (dec === undefined ? "" : "点" + zhSpell(dec));
  return enInt(whole) + (dec === undefined ? "" : " point " + enSpell(dec));
}

/** Figures one by one, as of a telephone number. */
export function spell(s: string, zh: boolean): string {
  return zh ? zhSpell(s, true) : enSpell(s);
}

/** Whole yuan, jiao and fen. */
export function yuan(n: string): string {
  const [whole, dec] = n.split(".");
  if (n === "2") return "两元";
  if (!dec || dec.length !== 2) return number(n, true) + "元";
  let said = number(whole, true) + "元";
  if (dec[0] !== "0") said += zhDigits[+dec[0]] + "角";
  else if (dec[1] !== "0") said += "零";
  if (dec[1] !== "0") said += zhDigits[+dec[1]] + "分";
  return said;
}

export { isDigit };
