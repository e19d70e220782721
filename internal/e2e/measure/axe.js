// What axe-core finds, as pairs of its rule and the place of the element in
// window.__elements; -1 for an element that is not there.
axe.run(document, { elementRef: true, resultTypes: ["violations"], runOnly: { type: "rule", values: RULES } }).then(r => {
  const place = new Map(window.__elements.map((e, i) => [e, i]));
  return r.violations.flatMap(v => v.nodes.map(n => ({ rule: v.id, place: n.element && place.has(n.element) ? place.get(n.element) : -1 })));
})
