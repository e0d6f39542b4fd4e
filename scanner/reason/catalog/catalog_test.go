package catalog

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
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

// TestRowsStandInTheAreaOfTheirCode finds a row that is not in the folder that is
// called as the file of its code.
func TestRowsStandInTheAreaOfTheirCode(t *testing.T) {
	all, row := codes(t), regexp.MustCompile(`Code:\s+reason\.(\w+)`)
	files, err := filepath.Glob("*/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file) //nolint:gosec // the files of this room
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range row.FindAllSubmatch(text, -1) {
			name, area := string(m[1]), filepath.Dir(file)
			if of := all[name].file; of != "codes_"+area+".go" {
				t.Errorf("%s has the row of reason.%s, which stands in %s", file, name, of)
			}
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
