package server

import (
	"net/http"
	"net/url"
)

// foreign reports a form that a page of another site has a browser post, where
// the browser is too old to say so in Sec-Fetch-Site or Origin. Such browsers
// name the page in Referer; who has it left out is let pass, and held by the
// token of the form.
func foreign(r *http.Request) bool {
	h := r.Header
	if r.Method != http.MethodPost || h.Get("Sec-Fetch-Site") != "" || h.Get("Origin") != "" || h.Get("Referer") == "" {
		return false
	}
	u, err := url.Parse(h.Get("Referer"))
	return err != nil || u.Host != r.Host
}
