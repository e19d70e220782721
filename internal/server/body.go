package server

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"time"
)

// errBody: the body of a request is no form.
var errBody = errors.New("not a form")

// A slow link is no attack, a connection that sends nothing is. A body may
// take as long as it likes while at least minRate bytes come each second,
// after a grace in the beginning.
const (
	bodyGrace = 15 * time.Second
	minRate   = 512      // bytes per second
	overflow  = 64 << 20 // bytes beyond the limit that are read and dropped
)

// parseBody reads a posted form of at most limit bytes.
func parseBody(w http.ResponseWriter, r *http.Request, limit int64) (url.Values, error) {
	r.Body = steady(w, r, limit)
	typ, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return nil, errBody
	}
	switch typ {
	case "application/x-www-form-urlencoded":
		err = r.ParseForm()
	case "multipart/form-data":
		// Parts stay in memory: the body is no larger than limit.
		if err = r.ParseMultipartForm(limit); err == nil {
			defer r.MultipartForm.RemoveAll()
		}
	default:
		return nil, errBody
	}
	if err != nil {
		return nil, bodyError(err)
	}
	return r.PostForm, nil
}

// steady is the body of a request, of at most limit bytes.
func steady(w http.ResponseWriter, r *http.Request, limit int64) io.ReadCloser {
	return &steadyBody{ReadCloser: http.MaxBytesReader(innermost(w), r.Body, limit), all: r.Body,
		control: http.NewResponseController(w), start: time.Now()}
}

// innermost is net/http's own writer: only to it MaxBytesReader can say that
// the connection must stay open until the answer has arrived.
func innermost(w http.ResponseWriter) http.ResponseWriter {
	for {
		u, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			return w
		}
		w = u.Unwrap()
	}
}

// bodyError leaves of an error what may be told: its cause may quote what was
// sent.
func bodyError(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return tooLarge
	}
	return errBody
}

// A steadyBody ends when bytes come too slowly.
type steadyBody struct {
	io.ReadCloser
	all     io.Reader // without the limit
	control *http.ResponseController
	start   time.Time
	read    int64
}

func (b *steadyBody) Read(p []byte) (int, error) {
	allowed := bodyGrace + time.Duration(b.read)*time.Second/minRate
	_ = b.control.SetReadDeadline(b.start.Add(allowed)) // not every connection in tests has one
	n, err := b.ReadCloser.Read(p)
	b.read += int64(n)
	switch {
	case err == io.EOF: // nothing more to wait for
		_ = b.control.SetReadDeadline(time.Time{})
	case err != nil: // what is left is thrown away, but not for ever
		_ = b.control.SetReadDeadline(time.Now().Add(bodyGrace))
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			// Browsers and proxies hear an answer only when they have sent all.
			_, _ = io.CopyN(io.Discard, b.all, overflow)
		}
	}
	return n, err
}
