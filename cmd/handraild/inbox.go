package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"filippo.io/age"
	"github.com/spf13/cobra"

	"handrail/internal/desk"
	"handrail/internal/seal"
	"handrail/internal/store"
)

// deskFlags are what a clerk's machine needs to reach the inbox.
type deskFlags struct {
	server, department, clerk, identity string
}

func (f *deskFlags) add(g *globals, cmd *cobra.Command) {
	p := cmd.PersistentFlags()
	p.StringVar(&f.server, "server", "", g.text("tool.d.flag.server"))
	p.StringVar(&f.department, "department", "", g.text("tool.d.flag.department"))
	p.StringVar(&f.clerk, "clerk", "", g.text("tool.d.flag.clerk"))
	p.StringVar(&f.identity, "identity", "", g.text("tool.d.flag.own-identity"))
}

// client reads the clerk's files.
func (f *deskFlags) client(g *globals) (*desk.Client, error) {
	for name, v := range map[string]string{"server": f.server, "department": f.department, "clerk": f.clerk, "identity": f.identity} {
		if v == "" {
			return nil, errors.New(g.text("tool.d.inbox.flag", "flag", "--"+name))
		}
	}
	u, err := url.Parse(f.server)
	if err != nil || u.Scheme != "https" && (u.Scheme != "http" || u.Hostname() != "127.0.0.1" && u.Hostname() != "localhost") {
		return nil, errors.New(g.text("tool.d.inbox.https"))
	}
	file, err := os.ReadFile(f.clerk)
	if err != nil {
		return nil, err
	}
	key, err := desk.ParseSecret(string(file))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.clerk, err)
	}
	ids, err := os.Open(f.identity)
	if err != nil {
		return nil, err
	}
	defer ids.Close()
	identities, err := age.ParseIdentities(ids)
	if err != nil {
		return nil, fmt.Errorf("%s: it cannot be read as an age identity file", f.identity)
	}
	return &desk.Client{Server: f.server, Department: f.department, Key: key, Identities: identities, Now: g.now,
		HTTP: &http.Client{Timeout: 15 * time.Minute}}, nil
}

func newInboxCmd(g *globals) *cobra.Command {
	var f deskFlags
	cmd := &cobra.Command{Use: "inbox", Short: g.text("tool.d.inbox.short"), Long: g.text("tool.d.inbox.long")}
	f.add(g, cmd)
	cmd.AddCommand(newInboxListCmd(g, &f), newInboxOpenCmd(g, &f))
	cmd.AddCommand(inboxAct(g, &f, "ack", store.EventAck, 1), inboxAct(g, &f, "status", store.EventState, 2),
		inboxAct(g, &f, "answer", store.EventMessage, 1), inboxAct(g, &f, "ask-for", store.EventAsk, 1),
		newInboxRewrapCmd(g, &f), newInboxSecretCmd(g, &f))
	return cmd
}

func newInboxListCmd(g *globals, f *deskFlags) *cobra.Command {
	var state string
	var review bool
	cmd := &cobra.Command{Use: "list", Short: g.text("tool.d.inbox.list.short"), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := f.client(g)
			if err != nil {
				return err
			}
			cases, err := c.List(cmd.Context(), state)
			if err != nil {
				return g.refused(err)
			}
			slices.SortStableFunc(cases, func(a, b desk.Case) int { return a.Received.Compare(b.Received) })
			for _, x := range cases {
				if review && x.Review == "" {
					continue
				}
				line := []string{x.Reference, string(x.State), x.Received.Local().Format("2006-01-02 15:04"), x.Form}
				if x.Review != "" {
					line = append(line, g.text("tool.d.inbox.review", "why", x.Review))
				}
				fmt.Fprintln(g.stdout, strings.Join(line, "\t"))
			}
			return nil
		}}
	cmd.Flags().StringVar(&state, "state", "", g.text("tool.d.flag.state"))
	cmd.Flags().BoolVar(&review, "review", false, g.text("tool.d.flag.review"))
	return cmd
}

// both reads the clerk's files and a reference as people write it.
func (f *deskFlags) both(g *globals, text string) (*desk.Client, string, error) {
	reference, err := seal.ParseReference(text)
	if err != nil {
		return nil, "", errors.New(g.text("tool.d.inbox.reference", "reference", text))
	}
	c, err := f.client(g)
	return c, reference, err
}

// inboxAct is a command that does something to a case. Words come from the
// standard input, so that they stand in no history of commands.
func inboxAct(g *globals, f *deskFlags, name, kind string, n int) *cobra.Command {
	use := name + " REFERENCE"
	if n == 2 {
		use += " STATE"
	}
	var due string
	var result bool
	cmd := &cobra.Command{Use: use, Short: g.text("tool.d.inbox." + name + ".short"), Args: cobra.ExactArgs(n),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, reference, err := f.both(g, args[0])
			if err != nil {
				return err
			}
			a := desk.Act{Kind: kind}
			if n == 2 {
				a.State = store.State(args[1])
			}
			if result {
				a.Kind = store.EventResult
			}
			if due != "" {
				if a.Due, err = time.ParseInLocation("2006-01-02", due, time.Local); err != nil {
					return errors.New(g.text("tool.d.inbox.date", "date", due))
				}
			}
			text := ""
			if kind == store.EventMessage || kind == store.EventAsk {
				b, err := io.ReadAll(io.LimitReader(cmd.InOrStdin(), 64<<10))
				if err != nil {
					return err
				}
				if text = strings.TrimSpace(string(b)); text == "" {
					return errors.New(g.text("tool.d.inbox.empty"))
				}
			}
			done, err := c.Act(cmd.Context(), reference, a, text)
			if err != nil {
				return g.refused(err)
			}
			fmt.Fprintln(g.stdout, g.text("tool.d.inbox.done", "reference", seal.Groups(reference), "state", string(done.State)))
			return nil
		}}
	switch kind {
	case store.EventAsk:
		cmd.Flags().StringVar(&due, "by", "", g.text("tool.d.flag.by"))
	case store.EventMessage:
		cmd.Flags().BoolVar(&result, "result", false, g.text("tool.d.flag.result"))
	}
	return cmd
}

// refused says in words what the server answered.
func (g *globals) refused(err error) error {
	if errors.Is(err, desk.ErrNotOurs) {
		return errors.New(g.text("tool.d.inbox.not-ours"))
	}
	e, ok := errors.AsType[*desk.RefusedError](err)
	if !ok {
		return err
	}
	switch e.Word {
	case "not-signed", "not-found", "state", "act", "changed":
		return errors.New(g.text("tool.d.inbox." + e.Word))
	}
	return err
}

// isRefused reports that the server did not do it, for certain.
func isRefused(err error) bool {
	e, ok := errors.AsType[*desk.RefusedError](err)
	return ok && e.Code < 500 || errors.Is(err, desk.ErrNotOurs)
}
