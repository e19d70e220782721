package render

import (
	"fmt"
	"html/template"
	"reflect"
	"strings"

	"handrail/internal/diag"
	"handrail/internal/theme"
)

const (
	maxSteps = 10_000_000 // turns of all ranges of a page
	maxDepth = 120        // templates that call themselves
)

// funcs are the functions that templates may call, bound to the worker. The
// names are in VIEW order: texts, assets, templates, small tools.
func (w *worker) funcs() template.FuncMap {
	return template.FuncMap{
		"t":          w.message,
		"asset":      w.asset,
		"integrity":  w.integrity,
		"svg":        w.svg,
		"headScript": w.headScript,
		"has":        w.has,
		"cached":     w.cached,
		"dict":       dict,
		"list":       func(items ...any) []any { return items },
		"join":       w.joinList,
		"seq":        seq,
		"number":     w.number,
		"fileSize":   w.fileSize,
		"hrefTel":    func(v any) template.URL { return phoneURL("tel:", v) },
		"hrefSMS":    func(v any) template.URL { return phoneURL("sms:", v) },
		"hrefMail":   mailURL,
		"add":        func(a, b int) int { return a + b },
		"sub":        func(a, b int) int { return a - b },

		theme.StepFunc:  w.step,
		theme.EnterFunc: w.enter,
		theme.LeaveFunc: w.leave,
	}
}

// step stops a template that turns for ever.
func (w *worker) step(place int) (string, error) {
	if w.steps++; w.steps <= maxSteps {
		return "", nil
	}
	return "", &diag.Diagnostic{Pos: w.r.opt.Theme.Place(place), Code: "runaway-template",
		Msg:  fmt.Sprintf("this loop was stopped after %d turns", maxSteps),
		Hint: "range over a list of the page instead of a number"}
}

// enter stops a template that calls itself for ever.
func (w *worker) enter(place int) (string, error) {
	if w.depth++; w.depth <= maxDepth {
		return "", nil
	}
	return "", &diag.Diagnostic{Pos: w.r.opt.Theme.Place(place), Code: "runaway-template",
		Msg: fmt.Sprintf("this template was stopped: it calls itself more than %d times", maxDepth)}
}

func (w *worker) leave(int) string {
	w.depth--
	return ""
}

// message returns a text of the catalogue, filled in.
func (w *worker) message(key any, args ...any) (*Value, error) {
	if len(args)%2 != 0 {
		return nil, &diag.Diagnostic{Code: "template-error", Msg: fmt.Sprintf("the arguments of message %v are not pairs of a name and a value", key)}
	}
	k := text(key)
	w.ask(question{op: opMessage, key: k, page: w.lang.lang.Tag})
	v := w.newValue()
	*v = Value{w: w, kind: Message, key: k, text: k}
	m := w.lang.cat.Message(k)
	if m == nil {
		w.noMessage(k)
		return v, nil
	}
	if w.lang.cat.Own() && w.lang.cat.Foreign(m) {
		w.noMessage(k)
	}
	v.msg, v.text = m, m.Format(w.lang.cat.Locale, args...)
	return v, nil
}

// noMessage notes that the language of the page has no such message.
func (w *worker) noMessage(key string) {
	r, c := w.r, w.lang.cat
	r.mu.Lock()
	defer r.mu.Unlock()
	id := c.Tag + " " + key
	if r.missing[id] != nil {
		return
	}
	d := &diag.Diagnostic{Pos: diag.Pos{File: c.Tag + ".yaml"}, Code: "missing-message",
		Msg:  fmt.Sprintf("the catalogue of %q has no message %q", c.Tag, key),
		Args: map[string]any{"lang": c.Tag, "key": key}}
	if m := c.Message(key); m != nil {
		d.Severity, d.Pos = diag.Warning, m.Pos
		d.Hint = fmt.Sprintf("the text in %q is used", m.Tag)
	} else if w.inst != nil {
		d.Pos = r.opt.Theme.After(w.lastText)
	}
	r.missing[id] = d
}

func (w *worker) asset(name any) (string, error) {
	n := text(name)
	w.ask(question{op: opAsset, key: n})
	return w.r.opt.Assets.URL(n)
}

func (w *worker) integrity(name any) (string, error) {
	n := text(name)
	w.ask(question{op: opAsset, key: n})
	return w.r.opt.Assets.Integrity(n)
}

func (w *worker) svg(name any) (template.HTML, error) {
	n := text(name)
	w.ask(question{op: opSVG, key: n})
	s, err := w.r.opt.Assets.SVG(n)
	if err != nil {
		return "", err
	}
	return w.mark(splice{raw: s, org: origin{kind: Layout, asset: w.r.opt.Assets.Source(n)}}), nil
}

func (w *worker) headScript() template.HTML {
	s := w.r.opt.Assets.HeadScript()
	w.ask(question{op: opAsset, key: headScriptKey})
	if s == "" {
		return ""
	}
	name := w.r.opt.Theme.Config.HeadScript
	return w.mark(splice{raw: "<script>" + s + "</script>", org: origin{kind: Layout, asset: w.r.opt.Assets.Source(name)}})
}

