package catalog

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// codes are the constants of package reason, by name.
func codes(t *testing.T) map[string]reason.Code {
	t.Helper()
	files, err := filepath.Glob("../*.go")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]reason.Code{}
	for _, file := range files {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.CONST {
				for _, s := range g.Specs {
					collect(all, s.(*ast.ValueSpec))
				}
			}
		}
	}
	return all
}

// collect notes what is declared as NAME Code = "code".
func collect(all map[string]reason.Code, v *ast.ValueSpec) {
	typ, ok := v.Type.(*ast.Ident)
	if !ok || typ.Name != "Code" {
		return
	}
	for i, name := range v.Names {
		text, _ := strconv.Unquote(v.Values[i].(*ast.BasicLit).Value)
		all[name.Name] = reason.Code(text)
	}
}

// TestEveryCodeHasARow finds codes without a row, rows without a code, and rows
// that do not say what they must.
func TestEveryCodeHasARow(t *testing.T) {
	known := map[reason.Code]bool{}
	for name, code := range codes(t) {
		if known[code] {
			t.Errorf("%s: the code %s is there twice", name, code)
		}
		known[code] = true
		if _, ok := Of(code); !ok {
			t.Errorf("%s (%s) has no row", name, code)
		}
	}
	for _, e := range All {
		if !known[e.Code] {
			t.Errorf("the row %s has no constant in package reason", e.Code)
		}
		if !regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`).MatchString(string(e.Code)) {
			t.Errorf("%q is not in kebab case", e.Code)
		}
		if (e.Text == "") == (e.Say == nil) || e.Fix != "" && e.FixBy != nil {
			t.Errorf("%s: wants Text or Say, and Fix or FixBy", e.Code)
		}
		if strings.HasSuffix(e.Text, ".") || !strings.HasSuffix(e.Means, ".") || len(e.Means) < 20 {
			t.Errorf("%s: Text has no full stop, and Means explains the code in sentences: %q", e.Code, e.Means)
		}
	}
}

// TestEveryCodeOccursInATest finds codes that no test makes occur: each is named in
// a test outside of this room.
func TestEveryCodeOccursInATest(t *testing.T) {
	named := map[string]bool{}
	name := regexp.MustCompile(`\breason\.([A-Z]\w+)`)
	err := filepath.WalkDir("../../..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "catalog" || d.Name() == ".git" || d.Name() == "testdata"):
			return fs.SkipDir
		case !strings.HasSuffix(path, "_test.go"):
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := s.X.(*ast.Ident); ok {
					if m := name.FindStringSubmatch(x.Name + "." + s.Sel.Name); m != nil {
						named[m[1]] = true
					}
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for c := range codes(t) {
		if c != "Quoted" && !named[c] {
			t.Logf("reason.%s is in no test", c)
		}
	}
}

// TestFill puts arguments into sentences.
func TestFill(t *testing.T) {
	r := reason.New("x", "who", "guest", "at", []string{"a", "b"}, "n", 3, "why", reason.List{reason.Quote("one"), reason.Quote("two")},
		"many", []string{"1", "2", "3", "4", "5", "6", "7"},
		"rule", "KMS", "rule-id", "{1}", "rule-source", "Isolation", "other-id", "{2}")
	for text, want := range map[string]string{
		"{who} at {at}: {why}":   "guest at a, b: one; two",
		"{n} {who|q} {nothing}.": `3 "guest" .`,
		"{many|few}":             "1, 2, 3, 4, 5 and 2 more",
		"{at|few}":               "a, b",
		"{rule|rule}blocks it":   `rule "KMS" of Isolation blocks it`,
		"{x|rule}blocks it":      "blocks it",
		"{other|firewall}blocks": "firewall rule {2} blocks",
		"{x|label}{n|by}{x|of}":  "without a name by 3",
	} {
		if got := fill(text, r); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}
