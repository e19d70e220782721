package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

type rolesFile struct {
	Roles map[string]role `json:"roles"`
}

type role struct {
	Name                   string    `json:"name"`
	Abstract               bool      `json:"abstract"`
	SynonymOf              string    `json:"synonymOf"`
	Since                  string    `json:"since"`
	Deprecated             *string   `json:"deprecated"`
	Ancestors              []string  `json:"ancestors"`
	RequiredParents        []context `json:"requiredParents"`
	AllowedChildren        []context `json:"allowedChildren"`
	Required               []ref     `json:"required"`
	Prohibited             []string  `json:"prohibited"`
	NamingProhibited       bool      `json:"namingProhibited"`
	GlobalsDeprecatedHere  []string  `json:"globalsDeprecatedHere"`
	AllowedAttributes      []string  `json:"allowedAttributes"`
	NameFrom               []string  `json:"nameFrom"`
	NameRequired           bool      `json:"nameRequired"`
	ChildrenPresentational bool      `json:"childrenPresentational"`
	Anchor                 string    `json:"anchor"`
	ARIA12                 struct {
		RequiredParents   *[]context `json:"requiredParents"`
		AllowedChildren   *[]context `json:"allowedChildren"`
		Required          *[]ref     `json:"required"`
		NameRequired      *bool      `json:"nameRequired"`
		Prohibited        *[]string  `json:"prohibited"`
		AllowedAttributes struct {
			OnlyIn12 []string `json:"onlyIn12"`
		} `json:"allowedAttributes"`
	} `json:"aria12"`
}

type context struct {
	Role       string `json:"role"`
	WithParent string `json:"withParent"`
	WithChild  string `json:"withChild"`
}

type ref struct {
	Name      string `json:"name"`
	Condition string `json:"condition"`
}

// rolesTable writes the constants, in alphabetic order, and one line per role.
func rolesTable(f rolesFile) string {
	names := slices.Sorted(maps.Keys(f.Roles))
	var b strings.Builder
	b.WriteString("package aria\n\n// The roles of WAI-ARIA 1.3, its graphics and its publishing module.\nconst (\n")
	for i, n := range names {
		switch {
		case f.Roles[n].SynonymOf != "":
		case i == 0:
			fmt.Fprintf(&b, "\t%s Role = iota + 1\n", roleIdent(n))
		default:
			fmt.Fprintf(&b, "\t%s\n", roleIdent(n))
		}
	}
	b.WriteString("\troleCount\n)\n\n// Synonyms.\nconst (\n")
	for _, n := range names {
		if s := f.Roles[n].SynonymOf; s != "" {
			fmt.Fprintf(&b, "\t%s = %s\n", roleIdent(n), roleIdent(s))
		}
	}
	b.WriteString(")\n\nvar roleTable = [roleCount]RoleInfo{\n")
	for _, n := range names {
		if r := f.Roles[n]; r.SynonymOf == "" {
			fmt.Fprintf(&b, "\t%s: %s, // %s\n", roleIdent(n), roleLine(r), r.Anchor)
		}
	}
	b.WriteString("}\n\nvar roleNames = map[string]Role{\n")
	for _, n := range names {
		fmt.Fprintf(&b, "\t%q: %s,\n", n, roleIdent(n))
	}
	b.WriteString("}\n")
	return b.String()
}

// roleLine is one composite literal. What 1.2 says wins where ACT rules
// refer to it: required attributes, context, children and names.
func roleLine(r role) string {
	parts := []string{fmt.Sprintf("Name: %q", r.Name)}
	add := func(key, val string) {
		if val != "" {
			parts = append(parts, key+": "+val)
		}
	}
	flag := func(key string, on bool) {
		if on {
			add(key, "true")
		}
	}
	required, parents, children, nameRequired := r.Required, r.RequiredParents, r.AllowedChildren, r.NameRequired
	required13 := required
	// menuitemradio: empty in 1.2, where it inherits aria-checked.
	if p := r.ARIA12.Required; p != nil && len(*p) > 0 {
		required = *p
	}
	if p := r.ARIA12.RequiredParents; p != nil {
		parents = *p
	}
	if p := r.ARIA12.AllowedChildren; p != nil {
		children = *p
	}
	if p := r.ARIA12.NameRequired; p != nil {
		nameRequired = *p
	}
	prohibited, prohibited12 := r.Prohibited, r.Prohibited
	if p := r.ARIA12.Prohibited; p != nil {
		prohibited12 = *p
	}
	naming12 := r.NamingProhibited && (len(r.Prohibited) == 0 || slices.Contains(prohibited12, "aria-label"))
	flag("Abstract", r.Abstract)
	flag("Deprecated", r.Deprecated != nil)
	flag("Draft", r.Since == "1.3")
	flag("NameFromContent", slices.Contains(r.NameFrom, "contents"))
	flag("NameProhibited", r.NamingProhibited)
	flag("NameProhibited12", naming12)
	flag("NameRequired", nameRequired)
	flag("ChildrenPresentational", r.ChildrenPresentational)
	add("Super", set("roleSet", mapped(r.Ancestors, roleIdent)))
	add("Parents", contexts(parents))
	add("Children", contexts(children))
	add("Required", set("attrSet", mapped(refNames(required), attrIdent)))
	add("Required13", set("attrSet", mapped(refNames(required13), attrIdent)))
	allowed := append(slices.Clip(r.AllowedAttributes), r.ARIA12.AllowedAttributes.OnlyIn12...)
	add("Allowed", set("attrSet", mapped(withoutAll(allowed, r.GlobalsDeprecatedHere), attrIdent)))
	add("GlobalsDeprecated", set("attrSet", mapped(r.GlobalsDeprecatedHere, attrIdent)))
	add("Prohibited", set("attrSet", mapped(prohibited, attrIdent)))
	add("Prohibited12", set("attrSet", mapped(prohibited12, attrIdent)))
	return "{" + strings.Join(parts, ", ") + "}"
}

func withoutAll(list, drop []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(drop, s) })
}

func refNames(rs []ref) []string {
	var out []string
	for _, r := range rs {
		// separator: aria-valuenow, only where it can be focused.
		if r.Condition == "" && !slices.Contains(out, r.Name) {
			out = append(out, r.Name)
		}
	}
	return out
}

func contexts(cs []context) string {
	if len(cs) == 0 {
		return ""
	}
	var out []string
	for _, c := range cs {
		s := "Role: " + roleIdent(c.Role)
		if with := c.WithParent + c.WithChild; with != "" {
			s += ", With: " + roleIdent(with)
		}
		out = append(out, "{"+s+"}")
	}
	return "[]Context{" + strings.Join(out, ", ") + "}"
}
