package registry

import (
	"encoding/json"
	"slices"
	"testing"
)

// Values are read as they were written, in their order; a list of an older version too.
func TestValuesInADocument(t *testing.T) {
	all := Values{
		{`A\B`, "x", "REG_SZ", `<"1">`}, {`A\B`, "", "REG_DWORD", "0x1"}, {`A\C`, "x", "REG_SZ", ""}, {`A\B`, "x", "REG_SZ", "2"}, {Key: `A\D`}, {},
	}
	text, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	want := `[{"key":"A\\B","values":[["x","REG_SZ","\u003c\"1\"\u003e"],["","REG_DWORD","0x1"]]},{"key":"A\\C","values":[["x","REG_SZ",""]]},` +
		`{"key":"A\\B","values":[["x","REG_SZ","2"]]},{"key":"A\\D","values":[["","",""]]},{"key":"","values":[["","",""]]}]`
	if string(text) != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
	list, err := json.Marshal([]Value(all))
	if err != nil {
		t.Fatal(err)
	}
	for _, from := range [][]byte{text, list} {
		var back Values
		if err := json.Unmarshal(from, &back); err != nil || !slices.Equal(back, all) {
			t.Errorf("%s is read as %+v, %v", from, back, err)
		}
	}
	if b, err := json.Marshal(Values{}); err != nil || string(b) != "[]" {
		t.Errorf("nothing is written as %s, %v", b, err)
	}
	for _, bad := range []string{`7`, `[7]`, `[{"key":"A","values":[["a","b"]]}]`, `[{"key":"A","values":[["a","b","c","d"]]}]`, `[{"key":"A","values":[[1,2,3]]}]`,
		`[{"key":"A","name":"x","values":[["a","b","c"]]}]`, `[{"key":"A","moon":1}]`} {
		if err := json.Unmarshal([]byte(bad), new(Values)); err == nil {
			t.Errorf("%s is read", bad)
		}
	}
}
