package main

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
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
		// BACKUPS are GPO backups, whose files are none of text.
		Setup: func(e *testscript.Env) error {
			backups, err := filepath.Abs("../../scanner/directory/backup/testdata")
			e.Setenv("BACKUPS", backups)
			return err
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits,
			"cut":   cut,
			"await": await,
			"open":  open,
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

// cut FILE leaves the first half of a file.
func cut(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: cut FILE")
	}
	path := ts.MkAbs(args[0])
	st, err := os.Stat(path)
	ts.Check(err)
	ts.Check(os.Truncate(path, st.Size()/2))
}

// open FILE opens a port on 127.0.0.1 that takes every connection and answers
// nothing, as long as the script runs, and writes its number for PORT.
func open(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: open FILE")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_ = c.Close()
		}
	}()
	ts.Defer(func() {
		_ = l.Close()
		<-done
	})
	text := strings.ReplaceAll(ts.ReadFile(args[0]), "PORT", strconv.Itoa(l.Addr().(*net.TCPAddr).Port))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
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
