package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v4"

	"handrail/i18n"
	"handrail/internal/cli"
	"handrail/internal/config"
	"handrail/internal/schema"
)

func newNewCmd(g *globals) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "new",
		Short: g.text("tool.new.short"),
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newNewSiteCmd(g), newNewPageCmd(g))
	return cmd
}

func newNewSiteCmd(g *globals) *cobra.Command {
	var title string
	var langs []string
	cmd := &cobra.Command{
		Use:     "site DIR",
		Short:   g.text("tool.new.site.short"),
		Example: "  handrail new site town --title \"Town hall\" --languages en,zh-Hans",
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			return g.newSite(args[0], title, langs)
		},
	}
	cmd.Flags().StringVar(&title, "title", "", g.text("tool.new.flag.title"))
	cmd.Flags().StringSliceVar(&langs, "languages", []string{g.tool.Tag}, g.text("tool.new.flag.languages"))
	return cmd
}

// newSite writes a small site that builds clean: a home page and a section
// with one page in each language.
func (g *globals) newSite(dir, title string, langs []string) error {
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return fmt.Errorf("%s", g.text("tool.new.notempty", "dir", dir))
	}
	files := map[string]string{}
	titles := map[string]string{}
	for _, lang := range langs {
		// A language without texts of its own starts with English ones.
		cat := cli.Texts(i18n.Negotiate(lang, cli.Languages))
		say := func(key string) string { s, _ := cat.Text("tool.start." + key); return s }
		titles[lang] = title
		if title == "" {
			titles[lang] = say("title")
		}
		base := "content/" + lang + "/"
		files[base+"index.md"] = page(front("title", say("home.title"), "summary", say("home.summary")), say("home.body"))
		files[base+"guides/index.md"] = page(front("type", "section", "title", say("guides.title"), "summary", say("guides.summary")), "")
		files[base+"guides/visit.md"] = page(front("type", "page", "title", say("visit.title"), "summary", say("visit.summary"), "date", g.now().Format("2006-01-02")), say("visit.body"))
	}
	site, err := yaml.Marshal(map[string]any{
		"title":            titles,
		"base-url":         "https://www.example.org",
		"default-language": langs[0],
		"languages":        languages(langs),
	})
	if err != nil {
		return err
	}
	files["site.yaml"] = string(site)
	files[".gitignore"] = "/public/\n/.cache/\n"
	if err := writeNew(dir, files); err != nil {
		return err
	}
	fmt.Fprintln(g.stderr, g.text("tool.new.site.done", "dir", dir))
	return nil
}

func languages(tags []string) []map[string]string {
	var list []map[string]string
	for _, t := range tags {
		list = append(list, map[string]string{"tag": t})
	}
	return list
}

// front writes front matter from key, value pairs.
func front(kv ...string) string {
	var b strings.Builder
	for i := 0; i < len(kv); i += 2 {
		value, _ := yaml.Marshal(kv[i+1]) // a string: cannot fail
		fmt.Fprintf(&b, "%s: %s", kv[i], value)
	}
	return b.String()
}

func page(front, body string) string {
	return "---\n" + front + "---\n\n" + strings.TrimSpace(body) + "\n"
}

// writeNew writes files below dir and never over one that exists.
func writeNew(dir string, files map[string]string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	for name, text := range files {
		if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
			return err
		}
		f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if err != nil {
			return err
		}
		_, err = f.WriteString(text)
		if err := errors.Join(err, f.Close()); err != nil {
			return err
		}
	}
	return nil
}

func newNewPageCmd(g *globals) *cobra.Command {
	var typ, lang, title string
	cmd := &cobra.Command{
		Use:     "page PATH",
		Short:   g.text("tool.new.page.short"),
		Long:    g.text("tool.new.page.long"),
		Example: "  handrail new page services/heating --type service",
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			return g.newPage(args[0], typ, lang, title)
		},
	}
	cmd.Flags().StringVar(&typ, "type", "page", g.text("tool.new.flag.type"))
	cmd.Flags().StringVar(&lang, "language", "", g.text("tool.new.flag.language"))
	cmd.Flags().StringVar(&title, "title", "", g.text("tool.new.flag.title"))
	cmd.RegisterFlagCompletionFunc("type", cobra.FixedCompletions(schema.TypeNames(), cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// newPage writes a draft with every field that its type must carry, each with
// a comment that says what it is for.
func (g *globals) newPage(name, typ, lang, title string) error {
	t := schema.Lookup(typ)
	if t == nil {
		return fmt.Errorf("%s", g.text("tool.schema.unknown", "type", typ, "types", g.tool.Locale.List(schema.TypeNames())))
	}
	if lang == "" {
		var err error
		if lang, err = g.defaultLanguage(); err != nil {
			return err
		}
	}
	rel := path.Join("content", lang, strings.TrimSuffix(filepath.ToSlash(name), ".md")+".md")
	if !strings.HasPrefix(rel, path.Join("content", lang)+"/") {
		return fmt.Errorf("%s", g.text("tool.new.page.outside", "path", name))
	}
	if title == "" {
		title = strings.ReplaceAll(path.Base(strings.TrimSuffix(rel, ".md")), "-", " ")
	}
	var b strings.Builder
	b.WriteString(front("type", typ, "title", title))
	b.WriteString("draft: true\n")
	for _, f := range t.Fields() {
		if f.Required && f.Key != "title" && f.Key != "type" {
			scaffold(&b, f, "", g.tool.Tag)
		}
	}
	if err := writeNew(g.source, map[string]string{rel: page(b.String(), "")}); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("%s", g.text("tool.new.page.exists", "file", rel))
		}
		return err
	}
	fmt.Fprintln(g.stderr, g.text("tool.new.page.done", "file", filepath.Join(g.source, rel)))
	return nil
}

// defaultLanguage is that of site.yaml, or of the author where there is none.
func (g *globals) defaultLanguage() (string, error) {
	if _, err := os.Stat(filepath.Join(g.source, "site.yaml")); err != nil {
		return g.tool.Tag, nil
	}
	cfg, diags := config.Load(os.DirFS(g.source), "site.yaml")
	if diags.Errors() > 0 {
		return "", g.fail(diags)
	}
	return cmp.Or(cfg.DefaultLang, g.tool.Tag), nil
}

// scaffold writes one field of front matter with its explanation.
func scaffold(b *strings.Builder, f *schema.Field, indent, lang string) {
	fmt.Fprintf(b, "%s%s:", indent, f.Key)
	doc := describe(f.EN, f.ZH, lang)
	if f.Kind == schema.Enum {
		doc += " (" + strings.Join(f.Enum, " | ") + ")"
	}
	if doc != "" {
		fmt.Fprintf(b, " # %s", doc)
	}
	b.WriteByte('\n')
	for _, sub := range f.Fields {
		if sub.Required || f.Kind == schema.Object && len(f.Fields) <= 6 {
			scaffold(b, sub, indent+"  ", lang)
		}
	}
	if f.Kind == schema.List && f.Item != nil && len(f.Item.Fields) > 0 {
		mark := indent + "  - "
		for _, sub := range f.Item.Fields {
			if sub.Required {
				scaffold(b, sub, mark, lang)
				mark = indent + "    "
			}
		}
	}
}
