package handbook

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/check/checks"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog"
)

const docs = "../../docs/checks"

// TestTheDocsAreWritten compares docs/checks with what make docs writes.
func TestTheDocsAreWritten(t *testing.T) {
	want := Docs()
	for name, text := range want {
		got, err := os.ReadFile(filepath.Join(docs, name))
		if err != nil || string(got) != text {
			t.Errorf("docs/checks/%s is not what make docs writes (%v)", name, err)
		}
	}
	files, err := filepath.Glob(filepath.Join(docs, "*"))
	if err != nil || len(files) != len(want) {
		t.Errorf("docs/checks has %d files, want %d (%v)", len(files), len(want), err)
	}
}

// TestEverythingHasAPage shows each check and each reason, on the terminal and as
// a page.
func TestEverythingHasAPage(t *testing.T) {
	var list strings.Builder
	if err := List(&list); err != nil {
		t.Fatal(err)
	}
	names, reasons := []string{}, Docs()["reasons.md"]
	for _, c := range checks.All {
		names = append(names, c.ID)
	}
	for _, e := range catalog.All {
		names = append(names, string(e.Code))
		if !strings.Contains(reasons, "\n## "+string(e.Code)+"\n") {
			t.Errorf("%s has no page", e.Code)
		}
	}
	for _, name := range names {
		var one strings.Builder
		if err := Show(&one, name); err != nil || !strings.HasPrefix(one.String(), name+"\n") {
			t.Errorf("kmsiso checks %s: %v\n%s", name, err, &one)
		}
		for line := range strings.Lines(one.String()) {
			if len(line) > columns+1 && strings.Contains(line, " ") {
				t.Errorf("%s: a line of %d columns: %s", name, len(line), line)
			}
		}
		if !strings.Contains(list.String(), "  "+name) {
			t.Errorf("kmsiso checks does not list %s", name)
		}
	}
	if err := Show(&list, "dns"); err == nil || !strings.Contains(err.Error(), "dns-srv") {
		t.Errorf("a name that is nearly right: %v", err)
	}
	if Show(&list, "nonsense") == nil {
		t.Error("nonsense has a page")
	}
}
