package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"
	"github.com/spf13/cobra"

	"handrail/internal/backup"
	"handrail/internal/settings"
	"handrail/internal/store"
	"handrail/internal/store/sqlite"
	"handrail/internal/store/sqlstore"
)

// filesDir is where uploads lie in the data folder, sealed.
const filesDir = "files"

// A keeper does what staff ask for, inside the server or without it.
type keeper struct {
	g     *globals
	s     *settings.Settings
	store *sqlstore.Store
	grave *backup.Graveyard
}

func (g *globals) keeper(s *settings.Settings, st *sqlstore.Store) *keeper {
	return &keeper{g, s, st, &backup.Graveyard{Store: st, Name: filepath.Join(g.data, backup.StonesFile),
		Files: filepath.Join(g.data, filesDir)}}
}

// do carries out a task by its name and says what it did.
func (k *keeper) do(ctx context.Context, task string, args url.Values) (string, error) {
	switch task {
	case "backup":
		return k.backup(ctx)
	case "dead":
		return k.dead(ctx)
	case "replay":
		return k.replay(ctx, args.Get("id"))
	case "delete":
		return k.delete(ctx, args.Get("reference"), args.Get("why"))
	}
	return "", fmt.Errorf("%q is no task", task)
}

func (k *keeper) backup(ctx context.Context) (string, error) {
	b := k.s.Backup
	if b.Folder == "" {
		return "", errors.New(k.g.text("tool.d.backup.off"))
	}
	m := &backup.Maker{Store: k.store, Files: filepath.Join(k.g.data, filesDir), Folder: b.Folder, Recipients: b.Recipients,
		Keep: time.Duration(b.KeepDays) * 24 * time.Hour}
	name, end, err := m.Make(ctx, k.g.now())
	if err != nil {
		return "", err
	}
	return k.g.text("tool.d.backup.done", "file", name, "rows", end.Rows, "files", end.Files), nil
}

func (k *keeper) delete(ctx context.Context, reference, why string) (string, error) {
	err := k.grave.DeleteCase(ctx, store.Tombstone{Reference: reference, Deleted: k.g.now(), Why: why})
	if errors.Is(err, store.ErrNotFound) {
		return "", errors.New(k.g.text("tool.d.delete.none", "reference", reference))
	} else if err != nil {
		return "", err
	}
	return k.g.text("tool.d.delete.done", "reference", reference), nil
}

// socket is where a running server takes tasks: only who may enter the data
// folder can reach it.
func (g *globals) socket() string { return filepath.Join(g.data, "control.sock") }

// control takes tasks until ctx ends.
func (k *keeper) control(ctx context.Context) (func() error, error) {
	if err := os.Remove(k.g.socket()); err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	l, err := net.Listen("unix", k.g.socket())
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(k.g.socket(), 0o600); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	srv := &http.Server{ReadHeaderTimeout: 5 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		said, err := k.do(r.Context(), strings.TrimPrefix(r.URL.Path, "/"), r.URL.Query())
		if err != nil {
			w.WriteHeader(http.StatusConflict)
			said = err.Error()
		}
		io.WriteString(w, said)
	})}
	return func() error {
		go func() { <-ctx.Done(); srv.Close() }()
		return srv.Serve(l)
	}, nil
}

// task has the running server do something, or does it here when none runs.
func (g *globals) task(ctx context.Context, name string, args url.Values) error {
	s, err := g.settings()
	if err != nil {
		return err
	}
	said, err := g.ask(ctx, name, args)
	var none *net.OpError
	if errors.As(err, &none) { // nobody listens
		said, err = g.doHere(ctx, s, name, args)
	}
	if err != nil {
		return err
	}
	fmt.Fprintln(g.stdout, said)
	return nil
}

func (g *globals) doHere(ctx context.Context, s *settings.Settings, name string, args url.Values) (string, error) {
	if _, err := os.Stat(filepath.Join(g.data, sqlite.FileName)); err != nil && s.Database == "" {
		return "", err // not a new database for a wrong folder
	}
	st, err := g.openStore(ctx, s, nil)
	if err != nil {
		return "", err
	}
	said, err := g.keeper(s, st).do(ctx, name, args)
	return said, errors.Join(err, st.Close())
}

func (g *globals) ask(ctx context.Context, name string, args url.Values) (string, error) {
	c := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", g.socket())
	}}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://handraild/"+name+"?"+args.Encode(), nil)
	if err != nil {
		return "", err
	}
	res, err := c.Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = errors.New(string(b))
	}
	return string(b), err
}

func newBackupCmd(g *globals) *cobra.Command {
	return &cobra.Command{
		Use: "backup", Short: g.text("tool.d.backup.short"), Long: g.text("tool.d.backup.long"), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return g.task(cmd.Context(), "backup", nil) },
	}
}

func newDeleteCmd(g *globals) *cobra.Command {
	var why string
	cmd := &cobra.Command{
		Use: "delete REFERENCE", Short: g.text("tool.d.delete.short"), Long: g.text("tool.d.delete.long"), Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return g.task(cmd.Context(), "delete", url.Values{"reference": {strings.ReplaceAll(args[0], " ", "")}, "why": {why}})
		},
	}
	cmd.Flags().StringVar(&why, "why", "", g.text("tool.d.flag.why"))
	return cmd
}

func newRestoreCmd(g *globals) *cobra.Command {
	var identity string
	var stones []string
	cmd := &cobra.Command{
		Use: "restore FILE", Short: g.text("tool.d.restore.short"), Long: g.text("tool.d.restore.long"), Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return g.restore(cmd.Context(), args[0], identity, stones)
		},
	}
	cmd.Flags().StringVar(&identity, "identity", "", g.text("tool.d.flag.identity"))
	cmd.Flags().StringArrayVar(&stones, "tombstones", nil, g.text("tool.d.flag.tombstones"))
	return cmd
}

func (g *globals) restore(ctx context.Context, file, identity string, stones []string) error {
	s, err := g.settings()
	if err != nil {
		return err
	}
	key, err := readIdentity(identity)
	if err != nil {
		return err
	}
	// The list in the data folder goes with those that were kept elsewhere.
	own := filepath.Join(g.data, backup.StonesFile)
	deleted, err := backup.ReadStones(append(stones, own)...)
	if err != nil {
		return err
	}
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	st, err := g.openStore(ctx, s, nil)
	if err != nil {
		return err
	}
	end, again, err := (&backup.Restorer{Store: st, Files: filepath.Join(g.data, filesDir), Keys: key}).Restore(ctx, f, deleted)
	if err := errors.Join(err, st.Close()); err != nil {
		return err
	}
	fmt.Fprintln(g.stdout, g.text("tool.d.restore.done", "rows", end.Rows, "files", end.Files, "deleted", again))
	return nil
}

// readIdentity reads the key that opens a backup.
func readIdentity(name string) (age.Identity, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	all, err := age.ParseIdentities(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return all[0], nil
}
