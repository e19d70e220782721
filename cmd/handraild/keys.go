package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"os"

	"filippo.io/age"
	"github.com/spf13/cobra"

	"handrail/internal/desk"
	"handrail/internal/seal"
)

func newKeysCmd(g *globals) *cobra.Command {
	cmd := &cobra.Command{Use: "keys", Short: g.text("tool.d.keys.short")}
	cmd.AddCommand(newKeysGenerateCmd(g), newKeysProveCmd(g), newKeysRotateCmd(g))
	return cmd
}

func newKeysGenerateCmd(g *globals) *cobra.Command {
	var clerk, identity, notice string
	cmd := &cobra.Command{Use: "generate", Short: g.text("tool.d.keys.generate.short"), Long: g.text("tool.d.keys.generate.long"), Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if clerk == "" && identity == "" && notice == "" {
				return errors.New(g.text("tool.d.keys.which"))
			}
			if clerk != "" {
				public, private, err := ed25519.GenerateKey(rand.Reader)
				if err != nil {
					return err
				}
				if err := writeKey(clerk, "# "+desk.FormatPublic(public)+"\n"+desk.FormatSecret(private)+"\n"); err != nil {
					return err
				}
				fmt.Fprintln(g.stdout, desk.FormatPublic(public))
			}
			if identity != "" {
				id, err := age.GenerateX25519Identity()
				if err != nil {
					return err
				}
				if err := writeKey(identity, "# "+id.Recipient().String()+"\n"+id.String()+"\n"); err != nil {
					return err
				}
				fmt.Fprintln(g.stdout, id.Recipient())
			}
			if notice != "" {
				return writeKey(notice, seal.NewKey().Encode()+"\n")
			}
			return nil
		}}
	cmd.Flags().StringVar(&clerk, "clerk", "", g.text("tool.d.flag.new-clerk"))
	cmd.Flags().StringVar(&identity, "identity", "", g.text("tool.d.flag.new-identity"))
	cmd.Flags().StringVar(&notice, "notice", "", g.text("tool.d.flag.new-notice"))
	return cmd
}

// writeKey makes a file that only its owner reads; one that is there stays.
func writeKey(name, text string) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Sync(), f.Close())
}

func newKeysProveCmd(g *globals) *cobra.Command {
	var f deskFlags
	cmd := &cobra.Command{Use: "prove", Short: g.text("tool.d.keys.prove.short"), Long: g.text("tool.d.keys.prove.long"), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := f.client(g)
			if err != nil {
				return err
			}
			for _, id := range c.Identities {
				x, ok := id.(*age.X25519Identity)
				if !ok {
					continue
				}
				if err := c.Prove(cmd.Context(), x); err != nil {
					return g.refused(err)
				}
				fmt.Fprintln(g.stdout, g.text("tool.d.keys.proved", "recipient", x.Recipient().String()))
			}
			return nil
		}}
	f.add(g, cmd)
	return cmd
}
