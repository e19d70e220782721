package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"handrail/internal/serve"
	"handrail/internal/server"
	"handrail/internal/settings"
	"handrail/internal/upload"
)

type serveFlags struct {
	listen, metrics string
	demo, verbose   bool
}

func newServeCmd(g *globals) *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use:     "serve",
		Short:   g.text("tool.d.serve.short"),
		Long:    g.text("tool.d.serve.long"),
		Example: "  handraild serve --site public --data data --demo\n  handraild serve --site /srv/site --data /var/lib/handraild --config /etc/handraild/server.yaml",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := g.settings()
			if err != nil {
				return err
			}
			if f.listen != "" {
				s.Listen = f.listen
			}
			if f.metrics != "" {
				s.Metrics = f.metrics
			}
			err = g.serve(cmd.Context(), s, f)
			if cmd.Context().Err() != nil && errors.Is(err, context.Canceled) {
				return nil // told to stop while it started
			}
			return err
		},
	}
	cmd.Flags().StringVar(&f.listen, "listen", "", g.text("tool.d.flag.listen")+" (default \":8080\")")
	cmd.Flags().StringVar(&f.metrics, "metrics", "", g.text("tool.d.flag.metrics"))
	cmd.Flags().BoolVar(&f.demo, "demo", false, g.text("tool.d.flag.demo"))
	cmd.Flags().BoolVarP(&f.verbose, "verbose", "v", false, g.text("tool.d.flag.verbose"))
	return cmd
}

