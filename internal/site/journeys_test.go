package site

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const registration = "---\ntype: service\ntitle: Register\ntranslationKey: k\nmaterials: [{name: Card}]\n---\n"

func TestChecklistsGoWithWhatAsksForPapers(t *testing.T) {
	s, _ := build(t,
		"content/en/s/a.md", registration, "content/zh-Hans/s/b.md", registration,
		"content/en/s/none.md", "---\ntype: service\ntitle: Nothing to bring\n---\n",
		"content/en/s/own.md", "---\ntype: journey\ntitle: Own\nmaterials: [{name: Card}]\n---\n", "content/en/s/own/checklist.md", "# My list\n",
		"content/en/page.md", "# Page\n\n[list](s/a/checklist/)\n",
	)
	a := page(t, s, "/en/s/a/").Checklist
	if a == nil || a.Kind != Checklist || a.Parent.Path != "/en/s/a/" || s.Page("/en/s/a/checklist/") != a {
		t.Fatalf("checklist of a service = %+v", a)
	}
	if got := paths(a.Ancestors); !cmp.Equal(got, []string{"/en/", "/en/s/", "/en/s/a/"}) {
		t.Errorf("above the checklist: %v", got)
	}
	if got := paths(a.Translations); !cmp.Equal(got, []string{"/s/b/checklist/"}) {
		t.Errorf("translations of the checklist: %v", got)
	}
	if page(t, s, "/en/s/none/").Checklist != nil {
		t.Error("a service that asks for nothing has a checklist")
	}
	if own := page(t, s, "/en/s/own/").Checklist; own == nil || own.File == nil || own.Title != "My list" {
		t.Errorf("an author's own checklist gives way: %+v", own)
	}
	if l := page(t, s, "/en/page/").Links; len(l) != 1 || l[0].Page != a {
		t.Errorf("a link to a checklist leads to %+v", l)
	}
}

func TestJourneysAreKnownToTheirServices(t *testing.T) {
	s, diags := build(t,
		"content/en/a.md", "---\ntype: service\ntitle: A\n---\n",
		"content/en/j.md", "---\ntype: journey\ntitle: J\nsteps:\n  - {title: One, service: a.md}\n  - {title: Two, service: /a/}\n  - {title: Three, who: The hospital}\n  - {title: Four, service: p.md}\n---\n",
		"content/en/p.md", "# P\n",
	)
	if got := paths(page(t, s, "/en/a/").Journeys); !cmp.Equal(got, []string{"/en/j/"}) {
		t.Errorf("journeys of a service: %v", got)
	}
	if want := `content/en/j.md:8:28 wrong-target: "service" has to lead to a page of type "service"; this is a page of type "page"`; !slices.Contains(diags, want) {
		t.Errorf("diagnostics = %q; want %s", diags, want)
	}
}
