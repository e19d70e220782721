// Spells a text out for a voice: figures, dates, money, numbers of documents,
// telephone numbers, signs and short forms, in Chinese and English. Package
// speech has the same in Go; both are held to the same examples.

import { enInt, enOrdinal, enSpell, enYear, isDigit, number, spell, yuan, zhInt, zhSpell } from "./speech-number";

interface Match {
  parts: string[];
  at: number;
  end: number;
  text: string;
  zh: boolean;
  phone: number; // where the last telephone number ended; a rule may set it
}

type Rule = [lang: string, pattern: RegExp, say: (m: Match) => string];

const num = "\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?|\\d+(?:\\.\\d+)?";
const year = "(?:1[5-9]|20|21)\\d\\d";
const month = "1[0-2]|0?[1-9]";
const day = "[12]\\d|3[01]|0?[1-9]";
const months = "January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec";
const counters = "个名人份天次家位种项条件张套户间块本周页层年元斤岁倍类级辆台所封对";

const isAlnum = (c: string) => /^[0-9A-Za-z]$/.test(c);
const next = (m: Match) => m.text.charAt(m.end);
const lead = (m: Match) => m.text.slice(Math.max(0, m.at - 16), m.at);
const on = (lang: string, pattern: string, f: (m: Match) => string): Rule => [lang, new RegExp("(?:" + pattern + ")", "y"), f];
const full = (name: string) => months.split("|").find((n) => n.startsWith(name.slice(0, 3)))!;
const yearAfter = (y: string) => (y ? ", " + enYear(y) : "");
const enDate = (d: string, name: string, y: string) => "the " + enOrdinal(d) + " of " + full(name) + yearAfter(y);
const halfDay = (letter: string) => (letter ? " " + letter + " m" : "");

