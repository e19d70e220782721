package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

type attrsFile struct {
	Attributes map[string]struct {
		Kind                string          `json:"kind"`
		ValueType           string          `json:"valueType"`
		Values              []string        `json:"values"`
		Global              bool            `json:"global"`
		GlobalUseDeprecated bool            `json:"globalUseDeprecated"`
		Deprecated          json.RawMessage `json:"deprecated"`
		Since               string          `json:"since"`
		Anchor              string          `json:"anchor"`
	} `json:"attributes"`
}

var valueTypes = map[string]string{
	"true/false": "Boolean", "tristate": "Tristate", "true/false/undefined": "OptionalBoolean",
	"ID reference": "IDRef", "ID reference list": "IDRefList", "integer": "Integer",
	"number": "Number", "string": "Text", "token": "Token", "token list": "TokenList",
}

func attrsTable(f attrsFile) string {
	names := slices.Sorted(maps.Keys(f.Attributes))
	var b strings.Builder
	b.WriteString("package aria\n\n// The states and properties of WAI-ARIA 1.3.\nconst (\n")
	for i, n := range names {
		if i == 0 {
			fmt.Fprintf(&b, "\t%s Attr = iota\n", attrIdent(n))
		} else {
			fmt.Fprintf(&b, "\t%s\n", attrIdent(n))
		}
	}
	b.WriteString("\tattrCount\n)\n\nvar attrTable = [attrCount]AttrInfo{\n")
	for _, n := range names {
		a := f.Attributes[n]
		line := fmt.Sprintf("Name: %q, Type: %s", n, valueTypes[a.ValueType])
		for i, v := range a.Values {
			a.Values[i] = strings.TrimSuffix(v, " (default)")
		}
		if values := withoutAll(a.Values, []string{"undefined", "additions text"}); len(values) > 0 {
			line += fmt.Sprintf(", Values: %#v", values)
		}
		for _, flag := range []struct {
			name string
			on   bool
		}{
			{"State", a.Kind == "state"}, {"Global", a.Global}, {"GlobalDeprecated", a.GlobalUseDeprecated},
			{"Deprecated", len(a.Deprecated) > 0 && string(a.Deprecated) != "null"}, {"Draft", a.Since == "1.3"},
		} {
			if flag.on {
				line += ", " + flag.name + ": true"
			}
		}
		fmt.Fprintf(&b, "\t%s: {%s}, // %s\n", attrIdent(n), line, a.Anchor)
	}
	b.WriteString("}\n\nvar attrNames = map[string]Attr{\n")
	for _, n := range names {
		fmt.Fprintf(&b, "\t%q: %s,\n", n, attrIdent(n))
	}
	b.WriteString("}\n")
	return b.String()
}
