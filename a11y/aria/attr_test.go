package aria_test

import (
	"slices"
	"testing"

	"handrail/a11y/aria"
)

func TestValidSyntax(t *testing.T) {
	for _, tt := range []struct {
		attr, value string
		want        bool
	}{
		{"aria-hidden", "true", true}, {"aria-hidden", "TRUE", true}, {"aria-hidden", "undefined", true}, {"aria-hidden", "yes", false},
		{"aria-modal", "false", true}, {"aria-modal", "undefined", false},
		{"aria-checked", "mixed", true}, {"aria-checked", "other", false},
		{"aria-busy", "false", true},
		{"aria-live", "polite", true}, {"aria-live", "loud", false},
		{"aria-relevant", "additions text", true}, {"aria-relevant", "additions none", false},
		{"aria-level", "2", true}, {"aria-level", "2.5", false},
		{"aria-valuenow", "2.5", true}, {"aria-valuenow", "high", false},
		{"aria-activedescendant", "a", true}, {"aria-activedescendant", "a b", false},
		{"aria-labelledby", "a b", true}, {"aria-labelledby", " ", false},
		{"aria-label", "anything", true},
	} {
		a, ok := aria.AttrByName(tt.attr)
		if !ok {
			t.Fatalf("no attribute %s", tt.attr)
		}
		if got := a.ValidSyntax(tt.value); got != tt.want {
			t.Errorf("%s=%q valid = %v, want %v", tt.attr, tt.value, got, tt.want)
		}
	}
	if _, ok := aria.AttrByName("aria-labeledby"); ok {
		t.Error("aria-labeledby is no attribute of WAI-ARIA")
	}
}

func TestRoleTables(t *testing.T) {
	if aria.Img != aria.Image || aria.Presentation != aria.None {
		t.Error("synonyms are different roles")
	}
	for name, want := range map[string]aria.Role{"img": aria.Image, "IMAGE": aria.Image, "presentation": aria.None, "tree": aria.RoleTree, "doc-toc": aria.DocToc} {
		if r, ok := aria.RoleByName(name); !ok || r != want {
			t.Errorf("RoleByName(%q) = %v, %v", name, r, ok)
		}
	}
	if !aria.Checkbox.Is(aria.Widget) || !aria.Searchbox.Is(aria.Textbox) || aria.Button.Is(aria.Link) {
		t.Error("inheritance is wrong")
	}
	box := aria.Checkbox.Info()
	if !box.Required.Has(aria.AttrChecked) || !box.Allowed.Has(aria.AttrLabel) || box.Allowed.Has(aria.AttrSort) || !box.ChildrenPresentational {
		t.Errorf("checkbox: %+v", box)
	}
	combo := aria.Combobox.Info()
	if !combo.Required.Has(aria.AttrControls) || combo.Required13.Has(aria.AttrControls) {
		t.Error("combobox: aria-controls is required by 1.2 and not by 1.3")
	}
	if !aria.Paragraph.Info().Prohibited.Has(aria.AttrLabel) || !aria.Tooltip.Info().NameProhibited || aria.Tooltip.Info().NameProhibited12 {
		t.Error("prohibited names are wrong")
	}
	if parents := aria.Listitem.Info().Parents; !slices.Contains(parents, aria.Context{Role: aria.List}) {
		t.Errorf("listitem stands in %v", parents)
	}
	var all []string
	for a := range (aria.AttrSet(1<<aria.AttrChecked | 1<<aria.AttrAtomic)).All() {
		all = append(all, a.String())
	}
	if len(all) != 2 || all[0] != "aria-atomic" || all[1] != "aria-checked" {
		t.Errorf("set yields %v", all)
	}
}