func (w *worker) has(name string) bool { return w.r.opt.Theme.Has(w.edition, name) }

// cached renders a partial once for each language, edition and key. The
// partial does not see the page, so it cannot depend on it.
func (w *worker) cached(name string, key any) (template.HTML, error) {
	k := fragKey{w.lang.lang, w.edition, name, text(key)}
	w.r.mu.Lock()
	f := w.r.frags[k]
	w.r.mu.Unlock()
	if f == nil {
		var err error
		if f, err = w.renderFragment(k); err != nil {
			return "", err
		}
		w.r.mu.Lock()
		w.r.frags[k] = f
		w.r.mu.Unlock()
	}
	return w.mark(splice{frag: f}), nil
}

// A Shared is what a cached partial sees.
type Shared struct {
	w       *worker
	Key     string
	Edition string
}

// Site returns what is the same on every page of the language.
func (s *Shared) Site() *Site { return &Site{s.w} }

// Lang returns the language.
func (s *Shared) Lang() *Lang { return s.w.viewLang(s.w.lang.lang) }

// renderFragment renders a partial with a worker of its own.
func (w *worker) renderFragment(k fragKey) (*fragment, error) {
	if !w.r.opt.Theme.Has(k.edition, k.partial) {
		return nil, &diag.Diagnostic{Code: "template-error", Msg: fmt.Sprintf("there is no template %q", k.partial)}
	}
	in := w.r.acquire()
	defer w.r.release(in)
	in.begin(w.lang, nil, k.edition)
	in.menuKey = k.name
	if err := in.execute(in.shared(), k.partial, &Shared{in, k.name, k.edition}); err != nil {
		return nil, err
	}
	o := in.finish()
	return &fragment{html: o.HTML, spans: o.Spans, docs: o.docs, origins: o.origins, reads: in.questions(), images: in.imageCount}, nil
}

// text turns an argument of a function into a string: a string, a Value, or
// whatever else prints.
func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case *Value:
		return v.Text()
	}
	return fmt.Sprint(v)
}

func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, &diag.Diagnostic{Code: "template-error", Msg: "the arguments of dict are not pairs of a key and a value"}
	}
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		m[text(pairs[i])] = pairs[i+1]
	}
	return m, nil
}

// seq counts from 1 to n.
func seq(n int) ([]int, error) {
	const limit = 1000
	if n < 0 || n > limit {
		return nil, &diag.Diagnostic{Code: "runaway-template", Msg: fmt.Sprintf("seq counts from 1 to at most %d, not to %d", limit, n)}
	}
	out := make([]int, n)
	for i := range out {
		out[i] = i + 1
	}
	return out, nil
}

// joinList joins texts the way the page's language does.
func (w *worker) joinList(list any) *Value {
	var words []string
	var first *Value
	rv := reflect.ValueOf(list)
	if rv.Kind() == reflect.Slice {
		for i := range rv.Len() {
			item := rv.Index(i).Interface()
			if v, ok := item.(*Value); ok && first == nil {
				first = v
			}
			if n, ok := item.(interface{ Title() *Value }); ok {
				item = n.Title()
			} else if n, ok := item.(*Term); ok {
				item = n.Name
			}
			words = append(words, text(item))
		}
	}
	v := w.newValue()
	*v = Value{w: w, kind: Derived, text: w.lang.cat.Locale.List(words)}
	if first != nil {
		org := first.origin()
		v.kind, v.key, v.node, v.file, v.data, v.cfg = org.kind, org.key, org.value, org.file, org.data, org.cfg
	}
	return v
}

func (w *worker) derived(s string) *Value {
	v := w.newValue()
	*v = Value{w: w, kind: Derived, text: s}
	return v
}

func (w *worker) number(n any) *Value {
	switch n := n.(type) {
	case int:
		return w.derived(w.lang.cat.Locale.Number(float64(n)))
	case *Value:
		f, ok := n.Float()
		if !ok {
			return n
		}
		v := w.newValue()
		*v = *n
		v.text = w.lang.cat.Locale.Number(f)
		return v
	}
	return w.derived(fmt.Sprint(n))
}

func (w *worker) fileSize(n int) *Value {
	return w.derived(w.lang.cat.Locale.FileSize(int64(n)))
}

// phoneURL makes a URL of a number as people write it.
func phoneURL(scheme string, v any) template.URL {
	var b strings.Builder
	for _, r := range text(v) {
		switch {
		case '0' <= r && r <= '9', r == '+' && b.Len() == 0, r == '*', r == ',':
			b.WriteRune(r)
		case '０' <= r && r <= '９':
			b.WriteRune(r - '０' + '0')
		case r == '转' || r == '#' || r == 'x':
			b.WriteByte(',') // an extension: dial after a pause
		case r == '、' || r == '/' || r == '；' || r == ';':
			return template.URL(scheme + b.String()) // the first of several
		}
	}
	return template.URL(scheme + b.String())
}

func mailURL(v any) template.URL {
	s := strings.TrimSpace(text(v))
	if strings.ContainsAny(s, " \"<>?&%\n") || !strings.Contains(s, "@") {
		return ""
	}
	return template.URL("mailto:" + s)
}
