package serve

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/run"
)

func TestKeptAcrossRestarts(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	s := Server{Interval: time.Hour, StateDir: dir, Run: func(context.Context) *run.Run { return good() }}
	first := daemonOf(t, s)
	if err := first.readKept(); err != nil {
		t.Fatal(err)
	}
	if first.shows() != nil {
		t.Error("shows a run before there was one")
	}
	if err := first.attempt(t.Context()); err != nil {
		t.Fatal(err)
	}
	second := daemonOf(t, s)
	if err := second.readKept(); err != nil {
		t.Fatal(err)
	}
	if second.shows() == nil || string(second.shows().whole) != string(first.shows().whole) {
		t.Error("the second start does not show the run of the first")
	}
	if value(t, second, "kmsiso_serve_last_run_kept", "") != 1 {
		t.Error("does not say that the run was kept")
	}
	if err := second.attempt(t.Context()); err != nil {
		t.Fatal(err)
	}
	if value(t, second, "kmsiso_serve_last_run_kept", "") != 0 {
		t.Error("the run of this process is said to be kept")
	}
}

func TestKeptFileThatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, keptName), []byte(`{"schema":`), 0o600); err != nil {
		t.Fatal(err)
	}
	d := daemonOf(t, Server{Interval: time.Hour, StateDir: dir, Run: func(context.Context) *run.Run { return good() }})
	if err := d.readKept(); err != nil {
		t.Fatalf("a half-written state file keeps the daemon from starting: %v", err)
	}
	if d.shows() != nil || value(t, d, "kmsiso_serve_state_errors_total", "") != 1 {
		t.Error("a half-written state file is not told")
	}
	if err := d.attempt(t.Context()); err != nil {
		t.Fatal(err)
	}
	again := daemonOf(t, d.Server)
	if err := again.readKept(); err != nil || again.shows() == nil {
		t.Errorf("the next run did not replace it: %v", err)
	}
}
