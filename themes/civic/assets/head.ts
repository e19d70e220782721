// Puts the reader's choices on html before the first paint. They are kept on
// this device as {v: 1, theme, size, …}; a cookie has the same for the
// companion server. Whatever is no plain word is left alone.
(function (d: HTMLElement) {
  function show(read: () => string) {
    try {
      var p = JSON.parse(read());
      if (p.v !== 1) return;
      "theme,size,line,letter,word,para,narrow,pointer,ruler,cross,one,pics,pinyin,under".split(",").forEach(function (k) {
        if (typeof p[k] == "string" && /^[a-z0-9-]{1,16}$/.test(p[k])) d.setAttribute("data-" + k, p[k]);
      });
      if (+d.dataset.size > 199) d.setAttribute("data-big", "");
      return 1;
    } catch (e) {}
  }
  d.setAttribute("data-js", "");
  show(function () { return localStorage.getItem("handrail"); }) ||
    show(function () { return decodeURIComponent(/(^|; )handrail=([^;]*)/.exec(document.cookie)[2]); });
})(document.documentElement);
