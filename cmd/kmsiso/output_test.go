package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/report"
	"github.com/kmsiso/kmsiso/scanner/belt/belttest"
	"github.com/kmsiso/kmsiso/scanner/files"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// A report that breaks does not lose the run: the others are written, the
// document is kept, and the exit code is no 0.
func TestAReportThatBreaks(t *testing.T) {
	belttest.Recover(t)
	for verdict, want := range map[run.Verdict]int{run.Pass: 3, run.Fail: 1} {
		t.Setenv("TMPDIR", t.TempDir())
		r := &run.Run{Cells: []run.Cell{{ID: run.CellID{Check: "a", Vantage: "b", Target: "c"}, Verdict: verdict, Reasons: reason.List{reason.Quote("so")}}}}
		junit, err := report.Named("junit")
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "kmsiso.xml")
		var out bytes.Buffer
		broken := report.Format{Name: "table", Write: func(io.Writer, *run.Run, report.Options) error { panic("nil map") }}
		err = new(output).show(&out, []target{{format: broken}, {junit, &files.Output{Path: file}}}, r)
		var code exitCode
		if !errors.As(err, &code) || int(code) != want {
			t.Errorf("%s: %v, want exit code %d", verdict, err, want)
		}
		if _, err := os.Stat(file); err != nil {
			t.Errorf("the other report: %v", err)
		}
		kept, err := filepath.Glob(filepath.Join(os.Getenv("TMPDIR"), "kmsiso-run-*.json"))
		if err != nil || len(kept) != 1 {
			t.Fatalf("kept: %v, %v", kept, err)
		}
		if again, err := readRun(kept[0]); err != nil || len(again.Cells) != 1 {
			t.Errorf("%+v, %v", again, err)
		}
		if first, _, _ := strings.Cut(out.String(), "\n"); !strings.Contains(first, "table") || strings.HasPrefix(first, "GO ") {
			t.Errorf("the first line is %q", first)
		}
	}
}
