package outbox

import (
	"context"
	"encoding/json"
	"errors"

	"handrail/internal/formpage"
	"handrail/internal/forms"
	"handrail/internal/seal"
	"handrail/internal/store"
)

// The ways to tell a person.
const (
	BySMS      = "sms"
	ByMail     = "email"
	ByCallback = "callback" // the department calls: an event of the case
)

// An Address is where a person wants to be told. It is kept sealed.
type Address struct {
	By      string `json:"by"`
	To      string `json:"to"`
	Lang    string `json:"lang"`
	Edition string `json:"edition"`
}

// Seal seals the address for one case.
func (a Address) Seal(key seal.Key, reference string) []byte {
	b, err := json.Marshal(a)
	if err != nil {
		panic("outbox: " + err.Error())
	}
	return key.Seal(b, "notice "+reference)
}

// OpenAddress opens what Seal sealed.
func OpenAddress(key seal.Key, reference string, sealed []byte) (Address, error) {
	var a Address
	b, err := key.Open(sealed, "notice "+reference)
	if err == nil {
		err = json.Unmarshal(b, &a)
	}
	return a, err
}

// String shows no address.
func (a Address) String() string { return "[" + a.By + "]" }

// notice tells the person. A case without an address gets none.
func (w *Worker) notice(ctx context.Context, j *store.Job) error {
	p, err := payload(j)
	if err != nil {
		return err
	}
	sealed, err := w.o.Store.Notice(ctx, j.Reference)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	} else if err != nil {
		return err
	}
	if w.o.Key == nil {
		return errors.New("there is no notice-key in server.yaml")
	}
	a, err := OpenAddress(*w.o.Key, j.Reference, sealed)
	if err != nil {
		return errNever{errors.New("the address is sealed under another notice-key")}
	}
	c, err := w.o.Store.Case(ctx, j.Reference)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	} else if err != nil {
		return err
	}
	to := map[string]Sender{BySMS: w.o.SMS, ByMail: w.o.Mail}[a.By]
	if to == nil {
		return errors.New("server.yaml says no way to send " + a.By)
	}
	m := compose(w.o.Kit(), c, a, p)
	m.ID = j.ID
	return to.Send(ctx, m)
}

// compose writes a notice: the reference, what the form is called, where the
// case stands and where to look. No answer, no secret, no name.
func compose(kit *formpage.Kit, c *store.Case, a Address, p Payload) Message {
	text := func(key string, args ...any) string { return kit.Text(a.Lang, "server.notice."+key, args...) }
	reference, title := seal.Groups(c.Reference), ""
	if d := kit.Form(c.Form); d != nil {
		title = d.Title.In(a.Lang)
	}
	state := p.State
	if state == "" {
		state = "message"
	}
	phone := ""
	if d := kit.Site().Department(c.Department); d != nil {
		phone = d.Phone
	}
	m := Message{To: a.To, Subject: text("subject", "reference", reference),
		Text: text(string(state), "reference", reference, "form", title)}
	if base := kit.Site().BaseURL; base != "" {
		m.Text += "\n" + text("look", "url", base+kit.Site().Prefix(a.Lang, edition(a))+"/case/"+c.Reference)
	}
	if phone != "" {
		m.Text += "\n" + text("ask", "phone", phone)
	}
	return m
}

func edition(a Address) string {
	if a.Edition == forms.Care {
		return forms.Care
	}
	return forms.Standard
}
