package handbook

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Docs are the pages of docs/checks, by file name: README.md lists them, each check
// has one, and reasons.md has all reasons.
func Docs() map[string]string {
	files := map[string]string{}
	var index, all strings.Builder
	index.WriteString("# Checks\n\n`make docs` writes these pages; `kmsiso checks NAME` shows one on the terminal.\nWhat a cell or a finding says has a code: [reasons.md](reasons.md) explains each.\n\n")
	for _, p := range checkPages() {
		fmt.Fprintf(&index, "- [%s](%s.md): %s\n", p.id, p.id, p.title)
		files[p.id+".md"] = "# " + p.id + "\n\n" + sentence(p.title) + "\n" + p.lines()
	}
	files["README.md"] = index.String()
	all.WriteString("# Reasons\n\nEach reason has a code, which never changes its meaning. Words in braces are its\narguments.\n")
	for _, p := range reasons() {
		fmt.Fprintf(&all, "\n## %s\n\n%s\n%s", p.id, p.text, p.lines())
	}
	files["reasons.md"] = all.String()
	return files
}

func (p page) lines() string {
	var b strings.Builder
	for i, f := range p.facts {
		if i == 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "- %s: %s\n", f.label, strings.NewReplacer("<", "\\<", "*", "\\*", "[", "\\[", "`", "\\`").Replace(f.text))
	}
	return b.String()
}

func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] + "." }

// WriteDocs writes the pages into a folder, and takes away those of checks that
// are no more.
func WriteDocs(dir string) error {
	files := Docs()
	old, err := filepath.Glob(filepath.Join(dir, "*.md"))
	if err != nil {
		return err
	}
	for _, path := range old {
		if _, ok := files[filepath.Base(path)]; !ok {
			if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // docs are for everybody
		return err
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil { //nolint:gosec // docs are for everybody
			return err
		}
	}
	return nil
}
