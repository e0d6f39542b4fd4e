package run

import (
	"encoding/json"
	"reflect"
	"testing"
)

// A security descriptor that several accounts have stands once; a list of an older
// version is read as well.
func TestAccountsInADocument(t *testing.T) {
	all := Accounts{
		{Name: "KMS01", DN: "CN=KMS01", Security: "O:DA"}, {Name: "KMS02", DN: "CN=KMS02", Security: "O:DA"}, {Name: "PC", DN: "CN=PC"}, {Name: "DC01", DN: "CN=DC01", Security: "O:BA"},
	}
	text, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	var form struct {
		Security []string
		List     []struct{ Security *int }
	}
	if err := json.Unmarshal(text, &form); err != nil {
		t.Fatal(err)
	}
	if len(form.Security) != 2 || form.List[2].Security != nil || *form.List[1].Security != 0 || *form.List[3].Security != 1 {
		t.Errorf("written as %s", text)
	}
	list, err := json.Marshal([]Account(all))
	if err != nil {
		t.Fatal(err)
	}
	for _, from := range [][]byte{text, list} {
		var back Accounts
		if err := json.Unmarshal(from, &back); err != nil || !reflect.DeepEqual(back, all) {
			t.Errorf("%s is read as %+v, %v", from, back, err)
		}
	}
	for _, bad := range []string{`7`, `[7]`, `[{"moon":1}]`, `{"list":[{"security":0}]}`, `{"security":["O:DA"],"list":[{"security":1}]}`, `{"security":["O:DA"],"list":[{"security":-1}]}`,
		`{"list":[{"security":"O:DA"}]}`, `{"list":[{"moon":1}]}`} {
		if err := json.Unmarshal([]byte(bad), new(Accounts)); err == nil {
			t.Errorf("%s is read", bad)
		}
	}
}
