package run

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// Claims are read as they were written, in their order; a list of an older version too.
func TestClaimsReadBack(t *testing.T) {
	all := Claims{
		{Code: "sent", Support: Shown, By: []string{"o1", "o2"}},
		{Code: "outsider", Support: Weak, Why: reason.One(reason.OutsiderUnshown), By: []string{"o1"}},
		{Code: "a", Support: NotShown},
		{Code: "answered", Support: Shown, By: []string{"o3"}},
	}
	text, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(text), `{"sent":["o1","o2"],"outsider":{"support":"weak",`) {
		t.Errorf("written as %s", text)
	}
	list, err := json.Marshal([]Claim(all))
	if err != nil {
		t.Fatal(err)
	}
	for _, from := range [][]byte{text, list} {
		var back Claims
		if err := json.Unmarshal(from, &back); err != nil {
			t.Fatal(err)
		}
		if len(back) != len(all) {
			t.Fatalf("%d claims of %s", len(back), from)
		}
		for i := range all {
			if a, b := all[i], back[i]; a.Code != b.Code || a.Support != b.Support || !a.Why.Equal(b.Why) || !reflect.DeepEqual(a.By, b.By) {
				t.Errorf("%+v is read as %+v", a, b)
			}
		}
	}
	for _, wrong := range []string{`"sent"`, `{"sent":"o1"}`, `{"sent":{"support":"weak","what":1}}`, `{"sent":[1]}`, `7`} {
		if json.Unmarshal([]byte(wrong), new(Claims)) == nil {
			t.Errorf("%s is read", wrong)
		}
	}
}
