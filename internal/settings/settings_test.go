package settings

import (
	"strings"
	"testing"
)

const (
	key1 = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
	key2 = "age1t7rxyev2z3rw82stdlrrepyc39nvn86l5078zqkf5uasdy86jp6svpy7pa"
)

func TestSettings(t *testing.T) {
	s, diags := Parse("server.yaml", []byte(`listen: 127.0.0.1:9000
metrics: 127.0.0.1:9090
database: env:HANDRAILD_DATABASE
trusted-proxies: [127.0.0.1, "10.0.0.0/8"]
departments:
  housing:
    recipients:
      - `+key1+`
      - `+key2+"\n"))
	if len(diags) > 0 {
		t.Fatal(diags[0])
	}
	if s.Listen != "127.0.0.1:9000" || s.Metrics != "127.0.0.1:9090" || s.Database != "env:HANDRAILD_DATABASE" || len(s.Proxies) != 2 || len(s.Recipients["housing"]) != 2 {
		t.Errorf("%+v", s)
	}
	if s, diags := Parse("server.yaml", nil); len(diags) > 0 || s.Listen != ":8080" {
		t.Errorf("an empty file: %v, %v", s, diags)
	}
}

// TestMistakes: each at its place, all at once.
func TestMistakes(t *testing.T) {
	_, diags := Parse("server.yaml", []byte(`listen: 8080
colour: red
trusted-proxies: [everywhere]
database: postgres://handrail:hunter2@db/handrail
departments:
  housing:
    recipients:
      - AGE-SECRET-KEY-1QQQQ
  taxes:
    recipients: [`+key1+`, `+key1+`]
  parks:
    recipients: [age1no]
  roads:
    recipents: []
`))
	var got []string
	for _, d := range diags {
		got = append(got, d.Pos.String()+" "+d.Code)
	}
	want := []string{
		"server.yaml:1:9 bad-address", "server.yaml:2:1 unknown-key", "server.yaml:3:19 bad-network", "server.yaml:4:11 bad-place",
		"server.yaml:8:7 one-recipient", "server.yaml:8:9 secret-key", "server.yaml:10:82 duplicate-recipient",
		"server.yaml:12:17 one-recipient", "server.yaml:12:18 bad-recipient",
		"server.yaml:13:3 missing-field", "server.yaml:14:5 unknown-key",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for _, d := range diags {
		if strings.Contains(d.Msg, "QQQQ") || strings.Contains(d.Msg, "hunter2") {
			t.Errorf("a message quotes a secret key: %s", d.Msg)
		}
	}
}
