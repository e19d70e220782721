package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"handrail/a11y/act"
	"handrail/a11y/act/acttest"
	"handrail/a11y/rules"
	"handrail/a11y/texts"
	"handrail/a11y/wcag"
	"handrail/i18n"
	"handrail/internal/cli"
	"handrail/internal/gate"
)

var update = flag.Bool("update", false, "write the handbook's pages about rules anew")

// At most so many lines of code stand under "stops people" and "is right".
const maxExamples = 4

// rulePages writes the handbook's pages about rules in one language, from the
// words that findings use and the cases that prove the rules.
type rulePages struct {
	t    *testing.T
	lang string
	tool *i18n.Catalogue
	text *texts.Texts
}

// TestRulePages holds the handbook to the rules: one page a rule and language.
// go test ./cmd/handrail -run TestRulePages -update writes them.
func TestRulePages(t *testing.T) {
	for _, lang := range texts.Languages() {
		w := &rulePages{t: t, lang: lang, tool: cli.Texts(lang), text: texts.For(lang)}
		dir := filepath.Join("..", "..", "content", lang, "handbook", "rules")
		want := map[string]string{"index.md": w.index()}
		for i, r := range rules.All() {
			want[r.ID+".md"] = w.rule(r, i+1)
		}
		for i, id := range gate.HouseRules() {
			want[id+".md"] = w.house(id, 900+i)
		}
		if *update {
			w.write(dir, want)
		}
		have, err := filepath.Glob(filepath.Join(dir, "*.md"))
		if err != nil || len(have) != len(want) {
			t.Errorf("%s: %d pages for %d rules; run with -update", dir, len(have), len(want))
		}
		for name, text := range want {
			got, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil || string(got) != text {
				t.Errorf("%s is not what the rules say; run with -update", filepath.Join(dir, name))
			}
		}
	}
}

func (w *rulePages) write(dir string, pages map[string]string) {
	if err := os.RemoveAll(dir); err != nil {
		w.t.Fatal(err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		w.t.Fatal(err)
	}
	for name, text := range pages {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			w.t.Fatal(err)
		}
	}
}

func (w *rulePages) say(key string) string {
	s, ok := rulePageWords[w.lang][key]
	if !ok {
		w.t.Errorf("no words for %s in %s", key, w.lang)
	}
	return s
}

// rulePageWords are what the pages themselves say around the words of rules.
var rulePageWords = map[string]map[string]string{
	"en": {
		"title":   "Rules of the checker",
		"summary": "Every rule that pages are checked by: whom it protects, how to mend it, what fails and what passes.",
		"intro":   "A finding names its rule. Each rule has a page here. `handrail explain RULE` says it in the terminal, without the examples. The examples are HTML, because that is what is checked. You write Markdown, and “How to mend it” says what to write there.",
		"list":    "All rules",
		"rule":    "Rule",
		"about":   "What it wants",
		"called":  "In findings it is called",
		"fix":     "How to mend it",
		"fails":   "What stops people",
		"unsure":  "What a person must look at",
		"passes":  "What is right",
		"source":  "Where it comes from",
		"ours":    "A rule of our own, made for the care edition or for editors",
		"level":   "Checked from level %s.",
		"best":    "Checked at every level, as good practice.",
	},
	"zh-Hans": {
		"title":   "检查规则",
		"summary": "检查网页的每一条规则：保护谁，怎样改，什么样不行，什么样可以。",
		"intro":   "每个问题都写明是哪条规则。每条规则这里有一页。在终端里输入`handrail explain 规则`看到的是同样的话，只是没有例子。例子是HTML，因为检查的就是HTML。您写的是Markdown，“怎样改”说的就是在Markdown里怎样写。",
		"list":    "全部规则",
		"rule":    "规则",
		"about":   "要求",
		"called":  "在报告里叫",
		"fix":     "怎样改",
		"fails":   "什么样会挡住人",
		"unsure":  "什么样要人来看",
		"passes":  "什么样可以",
		"source":  "依据",
		"ours":    "我们自己的规则，为关怀版或者为编辑而定",
		"level":   "从%s级起检查。",
		"best":    "每一级都检查，是好的做法。",
	},
}

func (w *rulePages) index() string {
	var b strings.Builder
	w.front(&b, w.say("title"), w.say("summary"), 13, "type: page\n")
	fmt.Fprintf(&b, "%s\n\n## %s\n\n", w.say("intro"), w.say("list"))
	fmt.Fprintf(&b, "| %s | %s | WCAG 2.2 | ACT |\n| --- | --- | --- | --- |\n", w.say("rule"), w.say("about"))
	for _, r := range rules.All() {
		var criteria []string
		for _, sc := range r.Criteria {
			criteria = append(criteria, fmt.Sprintf("%s (%s)", sc, sc.Level()))
		}
		fmt.Fprintf(&b, "| [%s](%s.md) | %s | %s | %s |\n", r.ID, r.ID, escapeMarkdown(w.text.Title(r.ID)),
			strings.Join(criteria, ", "), strings.Join(r.ACT, ", "))
	}
	for _, id := range gate.HouseRules() {
		fmt.Fprintf(&b, "| [%s](%s.md) | %s |  |  |\n", id, id, escapeMarkdown(cli.Text(w.tool, "gate."+id+".title")))
	}
	return b.String()
}

