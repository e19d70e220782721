// Pictures off: the text of a picture takes its place. Pictures that say
// nothing, with an empty alt, simply go.

for (const img of Array.from(document.querySelectorAll<HTMLImageElement>("img:not([data-told])"))) {
  img.setAttribute("data-told", "");
  if (!img.alt) continue;
  const s = document.createElement("span");
  s.className = "pic-text";
  s.textContent = img.alt;
  if (img.lang) s.lang = img.lang;
  img.after(s);
}