// serve runs until ctx ends or the disk fails.
func (g *globals) serve(ctx context.Context, s *settings.Settings, f serveFlags) error {
	level := slog.LevelInfo
	if f.verbose {
		level = slog.LevelDebug
	}
	log := slog.New(slog.NewJSONHandler(g.stderr, &slog.HandlerOptions{Level: level}))

	kit, err := g.kit()
	if err != nil {
		return err
	}
	if f.demo {
		if err := g.demoKeys(kit, s); err != nil {
			return err
		}
	}
	if missing := missingKeys(g, kit, s.Recipients); len(missing) > 0 {
		return errors.New(strings.Join(missing, "\n"))
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	// After a failed write nobody knows what is on the disk: end, and let the
	// next start read it again.
	st, err := g.openStore(ctx, s, func(err error) { stop(fmt.Errorf("the disk failed: %w", err)) })
	if err != nil {
		return err
	}
	defer st.Close()
	pages, err := serve.Open(g.site)
	if err != nil {
		return err
	}
	defer pages.Close()
	chosen := &choices{}
	if err := chosen.read(g.site); err != nil {
		return err
	}
	// Unlike a database, a folder can be read by several instances: they share
	// it where they share the database.
	uploads, err := upload.Open(filepath.Join(g.data, "files"), s.Uploads)
	if err != nil {
		return err
	}
	defer uploads.Close()
	keep := g.keeper(s, st)
	metrics := server.NewMetrics(st)
	api, err := g.desk(s, keep.grave, uploads, func() []string { return hosts(kit.Site()) }, log)
	if err != nil {
		return err
	}
	noticeKey, err := g.noticeKey(s)
	if err != nil {
		return err
	}
	var proved func(context.Context, string) (bool, error)
	if !f.demo && !s.UnprovedKeys {
		proved = newProofs(keep.grave, s).Proved
		for _, line := range g.unproved(kit, s, func(recipient string) bool {
			p, err := keep.grave.ProofOf(ctx, recipient)
			return err == nil && !p.Proved.IsZero()
		}) {
			fmt.Fprintln(g.stderr, "handraild: "+line)
		}
	}
	srv, err := server.New(ctx, server.Options{Proved: proved, Store: keep.grave, Uploads: uploads, Kit: kit, Recipients: s.Recipients, Static: pages, Prefs: chosen, API: api, NoticeKey: noticeKey, Tells: tells(s),
		Now: g.now, Log: log, Metrics: metrics, Trusted: s.Proxies})
	if err != nil {
		return err
	}
	worker, err := g.outbox(s, keep.grave, uploads, srv.Kit, noticeKey, log)
	if err != nil {
		return err
	}
	var tasks sync.WaitGroup
	defer tasks.Wait()
	defer stop(nil)
	tasks.Go(func() { srv.Run(ctx) })
	tasks.Go(func() { worker.Run(ctx) })
	hup := make(chan os.Signal, 1) // heard from before the first answer on
	signal.Notify(hup, syscall.SIGHUP)
	defer signal.Stop(hup)
	tasks.Go(func() { g.follow(ctx, hup, srv, chosen, log) })
	control, err := keep.control(ctx)
	if err != nil {
		return err
	}
	tasks.Go(func() { _ = control() })

	l, err := listen(s.Listen, g.getenv)
	if err != nil {
		return err
	}
	if s.Metrics != "" {
		private, err := net.Listen("tcp", s.Metrics)
		if err != nil {
			return errors.Join(err, l.Close())
		}
		tasks.Go(func() { _ = answer(ctx, private, metrics.Handler(), log) })
	}
	fmt.Fprintln(g.stdout, g.text("tool.d.serve.ready", "url", "http://"+reachable(l.Addr())+"/"))
	if err := answer(ctx, l, srv.Handler(), log); err != nil {
		return err
	}
	if err := context.Cause(ctx); !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// reachable is an address as a browser on this machine reaches it.
func reachable(a net.Addr) string {
	if tcp, ok := a.(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		return net.JoinHostPort("localhost", strconv.Itoa(tcp.Port))
	}
	return a.String()
}

// quiet keeps what net/http says of its connections out of logs: it names
// addresses.
type quiet struct{ slog.Handler }

func (quiet) Handle(context.Context, slog.Record) error { return nil }

// listen takes the socket that systemd passes (sd_listen_fds(3)), or opens
// one.
func listen(address string, getenv func(string) string) (net.Listener, error) {
	pid, _ := strconv.Atoi(getenv("LISTEN_PID"))
	if n, _ := strconv.Atoi(getenv("LISTEN_FDS")); n > 0 && pid == os.Getpid() {
		f := os.NewFile(3, "systemd")
		l, err := net.FileListener(f)
		if err != nil {
			return nil, fmt.Errorf("take systemd's socket: %w", err)
		}
		return l, f.Close()
	}
	return net.Listen("tcp", address)
}

// follow goes over to a new build of the site, when its folder changes or
// SIGHUP says so.
func (g *globals) follow(ctx context.Context, hup <-chan os.Signal, srv *server.Server, chosen *choices, log *slog.Logger) {
	t := time.NewTicker(5 * time.Second)
	defer t.Stop()
	seen := g.built()
	for {
		select {
		case <-ctx.Done():
			return
		case <-hup:
		case <-t.C:
			if g.built() == seen {
				continue
			}
		}
		stamp := g.built()
		kit, err := g.kit()
		if err == nil {
			err = errors.Join(srv.SetKit(ctx, kit), chosen.read(g.site))
		}
		if err != nil { // a build in the middle of publishing: next time
			log.Warn("the new build cannot be read yet", "err", err)
			continue
		}
		seen = stamp
		log.Info("went over to a new build", "forms", len(kit.Site().Forms))
	}
}

// built is when the build last wrote something for the server.
func (g *globals) built() (last time.Time) {
	dir := filepath.Join(g.site, ".handrail")
	// Folders too: files that are moved into their places bring older times along.
	for _, pattern := range []string{"", "site.json", "prefs.json", "texts", "texts/*", "shells", "shells/*", "shells/*/*", "templates", "templates/*", "forms", "forms/*"} {
		names, _ := filepath.Glob(filepath.Join(dir, pattern))
		for _, name := range names {
			if info, err := os.Stat(name); err == nil && info.ModTime().After(last) {
				last = info.ModTime()
			}
		}
	}
	return last
}
