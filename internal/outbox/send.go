package outbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/wneessen/go-mail"
)

// A Gateway sends text messages by one HTTP request to whoever the site has a
// contract with. {to}, {text}, {id} and {secret} are put into URL, Body and
// the header Authorization: into the URL percent-encoded, into a JSON body
// as the inside of a string.
type Gateway struct {
	URL           string
	Body          string // "" makes a GET
	ContentType   string // "" is application/json
	Authorization string
	Secret        string
	Client        *http.Client
}

// String hides the secret.
func (g *Gateway) String() string { return "[gateway]" }

// Send implements [Sender].
func (g *Gateway) Send(ctx context.Context, m Message) error {
	kind := g.ContentType
	if kind == "" {
		kind = "application/json"
	}
	quote := inJSON
	if !strings.Contains(kind, "json") {
		quote = url.QueryEscape
	}
	method := http.MethodPost
	if g.Body == "" {
		method = http.MethodGet
	}
	r, err := http.NewRequestWithContext(ctx, method, g.fill(g.URL, m, url.QueryEscape), strings.NewReader(g.fill(g.Body, m, quote)))
	if err != nil {
		return errNever{errors.New("the address of the gateway cannot be read")}
	}
	if g.Body != "" {
		r.Header.Set("Content-Type", kind)
	}
	r.Header.Set("Idempotency-Key", m.ID)
	if g.Authorization != "" {
		r.Header.Set("Authorization", g.fill(g.Authorization, m, func(s string) string { return s }))
	}
	return call(g.Client, r)
}

func (g *Gateway) fill(template string, m Message, quote func(string) string) string {
	return strings.NewReplacer("{to}", quote(m.To), "{text}", quote(m.Text), "{id}", quote(m.ID), "{secret}", quote(g.Secret)).Replace(template)
}

func inJSON(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic("outbox: " + err.Error())
	}
	return string(b[1 : len(b)-1])
}

// A Mailer sends e-mail through one SMTP server.
type Mailer struct {
	Host     string
	Port     int
	From     string
	User     string
	Password string
	Plain    bool // without TLS: to a relay on the same machine
}

// String hides the password.
func (m *Mailer) String() string { return "[mailer]" }

// Send implements [Sender]. The message has the same Message-ID on every
// attempt.
func (s *Mailer) Send(ctx context.Context, m Message) error {
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if err := msg.From(s.From); err != nil {
		return errNever{errors.New("the address that e-mail comes from cannot be read")}
	}
	if err := msg.To(m.To); err != nil {
		return errNever{errors.New("the e-mail address cannot be read")}
	}
	msg.Subject(m.Subject)
	msg.SetBodyString(mail.TypeTextPlain, m.Text)
	msg.SetDate()
	_, host, _ := strings.Cut(s.From, "@")
	msg.SetMessageIDWithValue(m.ID + "@" + strings.Trim(host, "> "))
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834, 5
	opts := []mail.Option{mail.WithPort(s.Port), mail.WithTLSPolicy(mail.TLSMandatory), mail.WithHELO("localhost")}
	if s.Plain {
		opts = append(opts, mail.WithTLSPolicy(mail.NoTLS))
	} else if s.Port == 465 {
		opts = append(opts, mail.WithSSL())
	}
	if s.User != "" {
		opts = append(opts, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(s.User), mail.WithPassword(s.Password))
	}
	c, err := mail.NewClient(s.Host, opts...)
	if err != nil {
		return errNever{err}
	}
	if err := c.DialAndSendWithContext(ctx, msg); err != nil {
		return mailError(err)
	}
	return nil
}

// mailError says what went wrong without the address that it went to.
func mailError(err error) error {
	e, ok := errors.AsType[*mail.SendError](err)
	if !ok {
		return fmt.Errorf("reach the mail server: %T", err)
	}
	if e.IsTemp() {
		return fmt.Errorf("the mail server said later (%d)", e.ErrorCode())
	}
	if e.ErrorCode() >= 500 {
		return errNever{fmt.Errorf("the mail server said no (%d)", e.ErrorCode())}
	}
	return fmt.Errorf("the mail server did not take it (%s)", e.Reason)
}
