// Sets what the reader has chosen before the first paint: colours, text size
// and spacing, kept on this device as {v: 1, theme, size, space}.
try {
  var d = document.documentElement, p = JSON.parse(localStorage.getItem("handrail"));
  if (p.v === 1) {
    ["theme", "size", "space"].forEach(function (k) {
      if (p[k]) d.setAttribute("data-" + k, p[k]);
    });
    if (p.size > 199) d.setAttribute("data-big", "");
  }
} catch (e) {}
