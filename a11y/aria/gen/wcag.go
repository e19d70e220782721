package main

import (
	"fmt"
	"slices"
	"strings"
)

type wcagFile struct {
	Criteria []struct {
		Number  string  `json:"number"`
		ID      string  `json:"id"`
		Level   string  `json:"level"`
		Title   string  `json:"title"`
		TitleZh *string `json:"titleZh"`
		Since   string  `json:"since"`
		Removed any     `json:"removed"`
	} `json:"criteria"`
}

func wcagTable(f wcagFile) string {
	var b strings.Builder
	b.WriteString("package wcag\n\nvar table = []Criterion{\n")
	for _, c := range f.Criteria {
		if c.Removed != nil && c.Removed != false {
			continue
		}
		zh := ""
		if c.TitleZh != nil {
			zh = *c.TitleZh
		}
		fmt.Fprintf(&b, "\t{%q, %q, %s, %q, %q, %q},\n", c.Number, c.ID, c.Level, c.Title, zh, c.Since)
	}
	b.WriteString("}\n")
	return b.String()
}

type aamFile struct {
	ImplicitRoles []struct {
		Element   string  `json:"element"`
		Selector  string  `json:"selector"`
		Role      *string `json:"role"`
		Ref       string  `json:"ref"`
		Condition string  `json:"condition"`
	} `json:"implicitRoles"`
	SVG struct {
		Elements map[string]struct {
			DefaultRole *string `json:"defaultRole"`
			Exposed     string  `json:"exposed"`
		} `json:"elements"`
	} `json:"svg"`
}

// htmlTable writes the implicit roles of the elements that have one
// whatever their attributes and place; the rest is code in implicit.go.
func htmlTable(f aamFile) string {
	rules := map[string]int{}
	for _, r := range f.ImplicitRoles {
		rules[r.Element]++
	}
	var b strings.Builder
	b.WriteString("package aria\n\n// htmlRoles holds the implicit roles of HTML-AAM that need no condition.\n" +
		"// Elements without a corresponding role have NoRole.\nvar htmlRoles = map[string]Role{\n")
	for _, r := range f.ImplicitRoles {
		if rules[r.Element] > 1 || r.Selector != r.Element || r.Condition != "" {
			continue
		}
		role := "NoRole"
		if r.Role != nil {
			role = roleIdent(*r.Role)
		}
		fmt.Fprintf(&b, "\t%q: %s, // https://w3c.github.io/html-aam/#%s\n", r.Element, role, r.Ref)
	}
	b.WriteString("}\n\n// svgRoles holds the default roles of SVG-AAM; of these elements only\n" +
		"// those in svgAlways are exposed without being named.\nvar svgRoles = map[string]Role{\n")
	var never, subtree []string
	for _, name := range sortedKeys(f.SVG.Elements) {
		e := f.SVG.Elements[name]
		switch {
		case e.DefaultRole != nil:
			fmt.Fprintf(&b, "\t%q: %s, // exposed %s\n", name, roleIdent(*e.DefaultRole), e.Exposed)
		case strings.Contains(e.Exposed, "content"):
			subtree = append(subtree, name)
		default:
			never = append(never, name)
		}
	}
	b.WriteString("}\n\n// svgNever are the SVG elements that are never exposed; of those that map\n" +
		"// to true their content is not either.\nvar svgNever = map[string]bool{\n")
	for _, n := range slices.Concat(never, subtree) {
		fmt.Fprintf(&b, "\t%q: %v,\n", n, slices.Contains(subtree, n))
	}
	b.WriteString("}\n")
	return b.String()
}

func sortedKeys[V any](m map[string]V) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
