package render

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"handrail/internal/diag"
	"handrail/internal/theme"
)

// Funcs returns what templates may use: functions, and the members of the
// view types. It is for theme.Load.
func Funcs() theme.API { return theme.API{Funcs: funcs, Types: types} }

// funcs are the functions that templates may call: texts, assets, templates,
// small tools. Their context is the worker.
var funcs = map[string]theme.Func{
	"t": func(c theme.Call, args []any) (any, error) {
		if len(args) == 0 {
			return nil, problem("t needs the key of a message")
		}
		return c.Ctx.(*worker).message(c, text(args[0]), args[1:])
	},
	"tIn": func(c theme.Call, args []any) (any, error) {
		if len(args) < 2 {
			return nil, problem("tIn needs the tag of a language and the key of a message")
		}
		return c.Ctx.(*worker).messageIn(c, text(args[0]), text(args[1]), args[2:])
	},
	"asset":     named(func(w *worker, name string) (any, error) { return w.asset(name) }),
	"integrity": named(func(w *worker, name string) (any, error) { return w.integrity(name) }),
	"svg":       named(func(w *worker, name string) (any, error) { return w.svg(name) }),
	"has":       named(func(w *worker, name string) (any, error) { return w.r.opt.Theme.Shared(w.edition).Has(name), nil }),
	"headScript": func(c theme.Call, _ []any) (any, error) {
		return c.Ctx.(*worker).headScript(), nil
	},
	"cached": func(c theme.Call, args []any) (any, error) {
		if len(args) != 2 {
			return nil, problem("cached needs the name of a partial and a key")
		}
		return c.Ctx.(*worker).cached(text(args[0]), text(args[1]))
	},
	"dict": func(_ theme.Call, args []any) (any, error) { return dict(args) },
	"list": func(_ theme.Call, args []any) (any, error) { return slices.Clone(args), nil },
	"join": func(c theme.Call, args []any) (any, error) {
		if len(args) != 1 {
			return nil, problem("join needs a list")
		}
		return c.Ctx.(*worker).joinList(args[0]), nil
	},
	"seq":      counted(func(_ *worker, n int) (any, error) { return seq(n) }),
	"number":   func(c theme.Call, args []any) (any, error) { return c.Ctx.(*worker).number(args) },
	"fileSize": counted(func(w *worker, n int) (any, error) { return w.fileSize(n), nil }),
	"hrefTel":  named(func(_ *worker, s string) (any, error) { return phoneURL("tel:", s), nil }),
	"hrefSMS":  named(func(_ *worker, s string) (any, error) { return phoneURL("sms:", s), nil }),
	"hrefMail": named(func(_ *worker, s string) (any, error) { return mailURL(s), nil }),
	"add":      func(_ theme.Call, args []any) (any, error) { return sum(args, 1) },
	"sub":      func(_ theme.Call, args []any) (any, error) { return sum(args, -1) },
}

// named makes a function of one text.
func named(f func(*worker, string) (any, error)) theme.Func {
	return func(c theme.Call, args []any) (any, error) {
		if len(args) != 1 {
			return nil, problem("this function takes one argument, a text")
		}
		return f(c.Ctx.(*worker), text(args[0]))
	}
}

// counted makes a function of one number.
func counted(f func(*worker, int) (any, error)) theme.Func {
	return func(c theme.Call, args []any) (any, error) {
		if len(args) == 1 {
			switch n := args[0].(type) {
			case int:
				return f(c.Ctx.(*worker), n)
			case *Value:
				return f(c.Ctx.(*worker), n.Int())
			}
		}
		return nil, problem("this function takes one argument, a number")
	}
}

func problem(format string, args ...any) error {
	return &diag.Diagnostic{Code: "template-error", Msg: fmt.Sprintf(format, args...)}
}

func sum(args []any, sign int) (any, error) {
	if len(args) == 2 {
		a, okA := args[0].(int)
		b, okB := args[1].(int)
		if okA && okB {
			return a + sign*b, nil
		}
	}
	return nil, problem("this function takes two whole numbers")
}

// message returns a text of the catalogue, filled in.
func (w *worker) message(c theme.Call, k string, args []any) (*Value, error) {
	return w.messageOf(c, w.lang, k, args)
}

// messageIn returns a text in another language of the site: what is said to
// those who read that one. The template marks it with its lang and dir.
func (w *worker) messageIn(c theme.Call, tag, k string, args []any) (*Value, error) {
	l := w.r.langs[w.r.opt.Site.Lang(tag)]
	if l == nil {
		return nil, problem("the site has no language %q", tag)
	}
	return w.messageOf(c, l, k, args)
}

