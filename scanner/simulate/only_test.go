package simulate

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// No other package asks the rules of an end what becomes of a packet: they ask
// the simulator, so that there is one answer.
func TestOnlyTheSimulatorAsksRules(t *testing.T) {
	asks := []string{"Inbound", "Outbound", "TraceInbound", "TraceOutbound"}
	calls := 0
	for _, root := range []string{"..", "../../cmd", "../../report"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, "../consec/") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				asked, ok := n.(*ast.SelectorExpr)
				if !ok || !slices.Contains(asks, asked.Sel.Name) {
					return true
				}
				if of, ok := asked.X.(*ast.Ident); !ok || of.Name != "effect" {
					return true
				}
				calls++
				if !strings.HasPrefix(path, "../simulate/") {
					t.Errorf("%s asks rules by effect.%s", path, asked.Sel.Name)
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if calls < len(asks) {
		t.Errorf("only %d calls were looked at", calls)
	}
}
