package settings

import (
	"crypto/ed25519"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"handrail/internal/desk"
	"handrail/internal/schema"
)

// Outbox is what server.yaml says about what leaves the server. Secrets are
// named by where they stand: file:PATH or env:NAME.
type Outbox struct {
	WebhookHosts []string
	NoticeKey    string // seals addresses for notices; "" for no notices
	SMS          *SMS
	Mail         *Mail
	Desks        map[string]*Desk // by department
}

// SMS is how text messages leave.
type SMS struct {
	URL, Body, ContentType, Authorization string
	Secret                                string
}

// Mail is the server that takes e-mail.
type Mail struct {
	Host     string
	Port     int
	From     string
	User     string
	Password string
	Plain    bool
}

// A Desk is how a department gets its cases.
type Desk struct {
	Clerks        []desk.Clerk
	Folder        string
	WebhookURL    string
	WebhookSecret string
	Updates       string // the secret that signs updates
}

func object(key, en, zh string, fields ...*schema.Field) *schema.Field {
	f := field(schema.Object, key, en, zh)
	f.Fields = fields
	return f
}

func required(f *schema.Field) *schema.Field {
	f.Required = true
	return f
}

func departmentFields() []*schema.Field {
	clerks := field(schema.Map, "clerks", "public keys of those who may use the inbox, by name", "可使用收件箱的人员公钥，按姓名")
	clerks.Item = &schema.Field{Kind: schema.Text}
	return []*schema.Field{
		clerks,
		field(schema.Text, "folder", "a folder that sealed cases are put into", "存放密封件的文件夹"),
		object("webhook", "an address that is called with sealed cases", "以密封件回调的地址",
			required(field(schema.Text, "url", "the address", "地址")),
			required(field(schema.Text, "secret", "where the signing secret stands: file:PATH or env:NAME", "签名密钥所在：file:路径 或 env:变量名"))),
		field(schema.Text, "updates", "where the secret stands that signs updates: file:PATH or env:NAME", "状态更新的签名密钥所在：file:路径 或 env:变量名"),
	}
}

func outboxFields() []*schema.Field {
	return []*schema.Field{
		list("webhook-hosts", "the only hosts that webhooks may call", "允许回调的主机"),
		field(schema.Text, "notice-key", "where the key stands that seals addresses for notices: file:PATH or env:NAME", "通知地址加密密钥所在：file:路径 或 env:变量名"),
		object("sms", "how text messages leave", "短信网关",
			required(field(schema.Text, "url", "address of the gateway", "网关地址")),
			field(schema.Text, "body", "what is posted; without it the address is fetched", "请求正文；不写则用 GET"),
			field(schema.Text, "content-type", "of the body", "正文类型"),
			field(schema.Text, "authorization", "the header of that name", "Authorization 请求头"),
			field(schema.Text, "secret", "where the gateway's secret stands: file:PATH or env:NAME", "网关密钥所在：file:路径 或 env:变量名")),
		object("mail", "the server that takes e-mail", "邮件服务器",
			required(field(schema.Text, "server", "host:port", "主机:端口")),
			required(field(schema.Text, "from", "whom e-mail comes from", "发件人")),
			field(schema.Text, "user", "name to sign in with", "登录名"),
			field(schema.Text, "password", "where the password stands: file:PATH or env:NAME", "密码所在：file:路径 或 env:变量名"),
			field(schema.Bool, "plain", "without TLS: only to a server on the same machine", "不加密：仅限本机邮件服务器")),
	}
}

// text returns the text of a field, or "".
func text(v *schema.Value, key string) string {
	if v == nil {
		return ""
	}
	if x := v.Get(key); x != nil && x.Kind != schema.Null {
		return x.Text
	}
	return ""
}

// secret returns where a secret stands.
func (d *decoder) secret(v *schema.Value, key string) string {
	s := text(v, key)
	if s != "" && !strings.HasPrefix(s, "file:") && !strings.HasPrefix(s, "env:") {
		d.report(v.Get(key), "bad-place", "a secret must not stand in this file", "write file:PATH or env:NAME")
		return ""
	}
	return s
}

func (d *decoder) outbox(root *schema.Value) {
	for _, v := range root.Items("webhook-hosts") {
		d.s.WebhookHosts = append(d.s.WebhookHosts, v.Text)
	}
	d.s.NoticeKey = d.secret(root, "notice-key")
	if v := root.Get("sms"); v != nil && v.Kind == schema.Object {
		d.s.SMS = &SMS{text(v, "url"), text(v, "body"), text(v, "content-type"), text(v, "authorization"), d.secret(v, "secret")}
		d.url(v.Get("url"))
	}
	if v := root.Get("mail"); v != nil && v.Kind == schema.Object {
		host, port, err := net.SplitHostPort(text(v, "server"))
		n, err2 := strconv.Atoi(port)
		if at := v.Get("server"); at != nil && (err != nil || err2 != nil) {
			d.report(at, "bad-address", "this is no mail server", "write host:port, such as mail.example:587")
		}
		plain := v.Get("plain")
		d.s.Mail = &Mail{host, n, text(v, "from"), text(v, "user"), d.secret(v, "password"), plain != nil && plain.Bool}
	}
}

// url reports what is no address to call, and returns its host.
func (d *decoder) url(v *schema.Value) string {
	if v == nil {
		return ""
	}
	u, err := url.Parse(v.Text)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		d.report(v, "bad-url", "this is no address to call", "write one that begins with https://")
		return ""
	}
	return u.Hostname()
}

func (d *decoder) desk(v *schema.Value) {
	k := &Desk{Folder: text(v, "folder"), Updates: d.secret(v, "updates")}
	if clerks := v.Get("clerks"); clerks != nil {
		for _, c := range clerks.Map {
			key, err := desk.ParsePublic(c.Text)
			if err != nil {
				d.report(c, "bad-clerk", "this is no clerk’s key", "it begins with clerk1-; handraild keys generate prints it")
				continue
			}
			if slices.ContainsFunc(k.Clerks, func(x desk.Clerk) bool { return x.Key.Equal(ed25519.PublicKey(key)) }) {
				d.report(c, "duplicate-clerk", "this key is listed twice", "each clerk has a key of their own")
			}
			k.Clerks = append(k.Clerks, desk.Clerk{Name: c.Key, Key: key})
		}
	}
	if w := v.Get("webhook"); w != nil && w.Kind == schema.Object {
		k.WebhookURL, k.WebhookSecret = text(w, "url"), d.secret(w, "secret")
		if host := d.url(w.Get("url")); host != "" && !slices.Contains(d.s.WebhookHosts, host) {
			d.report(w.Get("url"), "webhook-host", "this host may not be called", "list it under webhook-hosts")
		}
	}
	if d.s.Desks == nil {
		d.s.Desks = map[string]*Desk{}
	}
	d.s.Desks[v.Key] = k
}
