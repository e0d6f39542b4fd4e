package catalog

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// constant is one code as package reason declares it.
type constant struct {
	code      reason.Code
	file, doc string
	block     *ast.GenDecl // the constants that it is one of
}

// codes are the constants of package reason, by name.
func codes(t *testing.T) map[string]constant {
	t.Helper()
	files, err := filepath.Glob("../*.go")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]constant{}
	for _, file := range files {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.CONST {
				for _, s := range g.Specs {
					collect(all, s.(*ast.ValueSpec), filepath.Base(file), g)
				}
			}
		}
	}
	return all
}

// collect notes what is declared as NAME Code = "code".
func collect(all map[string]constant, v *ast.ValueSpec, file string, block *ast.GenDecl) {
	typ, ok := v.Type.(*ast.Ident)
	if !ok || typ.Name != "Code" {
		return
	}
	for i, name := range v.Names {
		text, _ := strconv.Unquote(v.Values[i].(*ast.BasicLit).Value)
		all[name.Name] = constant{reason.Code(text), file, block.Doc.Text() + v.Doc.Text(), block}
	}
}

// TestEveryCodeHasARow finds codes without a row, rows without a code, and rows
// that do not say what they must.
func TestEveryCodeHasARow(t *testing.T) {
	known := map[reason.Code]bool{}
	for name, c := range codes(t) {
		code := c.code
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
		advice := e.Text == "" && e.Fix != "" // a code that only says what to do
		if (e.Text == "") == (e.Say == nil) && !advice || e.Fix != "" && e.FixBy != nil {
			t.Errorf("%s: wants Text or Say, and Fix or FixBy", e.Code)
		}
		if strings.HasSuffix(e.Text, ".") || !strings.HasSuffix(e.Means, ".") || len(e.Means) < 20 {
			t.Errorf("%s: Text has no full stop, and Means explains the code in sentences: %q", e.Code, e.Means)
		}
	}
}

// TestEveryCodeOccursInATest finds codes that no test makes occur: each is named in
// a test outside of this room, and in one that needs no lab.
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
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil || needsLab(f) {
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
	for name, c := range codes(t) {
		if name != "Quoted" && !named[name] {
			t.Errorf("reason.%s of %s is in no test", name, c.file)
		}
	}
}

// needsLab reports whether a test is built with the lab alone.
func needsLab(f *ast.File) bool {
	for _, c := range f.Comments {
		if c.Pos() < f.Package && strings.HasPrefix(c.List[0].Text, "//go:build lab") {
			return true
		}
	}
	return false
}

// TestRowsNameDeclaredArguments finds an argument in a sentence or a fix that the
// comment of the code does not name: what is misspelled is printed as nothing. It
// looks at blocks of constants whose comments name arguments.
func TestRowsNameDeclaredArguments(t *testing.T) {
	const args = "Args:"
	all, naming := codes(t), map[*ast.GenDecl]bool{}
	for _, c := range all {
		naming[c.block] = naming[c.block] || strings.Contains(c.doc, args)
	}
	for name, c := range all {
		_, listed, _ := strings.Cut(c.doc, args)
		words := regexp.MustCompile(`[a-z][a-z0-9-]*`).FindAllString(listed, -1)
		row, _ := Of(c.code)
		for _, m := range regexp.MustCompile(`\{([^}|]+)`).FindAllStringSubmatch(row.Text+row.Fix, -1) {
			if naming[c.block] && !slices.Contains(words, m[1]) {
				t.Errorf("the row of %s names {%s}; the arguments of reason.%s are %q", c.code, m[1], name, words)
			}
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
