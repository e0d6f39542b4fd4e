package check_test

import (
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/check/checks"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/judge"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/run/document"
)

// The recorded runs of fixtures/baseline: every healthy variant and every fault.
func TestExplainAgreesWithTheCellsOfRecordedRuns(t *testing.T) {
	files, err := filepath.Glob("../../fixtures/baseline/testdata/runs/*.json.gz")
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json.gz"), func(t *testing.T) {
			r, p := recorded(t, file)
			compared += agrees(t, p, r, judge.Judge(checks.NewPlan(p, r.Audit), r))
		})
	}
	if len(files) < 100 || compared < 4500 {
		t.Errorf("only %d packets of %d runs were compared", compared, len(files))
	}
	t.Logf("%d packets of %d runs", compared, len(files))
}

// recorded reads a run document with its policy.
func recorded(t *testing.T, file string) (*run.Run, *intent.Policy) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	r, err := document.Read(z)
	if err != nil {
		t.Fatal(err)
	}
	p := new(intent.Policy)
	if err := json.Unmarshal(r.Policy, p); err != nil {
		t.Fatal(err)
	}
	return r, p
}