const rules: Rule[] = [
  on("", "[A-Za-z0-9][A-Za-z0-9._+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\\.)+[A-Za-z]{2,10}", address),
  on("", "https?://([A-Za-z0-9._~/?#=&%+:-]{0,300}[A-Za-z0-9])/?|(www\\.[A-Za-z0-9._~/?#=&%+:-]{0,300}[A-Za-z0-9])/?", address),
  on("zh", "[〔\\[［【(（]((?:19|20)\\d\\d)[〕\\]］】)）](第?)(\\d{1,6})号", (m) => "，" + zhSpell(m.parts[1]) + "，" + m.parts[2] + zhInt(m.parts[3]) + "号"),
  on("", `(${year})([-/.])(${month})[-/.](${day})`, (m) =>
    m.zh
      ? zhSpell(m.parts[1]) + "年" + zhInt(m.parts[3]) + "月" + zhInt(m.parts[4]) + "日"
      : enDate(m.parts[4], months.split("|")[+m.parts[3] - 1], m.parts[1]),
  ),
  on("en", `(${day})(?:st|nd|rd|th)? (${months})(?:,? (${year}))?`, (m) => enDate(m.parts[1], m.parts[2], m.parts[3])),
  on("en", `(${months})\\.? (${day})(?:st|nd|rd|th)?(?:, (${year}))?`, (m) => full(m.parts[1]) + " " + enOrdinal(m.parts[2]) + yearAfter(m.parts[3])),
  on("en", `(${months}) (${year})`, (m) => full(m.parts[1]) + " " + enYear(m.parts[2])),
  on("zh", `(${year})年? ?(?:——|[-–—～~至]) ?(${year})年`, (m) => zhSpell(m.parts[1]) + "到" + zhSpell(m.parts[2]) + "年"),
  on("zh", `(${year})年`, (m) => zhSpell(m.parts[1]) + "年"),
  on(
    "",
    "\\+\\d{1,3}(?:[ -]\\d{2,5}){2,4}|[(（]0\\d{2,3}[)）] ?\\d{3,4}[ -]?\\d{4}|0\\d{2,3}-\\d{3,4}-\\d{4}|0\\d{2,3}[ -]\\d{7,8}|0\\d{2,3} \\d{3,4} \\d{4}|[48]00[ -]?\\d{3}[ -]?\\d{4}|1[3-9]\\d[ -]?\\d{4}[ -]?\\d{4}",
    (m) => {
      m.phone = m.end;
      return (m.parts[0][0] === "+" ? (m.zh ? "加" : "plus ") : "") + groups(m);
    },
  ),
  on("", "1(?:10|12|19|20|22)|12\\d{3}|9[56]\\d{3,4}|100\\d{2}|911|999", hotline),
  on("", `\\d{4,6}(?:\\.\\d+)?-(${year})`, (m) => {
    const n = m.parts[0].slice(0, -5).split(".");
    return m.zh ? n.map((g) => zhSpell(g)).join("点") + "，" + zhSpell(m.parts[1]) : n.map(enSpell).join(" point ") + ", " + enYear(m.parts[1]);
  }),
  on("", "\\d{1,8}(?:-\\d{1,8}){2,}", groups),
  on("", "([01]?\\d|2[0-4])[:：]([0-5]\\d)(?:[:：]([0-5]\\d))?(?: ?([ap])\\.?m\\.?)?", clock),
  on("en", "(1[0-2]|[1-9]) ?([ap])\\.?m\\.?", (m) => enInt(m.parts[1]) + halfDay(m.parts[2])),
  on("", `(US\\$|RMB ?|CNY ?|[¥￥$€£]) ?(${num})(万|亿| million| billion| thousand)?(元)?`, money),
  on("zh", `(${num})元`, (m) => yuan(m.parts[1])),
  on("", `(${num}) ?([%‰])`, (m) => {
    const n = number(m.parts[1], m.zh);
    const cent = m.parts[2] === "%";
    return m.zh ? (cent ? "百分之" : "千分之") + n : n + (cent ? " percent" : " per thousand");
  }),
  on("", `(${num}) ?(km/h|kWh|km²|km2|km|kg|kW|kB|KB|cm|mm|min|mg|ml|mL|m²|m2|m³|m3|m|㎡|g|GB|MB|l|L|℃|°C|h)`, measure),
  on("en", "(\\d+)(?:st|nd|rd|th)", (m) => enOrdinal(m.parts[1])),
  on("", "\\d+(?:\\.\\d+){2,}", (m) =>
    m.parts[0]
      .split(".")
      .map((g) => number(g, m.zh))
      .join(m.zh ? "点" : " point "),
  ),
  on("", "(\\d{1,3})/(\\d{1,3})", fraction),
  on("", `(${num}) ?[:：] ?(${num})`, (m) => number(m.parts[1], m.zh) + (m.zh ? "比" : " to ") + number(m.parts[2], m.zh)),
  on("", "[A-Z0-9]{1,20}(?:-[A-Z0-9]{1,20}){0,5}", code),
  on("", "0\\d+|\\d{8,}", (m) => (/[.,]/.test(next(m)) && isDigit(m.text.charAt(m.end + 1)) ? "" : spell(m.parts[0], m.zh))),
  on("en", year, (m) => (yearCue.test(lead(m)) ? enYear(m.parts[0]) : "")),
  on("zh", "2", (m) => (next(m) && (counters + "千万亿").includes(next(m)) && m.text.charAt(m.at - 1) !== "第" ? "两" : "")),
  on("", num, (m) => number(m.parts[0], m.zh)),
  on("en", "[A-Za-z](?:\\.[A-Za-z])+\\.?|[A-Za-z]{2,7}\\.?", shortForm),
  on("zh", "[A-Za-z]{1,5}(?:/[A-Z])?", (m) => {
    const w = m.parts[0].replace(/\//g, "");
    return w.length < 2 || w.toUpperCase() !== w ? "" : " " + w.split("").join(" ") + " ";
  }),
];

const yearCue = new RegExp(
  `(?:^|[^a-z])(?:in|since|by|from|until|till|of|before|after|year|between|and|to|during|through|early|late|mid|spring|summer|autumn|winter|${months}) $`,
  "i",
);

function address(m: Match): string {
  const words: Record<string, [string, string]> = {
    "@": ["艾特", " at "],
    ".": ["点", " dot "],
    "/": ["斜杠", " slash "],
    "-": ["杠", " dash "],
    _: ["下划线", " underscore "],
    ":": ["冒号", " colon "],
  };
  const text = m.parts.slice(1).reduce((t, p) => p || t, m.parts[0]);
  return text.replace(/[^]/g, (c) => (words[c] ? words[c][m.zh ? 0 : 1] : !isDigit(c) ? c : m.zh ? zhSpell(c) : " " + enSpell(c) + " "));
}

function groups(m: Match): string {
  return m.parts[0]
    .split(/\D+/)
    .filter(Boolean)
    .map((g) => spell(g, m.zh))
    .join(m.zh ? "，" : ", ");
}

const hotlineCue =
  /(?:拨打|拨|打|电话|热线|致电|短信|呼叫|转|(?:^|[^a-z])(?:call|calling|phone|telephone|dial|text|texting|ring|number|hotline|tel|on|at|to))[:： .]{0,3}$/i;

function hotline(m: Match): string {
  const called =
    /^(?:热线|电话| hotline)/.test(m.text.slice(m.end)) || (m.phone > 0 && /^(?:[、，,/和或 ]|or|and){1,5}$/.test(m.text.slice(m.phone, m.at)));
  if (!called && !hotlineCue.test(lead(m))) {
    const long = /^12\d{3}$/.test(m.parts[0]);
    if (!long || (next(m) && (counters + "元户万亿米吨日月%.").includes(next(m))) || m.text.charAt(m.at - 1) === ".") return "";
  }
  if (/^(?:[,%元]|[.-]\d)/.test(m.text.slice(m.end))) return "";
  m.phone = m.end;
  return spell(m.parts[0], m.zh);
}

function clock(m: Match): string {
  const [, h, min, sec, half] = m.parts;
  if (m.zh) {
    let said = +h === 2 ? "两点" : zhInt(h) + "点";
    if (min !== "00" || sec) said += (min[0] === "0" ? "零" : "") + (min !== "00" ? zhInt(min) : "") + "分";
    return said + (sec ? zhInt(sec) + "秒" : "");
  }
  let said = enInt(h);
  if (min !== "00") said += (min[0] === "0" ? " oh " : " ") + enInt(min);
  else if (!half) said += " o'clock";
  if (sec) said += " and " + number(sec, false) + " second" + (sec === "1" ? "" : "s");
  return said + halfDay(half);
}

const currencies: Record<string, [string, string]> = {
  $: ["美元", "dollars"],
  US$: ["美元", "US dollars"],
  "€": ["欧元", "euros"],
  "£": ["英镑", "pounds"],
};

function money(m: Match): string {
  const c = currencies[m.parts[1].trim()] || ["元", "yuan"];
  let n = m.parts[2];
  const big = m.parts[3];
  if (m.zh) return !big && c[0] === "元" ? yuan(n) : number(n, true) + big + c[0];
  n = n.replace(/\.00$/, "");
  const unit = n === "1" && !big ? c[1].replace(/s$/, "") : c[1];
  return number(n, false) + (big === "万" ? " times ten thousand" : big === "亿" ? " times a hundred million" : big) + " " + unit;
}

const units: Record<string, string> = {
  "km/h": "公里每小时|kilometres an hour",
  kWh: "千瓦时|kilowatt hours",
  "km²": "平方公里|square kilometres",
  "m²": "平方米|square metres",
  "m³": "立方米|cubic metres",
  km: "公里|kilometres",
  cm: "厘米|centimetres",
  mm: "毫米|millimetres",
  m: "米|metres",
  kg: "公斤|kilograms",
  mg: "毫克|milligrams",
  g: "克|grams",
  ml: "毫升|millilitres",
  l: "升|litres",
  "℃": "摄氏度|degrees Celsius",
  kW: "千瓦|kilowatts",
  GB: "吉字节|gigabytes",
  MB: "兆字节|megabytes",
  kB: "千字节|kilobytes",
  min: "分钟|minutes",
  h: "小时|hours",
};
const sameUnit: Record<string, string> = { km2: "km²", m2: "m²", "㎡": "m²", m3: "m³", mL: "ml", L: "l", "°C": "℃", KB: "kB" };

function measure(m: Match): string {
  const [zh, en] = units[sameUnit[m.parts[2]] || m.parts[2]].split("|");
  const n = number(m.parts[1], m.zh);
  if (m.zh) return (n === "二" ? "两" : n) + zh;
  return n + " " + (m.parts[1] === "1" ? en.replace(/(degree|metre|litre|gram|byte|hour|watt|minute)s/g, "$1") : en);
}

function fraction(m: Match): string {
  const a = +m.parts[1];
  const b = +m.parts[2];
  if (!a || a >= b || next(m) === "/") return "";
  if (m.zh) return zhInt(m.parts[2]) + "分之" + zhInt(m.parts[1]);
  const part = b === 2 ? "half" : b === 4 ? "quarter" : enOrdinal(String(b));
  return enInt(String(a)) + " " + part + (a > 1 ? "s" : "");
}

function code(m: Match): string {
  const text = m.parts[0];
  if (!/\d/.test(text) || !/[A-Z]/.test(text)) return "";
  if (text.length < 6 && !text.includes("-")) {
    return text
      .match(/\d+|[A-Z]+/g)!
      .map((g) => (isDigit(g[0]) ? number(g, m.zh) : g.split("").join(" ")))
      .join(" ");
  }
  const out = text.split("").map((c) => (c === "-" ? (m.zh ? "，" : ", ") : isDigit(c) ? spell(c, m.zh) : " " + c + " "));
  return out.join(m.zh ? "" : " ");
}

const shorts: Record<string, string> = {};
for (const pair of (
  "e.g.=for example|i.e.=that is|etc.=et cetera|etc=et cetera|vs.=versus|vs=versus|mr.=Mister|mrs.=Missus|ms.=Miz|dr.=Doctor|prof.=Professor|st.=Saint|" +
  "no.=number|nos.=numbers|approx.=about|dept.=department|govt.=government|govt=government|tel.=telephone|tel=telephone|ext.=extension|incl.=including|" +
  "fig.=figure|art.=article|para.=paragraph|sec.=section|sept.=September|jan.=January|feb.=February|aug.=August|oct.=October|nov.=November|dec.=December|" +
  "a.m.=a m|p.m.=p m"
).split("|")) {
  const [short, said] = pair.split("=");
  shorts[short] = said;
}

function shortForm(m: Match): string {
  const w = m.parts[0].toLowerCase();
  if (/^(no|nos|art|sec|fig|dec)\.$/.test(w) && !/^ \d/.test(m.text.slice(m.end))) return "";
  if (shorts[w]) return shorts[w] + (/\.$/.test(w) && m.end === m.text.length && w !== "mr." ? "." : "");
  const cut = w.slice(0, -1);
  if (!/\.$/.test(w) || !shorts[cut]) return "";
  m.end--;
  return shorts[cut];
}

/** Signs that are said as words or a pause, or not at all: Chinese, English. */
const signs: Record<string, [string, string]> = {};
for (const [chars, zh, en] of [
  ["《》〈〉“”「」『』\"*★☆※✓", "", ""],
  ["‘’", "", "'"],
  ["•●■（）()[]【】〔〕—–…|→", "，", ", "],
  ["_", " ", " "],
  ["·", "", " "],
  ["/", "或", " "],
  ["&", "和", "and"],
  ["+", "加", "plus"],
  ["×", "乘", "times"],
  ["=", "等于", "equals"],
  ["≥", "大于等于", "at least"],
  ["≤", "小于等于", "at most"],
  [">", "大于", "greater than"],
  ["<", "小于", "less than"],
  ["#", "", "number"],
  ["№", "第", "number"],
  ["@", "艾特", "at"],
  ["°", "度", "degrees"],
  ["§", "第", "section"],
  ["%", "百分号", "percent"],
  ["−", "负", "minus"],
  ["~～", "到", "to"],
]) {
  for (const c of chars) signs[c] = [zh, en];
}

function fold(text: string): string {
  return text
    .replace(/[\u200B-\u200F\uFEFF\u00AD\u202A-\u202E\u2060-\u2069\uFFFD]/g, "")
    .replace(/[０-９Ａ-Ｚａ-ｚ％＋－．＠]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/[\t-\r \u00A0\u3000]+/g, " ");
}

/** The last figure or letter near the end of a text is a figure. */
const endsInFigure = (text: string) => /\d[^\d]{0,5}$/.test(text);

/** Spells a text out; texts in other languages are only rid of what has no sound. */
export function say(source: string, lang: string): string {
  const base = lang.toLowerCase().split("-")[0];
  const text = fold(source);
  if (base !== "zh" && base !== "en") return text.trim();
  const zh = base === "zh";
  const pad = (w: string) => (zh ? w : " " + w + " ");
  let out = "";
  let at = 0;
  let phone = 0;

  /** Says what the first rule that fits makes of the words at the place. */
  const rule = (): boolean => {
    if (isAlnum(text[at]) ? at && isAlnum(text[at - 1]) : !"+(（[［〔【¥￥$€£".includes(text[at])) return false;
    for (const [l, pattern, f] of rules) {
      if (l && l !== base) continue;
      pattern.lastIndex = at;
      const found = pattern.exec(text);
      if (!found || !found[0]) continue;
      const m: Match = { parts: Array.from(found, (p) => p || ""), at, end: at + found[0].length, text, zh, phone };
      if (isAlnum(next(m)) && isAlnum(text[m.end - 1])) continue;
      const said = f(m);
      phone = m.phone;
      if (!said) continue;
      out += pad(said);
      at = m.end;
      const sign = /^ ?(?:——|[-–—～~−]) ?/.exec(text.slice(at, at + 4));
      if (sign && endsInFigure(text.slice(Math.max(0, at - 6), at))) {
        const to = at + sign[0].length;
        const figure = /^[¥￥$€£]?\d[\d,.:]*/.exec(text.slice(to));
        if (figure && text[to + figure[0].length] !== "-") {
          out += pad(zh ? "到" : "to");
          at = to;
        }
      }
      return true;
    }
    return false;
  };

  while (at < text.length) {
    if (rule()) continue;
    const c = text[at++];
    const sign = signs[c];
    if (sign) {
      const w = sign[zh ? 0 : 1];
      out += /^[a-z]/.test(w) ? " " + w + " " : w;
    } else if (c === "-" && isDigit(text[at] || "") && !isAlnum(text[at - 2] || "")) {
      out += pad(zh ? "负" : "minus");
    } else if (c >= "①" && c <= "⑳") {
      out += pad(number(String(c.charCodeAt(0) - 0x245f), zh)) + (zh ? "，" : ", ");
    } else {
      out += c;
    }
  }
  return tidy(out, zh);
}

function tidy(said: string, zh: boolean): string {
  said = said.replace(/ +/g, " ");
  said = zh ? said.replace(/[，,、 ]*，[，,、 ]*/g, "，").replace(/([一-鿿]) ([一-鿿])/g, "$1$2") : said.replace(/ *,[, ]*/g, ", ").replace(/ -([A-Za-z])/g, " $1");
  return said.replace(/[，,、 ]+([。！？；：.!?;:])/g, "$1").replace(/^[，,、；;：: ]+|[，,、 ]+$/g, "");
}
