package prefs

import (
	"net/http"
	"net/url"
	"strings"
)

// Handler answers the two addresses of the companion server that readers
// without script need: POST /prefs keeps what the settings form sends, and GET
// /prefs.css says it to every page. Both belong to one reader and are never
// stored on the way. Requests that come from another site change nothing.
func Handler(sheet Sheet) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("POST /prefs", http.NewCrossOriginProtection().Handler(http.HandlerFunc(post)))
	mux.HandleFunc("GET /prefs.css", func(w http.ResponseWriter, r *http.Request) {
		private(w)
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		_, _ = w.Write([]byte(sheet.CSS(FromRequest(r)))) // the reader has gone away
	})
	return mux
}

// longestForm is more than the settings form can come to.
const longestForm = 8 << 10

func post(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, longestForm)
	if err := r.ParseForm(); err != nil {
		http.Error(w, http.StatusText(http.StatusBadRequest), http.StatusBadRequest)
		return
	}
	c, said := FromRequest(r).WithForm(r.PostForm), "saved"
	if r.PostForm.Get("reset") != "" {
		c, said = FromRequest(r).Reset(), "reset"
	}
	http.SetCookie(w, c.Cookie(r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https"))
	private(w)
	http.Redirect(w, r, back(r.PostForm.Get("back"))+"#"+said, http.StatusSeeOther)
}

func private(w http.ResponseWriter) { w.Header().Set("Cache-Control", "private, no-store") }

// back returns the page of this site that the form was on. What could lead
// anywhere else leads to the settings page.
func back(to string) string {
	const otherwise = "/display/"
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "" || u.Host != "" || u.Opaque != "" || u.User != nil ||
		!strings.HasPrefix(u.Path, "/") || strings.HasPrefix(u.Path, "//") || strings.ContainsAny(u.Path, "\\\r\n\t") {
		return otherwise
	}
	return u.EscapedPath()
}
