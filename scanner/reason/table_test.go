package reason

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// TestATableIsReadBack: each reason stands once, those that it rests on before it.
func TestATableIsReadBack(t *testing.T) {
	by := New("rule-of-gpo", "gpo", "Isolation")
	all := []Reason{
		New("conduct", "end", "kms01", "by", by, "n", 7, "at", []string{"a", "b"}),
		New("conduct", "end", "kms02", "by", List{by, by}),
		by,
		New("applied", "why", New("conduct", "end", "kms01", "by", by, "n", 7, "at", []string{"a", "b"})),
		{Code: "plain"},
	}
	var table Table
	var numbers []int
	for _, r := range append(all, all...) {
		numbers = append(numbers, table.Say(r))
	}
	if got, want := fmt.Sprint(numbers), "[1 2 0 3 4 1 2 0 3 4]"; got != want {
		t.Errorf("numbers %s, want %s", got, want)
	}
	b := table.AppendJSON(nil)
	if n := strings.Count(string(b), "Isolation"); n != 1 || !strings.Contains(string(b), `{"code":"conduct","args":{"by":[0,0],"end":"kms02"}}`) {
		t.Errorf("the rule stands %d times: %s", n, b)
	}
	var rows Rows
	if err := json.Unmarshal(b, &rows); err != nil {
		t.Fatal(err)
	}
	for i, want := range all {
		if got, _, err := rows.At(numbers[i]); err != nil || !got.Equal(want) {
			t.Errorf("%s is read as %s, %v", want.Key(), got.Key(), err)
		}
	}
	if _, _, err := rows.At(5); err == nil {
		t.Error("there is a reason that was never placed")
	}
	if b := new(Table).AppendJSON(nil); string(b) != "[]" {
		t.Errorf("an empty table is %s", b)
	}
}

// TestATextStandsBesideWhatIsSaid: and beside nothing else, whatever was placed first.
func TestATextStandsBesideWhatIsSaid(t *testing.T) {
	defer func(before func(Reason) string) { sentences = before }(sentences)
	sentences = func(r Reason) string { return "text of " + string(r.Code) }
	var table Table
	table.Place(New("a", "why", New("b")))
	table.Say(New("b"))
	table.Place(New("c"))
	want := `[{"code":"b","text":"text of b"},{"code":"a","args":{"why":[0]}},{"code":"c"}]`
	if got := string(table.AppendJSON(nil)); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestATableIsBounded: what rests on what stands behind it, too deep or on too much is
// not read. A short text could stand for one without end.
func TestATableIsBounded(t *testing.T) {
	chain := func(n int, args string) string {
		all := []string{`{"code":"a","args":{"w":"` + strings.Repeat("x", 4000) + `"}}`}
		for i := range n {
			all = append(all, strings.ReplaceAll(`{"code":"a","args":{"why":[`+args+`]}}`, "N", fmt.Sprint(i)))
		}
		return "[" + strings.Join(all, ",") + "]"
	}
	if err := json.Unmarshal([]byte(chain(deepest-1, "N,N")), new(Rows)); err != nil {
		t.Error(err)
	}
	for what, bad := range map[string]string{
		"too deep":         chain(deepest, "N"),
		"too much":         chain(deepest-1, "N,N,N,N,N"),
		"itself":           `[{"code":"a","args":{"why":[0]}}]`,
		"a later one":      `[{"code":"a","args":{"why":[1]}},{"code":"b"}]`,
		"one before all":   `[{"code":"a"},{"code":"b","args":{"why":[-1]}}]`,
		"one that is none": `[{"code":"a"},{"code":"b","args":{"why":[0.5]}}]`,
		"one in place":     `[{"code":"a","args":{"why":[{"code":"b"}]}}]`,
		"no list":          `{"code":"a"}`,
		"no code":          `[{}]`,
	} {
		if err := json.Unmarshal([]byte(bad), new(Rows)); err == nil {
			t.Errorf("%s: it is read", what)
		}
	}
	if err := json.Unmarshal([]byte(`{"code":"a","args":{"why":[0]}}`), new(Reason)); err == nil {
		t.Error("a number is read where there is no table")
	}
}
