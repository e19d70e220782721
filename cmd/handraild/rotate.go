package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"filippo.io/age"
	"github.com/spf13/cobra"

	"handrail/internal/seal"
)

// newKeysRotateCmd puts a new identity beside the old one, in the same file:
// what was sealed for either can be read. What has to be done on the server
// is printed.
func newKeysRotateCmd(g *globals) *cobra.Command {
	var identity string
	cmd := &cobra.Command{Use: "rotate", Short: g.text("tool.d.keys.rotate.short"), Long: g.text("tool.d.keys.rotate.long"), Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if identity == "" {
				return errors.New(g.text("tool.d.inbox.flag", "flag", "--identity"))
			}
			old, err := os.ReadFile(identity)
			if err != nil {
				return err
			}
			ids, err := age.ParseIdentities(strings.NewReader(string(old)))
			if err != nil {
				return fmt.Errorf("%s: %w", identity, errors.New(g.text("tool.d.keys.no-identity")))
			}
			was, ok := ids[0].(*age.X25519Identity)
			if !ok {
				return errors.New(g.text("tool.d.keys.no-identity"))
			}
			id, err := age.GenerateX25519Identity()
			if err != nil {
				return err
			}
			text := "# " + id.Recipient().String() + "\n" + id.String() + "\n" + string(old)
			if err := replaceKey(identity, text); err != nil {
				return err
			}
			fmt.Fprintln(g.stdout, g.text("tool.d.keys.rotated", "new", id.Recipient().String(), "old", was.Recipient().String(), "file", identity))
			return nil
		}}
	cmd.Flags().StringVar(&identity, "identity", "", g.text("tool.d.flag.own-identity"))
	return cmd
}

// replaceKey writes a key file anew, whole or not at all: the old keys are
// never gone in between.
func replaceKey(name, text string) error {
	temporary := name + ".new"
	if err := writeKey(temporary, text); err != nil {
		return err
	}
	return os.Rename(temporary, name)
}

// newInboxRewrapCmd seals all cases for the keys that the department has now.
func newInboxRewrapCmd(g *globals, f *deskFlags) *cobra.Command {
	return &cobra.Command{Use: "rewrap", Short: g.text("tool.d.inbox.rewrap.short"), Long: g.text("tool.d.inbox.rewrap.long"), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := f.client(g)
			if err != nil {
				return err
			}
			cases, err := c.List(cmd.Context(), "")
			if err != nil {
				return g.refused(err)
			}
			failed := 0
			for _, x := range cases {
				if err := c.Reseal(cmd.Context(), x.Reference, nil); err != nil {
					failed++
					fmt.Fprintf(g.stderr, "%s: %v\n", seal.Groups(x.Reference), g.refused(err))
				}
				if cmd.Context().Err() != nil {
					return cmd.Context().Err()
				}
			}
			fmt.Fprintln(g.stdout, g.text("tool.d.inbox.rewrapped", "n", len(cases)-failed, "failed", failed))
			if failed > 0 {
				return errDisease
			}
			return nil
		}}
}

// newInboxSecretCmd gives a person who has lost the secret a new one.
func newInboxSecretCmd(g *globals, f *deskFlags) *cobra.Command {
	var sheet string
	cmd := &cobra.Command{Use: "new-secret REFERENCE", Short: g.text("tool.d.inbox.new-secret.short"), Long: g.text("tool.d.inbox.new-secret.long"), Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, reference, err := f.both(g, args[0])
			if err != nil {
				return err
			}
			if sheet == "" {
				return errors.New(g.text("tool.d.inbox.flag", "flag", "--sheet"))
			}
			secret := seal.NewCode()
			text := g.text("tool.d.inbox.sheet", "reference", seal.Groups(reference), "secret", secret.Groups(),
				"url", strings.TrimSuffix(f.server, "/")+"/case/"+reference)
			// First on the disk: a secret that nobody has would lock the person out.
			if err := writeKey(sheet, text+"\n"); err != nil {
				return err
			}
			public := seal.NewPublic(secret)
			if err := c.Reseal(cmd.Context(), reference, &public); err != nil {
				return errors.Join(g.refused(err), sheetOf(g.stderr, g, sheet, err))
			}
			fmt.Fprintln(g.stdout, g.text("tool.d.inbox.new-secret.done", "reference", seal.Groups(reference), "file", sheet))
			return nil
		}}
	cmd.Flags().StringVar(&sheet, "sheet", "", g.text("tool.d.flag.sheet"))
	return cmd
}

// sheetOf takes a sheet back that the server has refused. After a connection
// that broke it stays: its secret may be in force.
func sheetOf(w io.Writer, g *globals, sheet string, err error) error {
	if isRefused(err) {
		return os.Remove(sheet)
	}
	fmt.Fprintln(w, g.text("tool.d.inbox.new-secret.unknown", "file", sheet))
	return nil
}