func (w *worker) messageOf(c theme.Call, l *language, k string, args []any) (*Value, error) {
	if len(args)%2 != 0 {
		return nil, problem("the arguments of message %q are not pairs of a name and a value", k)
	}
	w.ask(question{op: opMessage, key: k, page: l.lang.Tag})
	v := w.newValue()
	*v = Value{w: w, kind: Message, key: k, text: k}
	m := l.cat.Message(k)
	if m == nil {
		w.noMessage(l, k, c.Pos())
		return v, nil
	}
	if l.cat.Own() && l.cat.Foreign(m) {
		w.noMessage(l, k, c.Pos())
	}
	v.msg, v.text = m, m.Format(l.cat.Locale, args...)
	return v, nil
}

// noMessage notes that a language has no such message.
func (w *worker) noMessage(l *language, key string, at diag.Pos) {
	r, c := w.r, l.cat
	r.mu.Lock()
	defer r.mu.Unlock()
	id := c.Tag + " " + key
	if r.missing[id] != nil {
		return
	}
	if at.IsZero() {
		at.File = c.Tag + ".yaml"
	}
	d := &diag.Diagnostic{Pos: at, Code: "missing-message",
		Msg:  fmt.Sprintf("the catalogue of %q has no message %q", c.Tag, key),
		Args: map[string]any{"lang": c.Tag, "key": key}}
	if m := c.Message(key); m != nil {
		d.Severity = diag.Warning
		d.Hint = fmt.Sprintf("the text in %q is used", m.Tag)
	}
	r.missing[id] = d
}

func (w *worker) asset(n string) (string, error) {
	w.ask(question{op: opAsset, key: n})
	return w.r.opt.Assets.URL(n)
}

func (w *worker) integrity(n string) (string, error) {
	w.ask(question{op: opAsset, key: n})
	return w.r.opt.Assets.Integrity(n)
}

func (w *worker) svg(n string) (theme.Markup, error) {
	w.ask(question{op: opSVG, key: n})
	s, err := w.r.opt.Assets.SVG(n)
	if err != nil {
		return nil, err
	}
	return w.mark(splice{raw: s, org: origin{kind: Layout, asset: w.r.opt.Assets.Source(n)}}), nil
}

func (w *worker) headScript() theme.Markup {
	s := w.r.opt.Assets.HeadScript()
	w.ask(question{op: opAsset, key: headScriptKey})
	if s == "" {
		return nil
	}
	name := w.r.opt.Theme.Config.HeadScript
	return w.mark(splice{raw: "<script>" + s + "</script>", org: origin{kind: Layout, asset: w.r.opt.Assets.Source(name)}})
}

// cached renders a partial once for each language, edition and key. The
// partial does not see the page, so it cannot depend on it.
func (w *worker) cached(name, key string) (theme.Markup, error) {
	k := fragKey{w.lang.lang, w.edition, name, key}
	w.r.mu.Lock()
	f := w.r.frags[k]
	w.r.mu.Unlock()
	if f == nil {
		var err error
		if f, err = w.renderFragment(k); err != nil {
			return nil, err
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
	in := w.r.acquire()
	defer w.r.release(in)
	in.begin(w.lang, nil, k.edition)
	in.menuKey = k.name
	if err := w.r.opt.Theme.Shared(k.edition).RunNamed(k.partial, in, in, &Shared{in, k.name, k.edition}); err != nil {
		return nil, err
	}
	o := in.finish()
	return &fragment{html: o.HTML, spans: o.Spans, docs: o.docs, origins: o.origins, reads: in.reads, images: in.imageCount, afterText: in.afterText}, nil
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

func dict(pairs []any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, problem("the arguments of dict are not pairs of a key and a value")
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

func (w *worker) number(args []any) (*Value, error) {
	if len(args) == 1 {
		switch n := args[0].(type) {
		case int:
			return w.derived(w.lang.cat.Locale.Number(float64(n))), nil
		case *Value:
			f, ok := n.Float()
			if !ok {
				return n, nil
			}
			v := w.newValue()
			*v = *n
			v.text = w.lang.cat.Locale.Number(f)
			return v, nil
		}
	}
	return nil, problem("number takes a number")
}

func (w *worker) fileSize(n int) *Value {
	return w.derived(w.lang.cat.Locale.FileSize(int64(n)))
}

// phoneURL makes a URL of a number as people write it.
func phoneURL(scheme, s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case '0' <= r && r <= '9', r == '+' && b.Len() == 0, r == '*', r == ',':
			b.WriteRune(r)
		case '０' <= r && r <= '９':
			b.WriteRune(r - '０' + '0')
		case r == '转' || r == '#' || r == 'x':
			b.WriteByte(',') // an extension: dial after a pause
		case r == '、' || r == '/' || r == '；' || r == ';':
			return scheme + b.String() // the first of several
		}
	}
	return scheme + b.String()
}

func mailURL(s string) string {
	s = strings.TrimSpace(s)
	if strings.ContainsAny(s, " \"<>?&%\n") || !strings.Contains(s, "@") {
		return ""
	}
	return "mailto:" + s
}
