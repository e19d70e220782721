// Which of the device's voices can read a language.

/** The tag of a voice or page in one form: zh_CN_#Hans, cmn-CN and zh-Hans-CN all begin with zh. */
function parts(tag: string): string[] {
  const p = tag.toLowerCase().replace(/_/g, "-").replace("#", "").split("-");
  if (p[0] === "cmn") p[0] = "zh";
  if (p[0] === "zh" && p[1] === "yue") p.shift();
  return p;
}

const has = (p: string[], words: string) => p.some((x, i) => i > 0 && words.split(" ").includes(x));

/** Which Chinese a tag means: Mandarin of the mainland, of Taiwan, or Cantonese. */
function chinese(p: string[], name: string): string {
  if (p[0] === "yue" || has(p, "hk mo") || /粤|粵|廣東|广东|cantonese|hong kong/i.test(name)) return "yue";
  return has(p, "tw hant") ? "tw" : "cn";
}

/** Whether a voice speaks the language; Cantonese is no voice for Mandarin, nor the other way round. */
export function fits(voice: SpeechSynthesisVoice, lang: string): boolean {
  const v = parts(voice.lang);
  const want = parts(lang);
  const zh = (p: string[]) => p[0] === "zh" || p[0] === "yue";
  if (zh(want)) return zh(v) && chinese(v, voice.name) === chinese(want, "");
  return v[0] === want[0];
}

/** The voices for a language, best first: of its region, on the device, the device's own choice. */
export function voicesFor(lang: string): SpeechSynthesisVoice[] {
  const region = lang.toLowerCase();
  const rank = (v: SpeechSynthesisVoice) =>
    (v.localService ? 4 : 0) + (v.lang.toLowerCase().replace("_", "-") === region ? 2 : 0) + (v.default ? 1 : 0);
  return speechSynthesis
    .getVoices()
    .filter((v) => fits(v, lang))
    .map((v, i) => ({ v, i }))
    .sort((a, b) => rank(b.v) - rank(a.v) || a.i - b.i)
    .map((x) => x.v);
}
