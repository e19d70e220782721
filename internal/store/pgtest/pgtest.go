//go:build linux

// Package pgtest starts a PostgreSQL of its own for tests: a throw-away
// cluster on loopback, owned by an unprivileged user.
package pgtest

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// A Cluster is a running PostgreSQL.
type Cluster struct {
	bin, dir string
	port     int
	settings []string
	cred     *syscall.Credential
	server   *exec.Cmd
	log      bytes.Buffer
}

// Start starts a cluster with settings such as fsync=off, and stops it when
// the test ends. Without PostgreSQL the test is skipped, in CI it fails.
func Start(t testing.TB, settings ...string) *Cluster {
	t.Helper()
	if testing.Short() {
		t.Skip("skipped: -short")
	}
	bin := find()
	if bin == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("PostgreSQL is not installed (apt-get install postgresql)")
		}
		t.Skip("skipped: PostgreSQL is not installed (apt-get install postgresql)")
	}
	dir, err := os.MkdirTemp("", "handrail-pg-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	c := &Cluster{bin: bin, dir: dir, port: freePort(t), settings: settings}
	if os.Getuid() == 0 {
		c.cred = unprivileged(t)
		if err := os.Chown(dir, int(c.cred.Uid), int(c.cred.Gid)); err != nil {
			t.Fatal(err)
		}
	}
	c.run(t, "initdb", "-D", c.data(), "-U", "handrail", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	t.Cleanup(func() { c.stop(t, "immediate") })
	c.start(t)
	return c
}

func (c *Cluster) data() string { return filepath.Join(c.dir, "data") }

// find returns the folder with the newest server's programs.
func find() string {
	dirs, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(dirs) > 0 {
		slices.Sort(dirs)
		return filepath.Dir(dirs[len(dirs)-1])
	}
	if name, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(name)
	}
	return ""
}

// unprivileged returns a user that PostgreSQL runs as: it refuses root.
func unprivileged(t testing.TB) *syscall.Credential {
	t.Helper()
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
		if err1 == nil && err2 == nil {
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		}
	}
	t.Fatal("there is no user to run PostgreSQL as")
	return nil
}

func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

func (c *Cluster) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(c.bin, name), args...)
	cmd.Dir = c.dir
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.cred}
	return cmd
}

func (c *Cluster) run(t testing.TB, name string, args ...string) {
	t.Helper()
	if out, err := c.command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

func (c *Cluster) start(t testing.TB) {
	t.Helper()
	args := []string{"-D", c.data(), "-p", strconv.Itoa(c.port), "-k", c.dir, "-c", "listen_addresses=127.0.0.1"}
	for _, s := range c.settings {
		args = append(args, "-c", s)
	}
	c.server = c.command("postgres", args...)
	c.server.SysProcAttr.Pdeathsig = syscall.SIGQUIT // not to outlive a test that is killed
	c.server.Stdout, c.server.Stderr = &c.log, &c.log
	if err := c.server.Start(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		err := c.Exec(t.Context(), "postgres", "SELECT 1")
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("PostgreSQL does not start: %v", err)
		}
	}
}

func (c *Cluster) stop(t testing.TB, mode string) {
	t.Helper()
	c.run(t, "pg_ctl", "-D", c.data(), "-m", mode, "-w", "stop")
	c.server.Wait()
}

// Restart does what pg_ctl restart -m immediate does: the server ends as if
// it had crashed, and recovers when it starts.
func (c *Cluster) Restart(t testing.TB) {
	t.Helper()
	c.stop(t, "immediate")
	c.start(t)
}

// Pause stops the server's processes for d, as if the machine hung.
func (c *Cluster) Pause(t testing.TB, d time.Duration) {
	t.Helper()
	pids := c.processes(t)
	for _, p := range pids {
		syscall.Kill(p, syscall.SIGSTOP)
	}
	time.Sleep(d)
	for _, p := range pids {
		syscall.Kill(p, syscall.SIGCONT)
	}
}

// processes returns the postmaster and its children.
func (c *Cluster) processes(t testing.TB) []int {
	t.Helper()
	pids := []int{c.server.Process.Pid}
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%[1]d/children", pids[0]))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range bytes.Fields(b) {
		if p, err := strconv.Atoi(string(f)); err == nil {
			pids = append(pids, p)
		}
	}
	return pids
}

// Port is where the cluster listens on 127.0.0.1.
func (c *Cluster) Port() int { return c.port }

// Set changes a setting of the running server; "" takes that back.
func (c *Cluster) Set(t testing.TB, name, value string) {
	t.Helper()
	statement := "ALTER SYSTEM RESET " + name
	if value != "" {
		statement = "ALTER SYSTEM SET " + name + " = " + value
	}
	for _, s := range []string{statement, "SELECT pg_reload_conf()"} {
		if err := c.Exec(t.Context(), "postgres", s); err != nil {
			t.Fatal(err)
		}
	}
	for want := value == "off"; ; time.Sleep(20 * time.Millisecond) {
		conn, err := pgx.Connect(t.Context(), c.URL("postgres"))
		if err != nil {
			t.Fatal(err)
		}
		var now string
		err = conn.QueryRow(t.Context(), "SELECT current_setting($1)", name).Scan(&now)
		conn.Close(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if (now == "off") == want {
			return
		}
	}
}

// URL is the address of a database.
func (c *Cluster) URL(database string) string { return c.URLAt(c.port, database) }

// URLAt is the address of a database behind another port.
func (c *Cluster) URLAt(port int, database string) string {
	return fmt.Sprintf("postgres://handrail@127.0.0.1:%d/%s?sslmode=disable", port, database)
}

// Exec runs statements in a database.
func (c *Cluster) Exec(ctx context.Context, database, statements string) error {
	conn, err := pgx.Connect(ctx, c.URL(database))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, statements)
	return err
}

var databases atomic.Int64

// Database makes an empty database and returns its address.
func (c *Cluster) Database(t testing.TB) string {
	t.Helper()
	name := fmt.Sprintf("db%d", databases.Add(1))
	if err := c.Exec(t.Context(), "postgres", "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	return c.URL(name)
}
