package formstate

import (
	"time"

	"handrail/internal/formpage"
)

// reading lists the states of going on to read: none belongs to a form.
func reading(prefix string) []State {
	var out []State
	for _, p := range []string{"", "missing", "wrong-length", "wrong-group", "unknown"} {
		out = append(out, State{"continue-" + p, &formpage.Continue{Action: prefix + "/continue", Typed: "4071 8836", Problem: p, Group: 2}})
	}
	for _, sure := range []string{"page", "exact", "near", "changed", "gone"} {
		f := &formpage.Place{Title: "×", URL: prefix + "/", Sure: sure}
		if sure == "exact" || sure == "near" {
			f.Part = "×"
		}
		out = append(out, State{"continue-found-" + sure, &formpage.Continue{Action: prefix + "/continue", Found: f}})
	}
	return append(out,
		State{"choose", &formpage.Choose{Action: "/continue/link", Hidden: []formpage.Hidden{{Name: "page", Value: prefix + "/"}}, Title: "×",
			Parts: []formpage.PagePart{{ID: "one", Title: "×"}, {ID: "two", Title: "××"}}}},
		State{"kept", &formpage.Kept{Code: "40718836295011746628", Link: "https://anhe.example/continue#40718836295011746628",
			Until: time.Date(2027, 2, 22, 0, 0, 0, 0, time.UTC), Title: "×", Part: "×", Back: prefix + "/", Continue: prefix + "/continue"}})
}
