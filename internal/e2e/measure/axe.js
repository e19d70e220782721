// What axe-core says of elements, as its rule, its outcome, the place of the
// element in window.__elements (-1 for an element that is not there) and the
// colour of the text that it read.
axe.run(document, { elementRef: true, selectors: false, runOnly: { type: "rule", values: RULES } }).then(r => {
  const place = new Map(window.__elements.map((e, i) => [e, i]));
  return ["violations", "incomplete", "passes"].flatMap(outcome => r[outcome].flatMap(v => v.nodes.map(n => ({
    rule: v.id, outcome, place: n.element && place.has(n.element) ? place.get(n.element) : -1, ink: n.any[0]?.data?.fgColor || "",
  }))));
})
