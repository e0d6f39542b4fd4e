package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"github.com/kmsiso/kmsiso/scanner/files"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/run/document"
)

// recordName is the document of the first run in a directory. That of a later one
// has the time of its start in its name, in UTC.
const (
	recordName   = "run.json"
	recordLayout = "2006-01-02T150405Z"
)

var laterName = regexp.MustCompile(`^run-(\d{4}-\d{2}-\d{2}T\d{6}Z)(-\d+)?\.json$`)

// isRecord says that a file in a directory was written by --record.
func isRecord(name string) bool { return name == recordName || laterName.MatchString(name) }

// keep writes the run document into a directory that is there, beside those of
// earlier runs: nothing is ever written over.
func keep(dir string, r *run.Run) error {
	_, err := files.New(dir, recordNames(dir, r.Started), func(w io.Writer) error { return document.Write(w, r) })
	if err != nil {
		return fmt.Errorf("--record: %w", err)
	}
	return nil
}

// recordNames yields the names that the document of a run may get, best first.
func recordNames(dir string, started time.Time) func(func(string) bool) {
	return func(yield func(string) bool) {
		if records(dir) == nil && !yield(recordName) {
			return
		}
		stamp := "run-" + started.UTC().Format(recordLayout)
		if !yield(stamp + ".json") {
			return
		}
		for n := 2; yield(fmt.Sprintf("%s-%d.json", stamp, n)); n++ {
		}
	}
}

// records are the names of all run documents in a directory.
func records(dir string) []string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	var names []string
	for _, e := range entries {
		if isRecord(e.Name()) {
			names = append(names, e.Name())
		}
	}
	return names
}

// newest is the document of the newest run in a directory, by when it began;
// [recordName] where there is none, for the error. Of one that cannot be read the
// name or the file says when: a run that was cut off is not passed over.
func newest(dir string) string {
	best, at := recordName, time.Time{}
	for _, name := range records(dir) { // in the order of their names
		path := filepath.Join(dir, name)
		t, err := startOf(path)
		if m := laterName.FindStringSubmatch(name); err != nil && m != nil {
			t, err = time.Parse(recordLayout, m[1])
		}
		if info, bad := os.Stat(path); err != nil && bad == nil {
			t = info.ModTime()
		}
		if !t.Before(at) {
			best, at = name, t
		}
	}
	return filepath.Join(dir, best)
}

// startOf reads when the run of a document began, which stands near its start.
func startOf(path string) (time.Time, error) {
	f, err := os.Open(path)
	if err != nil {
		return time.Time{}, err
	}
	defer f.Close() //nolint:errcheck // only read
	d := json.NewDecoder(io.LimitReader(f, 64<<10))
	for depth, name := 0, ""; ; {
		token, err := d.Token()
		if err != nil {
			return time.Time{}, err
		}
		switch token := token.(type) {
		case json.Delim:
			if depth++; token == '}' || token == ']' {
				depth -= 2
			}
			name = ""
		case string:
			switch {
			case depth == 1 && name == "started":
				return time.Parse(time.RFC3339Nano, token)
			case depth == 1 && name == "":
				name = token
			default:
				name = ""
			}
		default:
			name = ""
		}
		if depth < 1 {
			return time.Time{}, errors.New("no start")
		}
	}
}
