// Package settings reads server.yaml: strictly, over the defaults, and with
// all mistakes at once, each at its place.
package settings

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"strings"

	"filippo.io/age"

	"handrail/internal/diag"
	"handrail/internal/schema"
	"handrail/internal/seal"
	"handrail/internal/upload"
)

// Settings are what server.yaml says.
type Settings struct {
	Listen  string // host:port
	Metrics string // host:port of the private listener; "" for none
	// Database says where the address of a PostgreSQL stands: file:PATH or
	// env:NAME; "" keeps everything in the data folder.
	Database string
	Proxies  []netip.Prefix // whose X-Forwarded-For is believed
	Backup   Backup
	// Recipients are the age keys that what is sent to a department is sealed
	// for. Only those named here: a site that was tampered with adds none.
	Recipients map[string][]age.Recipient
	Uploads    upload.Limits
	// UnprovedKeys takes forms although nobody has shown that the keys open.
	UnprovedKeys bool
	Outbox
}

// Default returns the settings without a server.yaml.
func Default() *Settings {
	return &Settings{Listen: ":8080", Backup: Backup{KeepDays: 30}, Recipients: map[string][]age.Recipient{}}
}

func field(kind schema.Kind, key, en, zh string) *schema.Field {
	return &schema.Field{Key: key, Kind: kind, EN: en, ZH: zh}
}

func list(key, en, zh string) *schema.Field {
	f := field(schema.List, key, en, zh)
	f.Item = &schema.Field{Kind: schema.Text}
	return f
}

// Fields returns the keys of server.yaml, for the decoder and the handbook.
func Fields() []*schema.Field {
	departments := field(schema.Map, "departments", "who may open what is sent to a department", "各部门的接收密钥")
	recipients := list("recipients", "age recipients: at least two, one of them kept off the network", "age 公钥：至少两个，其中一个离线保存")
	recipients.Required = true
	departments.Item = &schema.Field{Kind: schema.Object, Fields: append([]*schema.Field{recipients}, departmentFields()...)}
	return append([]*schema.Field{
		field(schema.Text, "listen", "the address to answer on", "监听地址"),
		field(schema.Text, "metrics", "a private address for Prometheus", "内部监控地址"),
		field(schema.Text, "database", "where the address of a PostgreSQL database stands: file:PATH or env:NAME", "PostgreSQL 数据库地址所在：file:路径 或 env:变量名"),
		list("trusted-proxies", "networks of reverse proxies in front", "前置代理的网段"),
		backupField(recipients),
		departments,
		uploadsField(),
		field(schema.Bool, "unproved-keys", "take forms although nobody has shown that the keys open: to try out only", "密钥未经证明也收表单：仅供试用"),
	}, outboxFields()...)
}

// Load reads the file called name over the defaults.
func Load(fsys fs.FS, name string) (*Settings, diag.List) {
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		msg := "cannot be read"
		if errors.Is(err, fs.ErrNotExist) {
			msg = "there is no such file"
		}
		return Default(), diag.List{{Pos: diag.Pos{File: name}, Code: "config-unreadable", Msg: msg, Err: err}}
	}
	return Parse(name, b)
}

// Parse reads the contents of a server.yaml.
func Parse(name string, b []byte) (*Settings, diag.List) {
	src := strings.TrimPrefix(string(b), "\uFEFF")
	d := &decoder{s: Default(), lines: diag.NewLines(name, src)}
	root, whole, diags := schema.ParseYAML(src, 0, len(src), d.lines)
	d.diags = diags
	switch {
	case root.Kind == schema.Null:
		return d.s, d.diags
	case root.Kind != schema.Object:
		d.report(root, "wrong-type", "server.yaml has to be a group of fields, such as “listen: :8080”", "")
		return d.s, d.diags
	}
	if list := (&schema.Decoder{Lines: d.lines}).DecodeFields(root, Fields()); whole {
		d.diags = append(d.diags, list...)
	}
	d.fill(root)
	d.diags.Sort()
	return d.s, d.diags
}

