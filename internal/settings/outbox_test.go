package settings

import (
	"strings"
	"testing"
)

const clerk = "clerk1-AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"

func TestOutbox(t *testing.T) {
	s, diags := Parse("server.yaml", []byte(`webhook-hosts: [cases.example]
notice-key: file:/etc/handraild/notice.key
sms: {url: "https://sms.example/send", body: '{"to":"{to}"}', authorization: "Bearer {secret}", secret: env:SMS}
mail: {server: "localhost:25", from: no-reply@anhe.example, plain: true}
departments:
  housing:
    recipients: [`+key1+`, `+key2+`]
    clerks: {wang: `+clerk+`}
    folder: /srv/cases/housing
    webhook: {url: "https://cases.example/in", secret: file:/run/secrets/housing}
    updates: env:HOUSING_UPDATES
`))
	if len(diags) > 0 {
		t.Fatal(diags[0])
	}
	k := s.Desks["housing"]
	if k == nil || len(k.Clerks) != 1 || k.Clerks[0].Name != "wang" || k.Folder == "" || k.WebhookURL == "" || k.WebhookSecret == "" || k.Updates == "" {
		t.Errorf("desk: %+v", k)
	}
	if s.SMS == nil || s.SMS.Secret != "env:SMS" || s.Mail == nil || s.Mail.Port != 25 || !s.Mail.Plain || s.NoticeKey == "" {
		t.Errorf("%+v", s.Outbox)
	}
}

func TestOutboxMistakes(t *testing.T) {
	_, diags := Parse("server.yaml", []byte(`notice-key: QQQQ
sms: {url: "sms", secret: QQQQ}
mail: {server: mail, from: x}
departments:
  housing:
    recipients: [`+key1+`, `+key2+`]
    clerks: {wang: `+clerk+`, li: `+clerk+`, zhang: clerk1-x}
    webhook: {url: "https://inside.example/", secret: whsec_QQQQ}
`))
	var got []string
	for _, d := range diags {
		got = append(got, d.Code)
		if strings.Contains(d.Msg, "QQQQ") {
			t.Errorf("a message quotes a secret: %s", d.Msg)
		}
	}
	want := "bad-place bad-url bad-place bad-address duplicate-clerk bad-clerk webhook-host bad-place"
	if strings.Join(got, " ") != want {
		t.Errorf("got %v\nwant %s", got, want)
	}
}
