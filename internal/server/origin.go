package server

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"

	"handrail/internal/formpage"
	"handrail/internal/seal"
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

// silent reports a request that says nothing of where it comes from: old
// browsers do, some with a setting. Nothing but a token tells then whether a
// page of ours has made it.
func silent(r *http.Request) bool {
	h := r.Header
	return h.Get("Sec-Fetch-Site") == "" && h.Get("Origin") == "" && h.Get("Referer") == ""
}

// Pages that are there before anybody has shown anything, and the token of
// theirs.
const (
	pageCookie = "__Host-page"
	inputPage  = "page"
)

// tokenOf follows from what is random in a cookie: of a case's that is the
// last part, since a token stands in an address and must not let anybody try
// out secrets.
func tokenOf(cookie string) string {
	cookie = cookie[strings.LastIndexByte(cookie, '.')+1:]
	h := sha256.Sum256([]byte("handrail v1 page " + cookie))
	return base64.RawURLEncoding.EncodeToString(h[:16])
}

// pageToken gives a page a token that only the browser it is shown to can
// bring back. Without it, another site could have a browser open a draft or a
// case that is not its user's, who then types into it.
func pageToken(w http.ResponseWriter, r *http.Request) []formpage.Hidden {
	value := ""
	if c, err := r.Cookie(pageCookie); err == nil && len(c.Value) == len(seal.NewID()) {
		value = c.Value
	} else {
		value = seal.NewID()
		setCookie(w, pageCookie, value, 0)
	}
	return []formpage.Hidden{{Name: inputPage, Value: tokenOf(value)}}
}

// fromHere reports a form that comes from a page of ours, as far as that can
// be told.
func (s *Server) fromHere(r *http.Request, in url.Values) bool {
	if !silent(r) {
		return true
	}
	c, err := r.Cookie(pageCookie)
	return err == nil && in.Get(inputPage) == tokenOf(c.Value)
}

// forgetURL is where "forget on this computer" is posted from a page that is
// about what a cookie opens.
func forgetURL(p place, cookie string) string {
	return p.prefix + forgetPath + "?" + inputPage + "=" + tokenOf(cookie)
}

// knowsPage reports a token that follows from one of the browser's cookies.
func knowsPage(r *http.Request, token string) bool {
	for _, c := range r.Cookies() {
		if tokenOf(c.Value) == token {
			return true
		}
	}
	return false
}

func secretCookieOf(r *http.Request) string {
	if c, err := r.Cookie(secretCookie); err == nil {
		return c.Value
	}
	return ""
}
