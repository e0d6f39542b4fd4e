package main

import (
	"io/fs"
	"os"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"
)

// hasMode OCTAL FILE... wants files to have a mode.
func hasMode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: mode OCTAL FILE...")
	}
	want, err := strconv.ParseUint(args[0], 8, 32)
	ts.Check(err)
	for _, name := range args[1:] {
		info, err := os.Stat(ts.MkAbs(name))
		ts.Check(err)
		if info.Mode() != fs.FileMode(want) {
			ts.Fatalf("%s has mode %v, want %v", name, info.Mode(), fs.FileMode(want))
		}
	}
}

// hasRecords DIR N wants N run documents in a directory, each private and whole,
// and nothing else.
func hasRecords(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: records DIR N")
	}
	dir := ts.MkAbs(args[0])
	entries, err := os.ReadDir(dir)
	ts.Check(err)
	if names := records(dir); strconv.Itoa(len(names)) != args[1] || len(names) != len(entries) {
		ts.Fatalf("%q in %v, want %s", names, entries, args[1])
	}
	for _, e := range entries {
		if _, err := readRun(dir + string(os.PathSeparator) + e.Name()); err != nil {
			ts.Fatalf("%v", err)
		}
		if info, err := e.Info(); err != nil || os.PathSeparator == '/' && info.Mode() != 0o600 {
			ts.Fatalf("%v, %v", info.Mode(), err)
		}
	}
}