type decoder struct {
	s     *Settings
	lines *diag.Lines
	diags diag.List
}

func (d *decoder) report(v *schema.Value, code, msg, hint string) {
	d.diags.Add(&diag.Diagnostic{Pos: d.lines.Pos(v.Off), Code: code, Msg: msg, Hint: hint, Args: map[string]any{"value": v.Text}})
}

func (d *decoder) fill(root *schema.Value) {
	d.address(root.Get("listen"), &d.s.Listen)
	d.address(root.Get("metrics"), &d.s.Metrics)
	d.place(root.Get("database"), &d.s.Database)
	for _, v := range root.Items("trusted-proxies") {
		p, err := netip.ParsePrefix(v.Text)
		if a, err2 := netip.ParseAddr(v.Text); err != nil && err2 == nil {
			p, err = netip.PrefixFrom(a, a.BitLen()), nil
		}
		if err != nil {
			d.report(v, "bad-network", fmt.Sprintf("%q is no network", v.Text), "write an address or a network, such as 10.0.0.0/8")
			continue
		}
		d.s.Proxies = append(d.s.Proxies, p.Masked())
	}
	d.uploads(root.Get("uploads"))
	if v := root.Get("unproved-keys"); v != nil {
		d.s.UnprovedKeys = v.Bool
	}
	d.outbox(root)
	d.backup(root.Get("backup"))
	departments := root.Get("departments")
	if departments == nil {
		return
	}
	for _, v := range departments.Map {
		d.department(v)
	}
}

func (d *decoder) address(v *schema.Value, to *string) {
	if v == nil || v.Kind == schema.Null {
		return
	}
	if _, _, err := net.SplitHostPort(v.Text); err != nil {
		d.report(v, "bad-address", fmt.Sprintf("%q is no address to listen on", v.Text), "write host:port, such as 127.0.0.1:8080")
		return
	}
	*to = v.Text
}

// place is where a secret stands: in a file or in the environment, never in
// server.yaml itself.
func (d *decoder) place(v *schema.Value, to *string) {
	if v == nil || v.Kind == schema.Null {
		return
	}
	kind, name, _ := strings.Cut(v.Text, ":")
	if kind != "file" && kind != "env" || name == "" || strings.HasPrefix(name, "//") {
		d.report(v, "bad-place", "a secret does not stand in this file", "write file:/path/of/a/file or env:NAME_OF_A_VARIABLE")
		return
	}
	*to = v.Text
}

func (d *decoder) department(v *schema.Value) {
	d.desk(v)
	if keys := d.recipients(v, "a department needs"); len(keys) > 0 {
		d.s.Recipients[v.Key] = keys
	}
}

// recipients reads at least two different public keys.
func (d *decoder) recipients(v *schema.Value, who string) (keys []age.Recipient) {
	seen := map[string]bool{}
	for _, r := range v.Items("recipients") {
		switch key, err := seal.ParseRecipient(r.Text); {
		case strings.HasPrefix(strings.ToUpper(r.Text), "AGE-SECRET-KEY-"):
			d.report(r, "secret-key", "this is a secret key: it must never be on the server", "replace the key, it is burnt; write the recipient that begins with age1 here")
		case err != nil:
			d.report(r, "bad-recipient", fmt.Sprintf("%q is no age recipient", r.Text), "it begins with age1; age-keygen -y prints it")
		case seen[r.Text]:
			d.report(r, "duplicate-recipient", "this recipient is listed twice", "the second one has to be another key, kept off the network")
		default:
			seen[r.Text] = true
			keys = append(keys, key)
		}
	}
	if n := len(v.Items("recipients")); n == 1 {
		d.report(v.Get("recipients"), "one-recipient", who+" at least two recipients",
			"with one key only, what was sent is lost when that key is lost")
	}
	return keys
}
