package main

import (
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"time"

	"handrail/internal/desk"
	"handrail/internal/formpage"
	"handrail/internal/outbox"
	"handrail/internal/seal"
	"handrail/internal/settings"
	"handrail/internal/store"
)

// noticeKey reads the key that addresses for notices are sealed under; nil
// when there are no notices.
func (g *globals) noticeKey(s *settings.Settings) (*seal.Key, error) {
	if s.NoticeKey == "" {
		return nil, nil
	}
	text, err := g.secret(s.NoticeKey)
	if err != nil {
		return nil, fmt.Errorf("notice-key: %w", err)
	}
	key, ok := seal.ParseKey(text)
	if !ok {
		return nil, fmt.Errorf("notice-key: no key; handraild keys generate --notice makes one")
	}
	return &key, nil
}

// outbox returns the worker that carries cases and notices.
func (g *globals) outbox(s *settings.Settings, st store.Store, files outbox.Files, kit func() *formpage.Kit, key *seal.Key, log *slog.Logger) (*outbox.Worker, error) {
	o := outbox.Options{Store: st, Files: files, Kit: kit, Now: g.now, Log: log, Key: key, Routes: map[string]outbox.Route{},
		Client: outbox.NewClient(outbox.Egress{Hosts: s.WebhookHosts})}
	for _, dep := range slices.Sorted(maps.Keys(s.Desks)) {
		k := s.Desks[dep]
		route := outbox.Route{Folder: k.Folder}
		if k.WebhookURL != "" {
			secret, err := g.webhookSecret(dep, k.WebhookSecret)
			if err != nil {
				return nil, err
			}
			route.Webhook = &outbox.Webhook{URL: k.WebhookURL, Secret: secret}
		}
		o.Routes[dep] = route
	}
	if m := s.SMS; m != nil {
		gateway := &outbox.Gateway{URL: m.URL, Body: m.Body, ContentType: m.ContentType, Authorization: m.Authorization,
			Client: &http.Client{Timeout: 30 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
		if m.Secret != "" {
			secret, err := g.secret(m.Secret)
			if err != nil {
				return nil, fmt.Errorf("sms: %w", err)
			}
			gateway.Secret = secret
		}
		o.SMS = gateway
	}
	if m := s.Mail; m != nil {
		mailer := &outbox.Mailer{Host: m.Host, Port: m.Port, From: m.From, User: m.User, Plain: m.Plain}
		if m.Password != "" {
			password, err := g.secret(m.Password)
			if err != nil {
				return nil, fmt.Errorf("mail: %w", err)
			}
			mailer.Password = password
		}
		o.Mail = mailer
	}
	return outbox.New(o), nil
}

func (g *globals) webhookSecret(dep, where string) (outbox.Secret, error) {
	text, err := g.secret(where)
	if err != nil {
		return outbox.Secret{}, fmt.Errorf("department %s: %w", dep, err)
	}
	secret, err := outbox.ParseSecret(text)
	if err != nil {
		return outbox.Secret{}, fmt.Errorf("department %s: %w", dep, err)
	}
	return secret, nil
}

// desk returns the interface of the departments.
func (g *globals) desk(s *settings.Settings, st store.Store, files outbox.Files, hosts func() []string, log *slog.Logger) (http.Handler, error) {
	departments := map[string]desk.Department{}
	for dep, k := range s.Desks {
		d := desk.Department{Clerks: k.Clerks, Recipients: s.Recipients[dep]}
		if k.Updates != "" {
			var err error
			if d.Updates, err = g.webhookSecret(dep, k.Updates); err != nil {
				return nil, err
			}
		}
		departments[dep] = d
	}
	return desk.Handler(desk.Options{Store: st, Files: files, Hosts: hosts, Departments: departments, Now: g.now, Log: log}), nil
}

// hosts are the names that requests of clerks may be signed for: that of the
// site.
func hosts(site *formpage.Site) []string {
	if u, err := url.Parse(site.BaseURL); err == nil && u.Host != "" {
		return []string{u.Host}
	}
	return nil
}

// tells lists the ways to send notices that server.yaml has.
func tells(s *settings.Settings) (ways []string) {
	if s.NoticeKey != "" && s.SMS != nil {
		ways = append(ways, outbox.BySMS)
	}
	if s.NoticeKey != "" && s.Mail != nil {
		ways = append(ways, outbox.ByMail)
	}
	return ways
}