func (w *rulePages) front(b *strings.Builder, title, summary string, weight int, more string) {
	fmt.Fprintf(b, "---\ntitle: %q\n%sweight: %d\nsummary: %q\ndate: 2026-11-24\nupdated: 2026-11-24\n---\n\n", title, more, weight, summary)
}

func (w *rulePages) rule(r *act.Rule, weight int) string {
	var b strings.Builder
	title := w.text.Title(r.ID)
	w.front(&b, title, w.text.Why(r.ID), weight, fmt.Sprintf("menu-title: %s\ntype: page\n", r.ID))
	fmt.Fprintf(&b, "%s `%s`\n\n## %s\n\n%s\n\n", w.say("called"), r.ID, w.say("fix"), escapeMarkdown(w.text.Fix(r.ID)))
	w.examples(&b, r)
	fmt.Fprintf(&b, "## %s\n\n", w.say("source"))
	for _, sc := range r.Criteria {
		if c, ok := wcag.Of(sc); ok {
			fmt.Fprintf(&b, "- WCAG 2.2, %s %s (%s)\n", sc, c.Name(w.lang), c.Level)
		}
	}
	for _, id := range r.ACT {
		fmt.Fprintf(&b, "- [ACT %s](https://www.w3.org/WAI/standards-guidelines/act/rules/%s/)\n", id, id)
	}
	if len(r.Criteria)+len(r.ACT) == 0 {
		fmt.Fprintf(&b, "- %s\n", w.say("ours"))
	}
	if r.At() == act.Best {
		fmt.Fprintf(&b, "\n%s\n", w.say("best"))
	} else {
		fmt.Fprintf(&b, "\n"+w.say("level")+"\n", r.At())
	}
	return b.String()
}

func (w *rulePages) house(id string, weight int) string {
	var b strings.Builder
	w.front(&b, cli.Text(w.tool, "gate."+id+".title"), cli.Text(w.tool, "gate."+id+".why"), weight, fmt.Sprintf("menu-title: %s\ntype: page\n", id))
	fmt.Fprintf(&b, "%s `%s`\n\n## %s\n\n%s\n\n## %s\n\n- %s\n", w.say("called"), id,
		w.say("fix"), escapeMarkdown(cli.Text(w.tool, "gate."+id+".fix")), w.say("source"), w.say("ours"))
	return b.String()
}

// examples writes what fails and what passes in the rule's cases, with what a
// finding would say of it.
func (w *rulePages) examples(b *strings.Builder, r *act.Rule) {
	ar, err := txtar.ParseFile(filepath.Join("..", "..", "a11y", "rules", "testdata", r.ID+".txtar"))
	if err != nil {
		w.t.Fatal(err)
	}
	for _, part := range []struct {
		head    string
		outcome act.Outcome
	}{{"fails", act.Failed}, {"unsure", act.CantTell}, {"passes", act.Passed}} {
		code, said := w.cases(r, ar, part.outcome)
		if len(code) == 0 {
			continue
		}
		fmt.Fprintf(b, "## %s\n\n```html\n%s\n```\n\n", w.say(part.head), strings.Join(code, "\n"))
		for _, s := range said {
			fmt.Fprintf(b, "- %s\n", escapeMarkdown(s))
		}
		b.WriteString("\n")
	}
}

var expects = regexp.MustCompile(` ?expect="[^"]*"`)

// cases returns the short cases in which every target has the outcome, and
// what a finding says of them, each sentence once.
func (w *rulePages) cases(r *act.Rule, ar *txtar.Archive, outcome act.Outcome) (code, said []string) {
	site := acttest.SiteOf(ar)
	for _, f := range ar.Files {
		if strings.HasPrefix(f.Name, "site/") || strings.Contains(string(f.Data), "<!-- mode:") {
			continue
		}
		page, _ := acttest.Parse(w.t, f.Name, f.Data)
		if site != nil {
			page.Site = site
		}
		results, err := act.Eval(r, page)
		other := func(v act.Result) bool { return v.Outcome != outcome }
		lines := strings.Split(strings.TrimSpace(expects.ReplaceAllString(string(f.Data), "")), "\n")
		if err != nil || len(results) == 0 || slices.ContainsFunc(results, other) || len(code)+len(lines) > maxExamples {
			continue
		}
		code = append(code, lines...)
		for _, v := range results {
			if s := w.text.Message(r.ID, v.Message, v.Args()); !slices.Contains(said, s) {
				said = append(said, s)
			}
		}
	}
	return code, said
}

// escapeMarkdown lets a sentence stand in Markdown as it is; what looks like
// Markdown or HTML in it is an example of both.
func escapeMarkdown(s string) string {
	return markdownSigns.Replace(s)
}

var markdownSigns = func() *strings.Replacer {
	var pairs []string
	for _, c := range "\\`*_{}[]<>!#|~:" {
		pairs = append(pairs, string(c), "\\"+string(c))
	}
	return strings.NewReplacer(pairs...)
}()
