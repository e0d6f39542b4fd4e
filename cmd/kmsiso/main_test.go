package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/kmsiso/kmsiso/fixtures/need"
)

// The test binary is also the programs that the scripts run.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"kmsiso":     as("1.2.3"),
		"kmsiso-old": as("1.2.2"),
		"witness":    witness,
	})
}

// as runs kmsiso as a build of the given version would.
func as(v string) func() {
	return func() {
		version = v
		os.Exit(Main())
	}
}

// witness leaves the file WITNESS and then is silent until its input ends: a
// far end that was started and does not say hello.
func witness() {
	if err := os.WriteFile(os.Getenv("WITNESS"), nil, 0o600); err != nil {
		os.Exit(1)
	}
	_, _ = os.Stdin.Read(make([]byte, 1<<20)) // the hello of the controller
	_, _ = os.Stdin.Read(make([]byte, 1<<20))
	os.Exit(0)
}

// Every script is one mistake, or one thing a person types, and what it says.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		// BACKUPS are GPO backups, whose files are none of text, REAL such as Windows
		// wrote, AUDIT what several scripts use.
		Setup: func(e *testscript.Env) error {
			e.Setenv("XDG_STATE_HOME", filepath.Join(e.WorkDir, ".state"))
			e.Setenv("LOCALAPPDATA", filepath.Join(e.WorkDir, ".state"))
			for name, dir := range map[string]string{
				"BACKUPS": "../../scanner/directory/backup/testdata", "REAL": "../../fixtures/gpo-backups", "AUDIT": "testdata/audit",
			} {
				path, err := filepath.Abs(dir)
				if err != nil {
					return err
				}
				e.Setenv(name, path)
			}
			return nil
		},
		// strace is there, or has to be: then a script that uses it fails.
		Condition: func(condition string) (bool, error) {
			if condition != "strace" {
				return false, fmt.Errorf("unknown condition %q", condition)
			}
			_, err := exec.LookPath(condition)
			return err == nil || need.Must, nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":     exits,
			"cut":       cut,
			"poke":      poke,
			"backup":    backup,
			"await":     await,
			"open":      open,
			"unsecured": unsecured,
			"mode":      hasMode,
			"records":   hasRecords,
		},
	})
}

// exits CODE COMMAND... runs a command that must end with the code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var ended *exec.ExitError
	switch err := ts.Exec(args[1], args[2:]...); {
	case errors.As(err, &ended):
		got = ended.ExitCode()
	case err != nil:
		ts.Fatalf("run %s: %v", args[1], err)
	}
	if got != want {
		ts.Fatalf("%s ended with %d, want %d", args[1], got, want)
	}
}

// open FILE opens a port on 127.0.0.1 that takes every connection and answers
// nothing, as long as the script runs, and writes its number for PORT.
func open(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: open FILE")
	}
	listen(ts, args[0], func(net.Conn) {})
}

// unsecured FILE HEARD is open, by an LDAP server that refuses StartTLS and goes
// on listening, and keeps what it hears.
func unsecured(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: unsecured FILE HEARD")
	}
	heard := ts.MkAbs(args[1])
	ts.Check(os.WriteFile(heard, nil, 0o600))
	listen(ts, args[0], func(c net.Conn) {
		b := make([]byte, 4096)
		for {
			n, err := c.Read(b)
			f, bad := os.OpenFile(heard, os.O_APPEND|os.O_WRONLY, 0)
			if bad != nil {
				return
			}
			_, bad = f.Write(b[:n])
			if err = errors.Join(err, bad, f.Close()); err != nil {
				return
			}
			// ExtendedResponse, unwillingToPerform (RFC 4511 4.12)
			_, _ = c.Write([]byte("\x30\x13\x02\x01\x01\x78\x0e\x0a\x01\x35\x04\x00\x04\x07no cert"))
		}
	})
}

// listen serves connections on a port of 127.0.0.1 as long as the script runs,
// and writes its number into a file for PORT.
func listen(ts *testscript.TestScript, file string, serve func(net.Conn)) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	var all sync.WaitGroup
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() {
				serve(c)
				_ = c.Close()
			})
		}
	})
	ts.Defer(func() {
		_ = l.Close()
		all.Wait()
	})
	text := strings.ReplaceAll(ts.ReadFile(file), "PORT", strconv.Itoa(l.Addr().(*net.TCPAddr).Port))
	ts.Check(os.WriteFile(ts.MkAbs(file), []byte(text), 0o600))
}

// await FILE waits until a file is there.
func await(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: await FILE")
	}
	for late := time.Now().Add(20 * time.Second); time.Now().Before(late); time.Sleep(5 * time.Millisecond) {
		if _, err := os.Stat(ts.MkAbs(args[0])); err == nil {
			return
		}
	}
	ts.Fatalf("%s did not appear", args[0])
}
