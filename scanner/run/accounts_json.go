package run

import (
	"bytes"
	"fmt"

	"github.com/kmsiso/kmsiso/scanner/run/jsonform"
)

// Accounts are the computers that the policy declares. Most have one security
// descriptor: a document has each of them once.
type Accounts []Account

// accountTable are accounts in a document.
type accountTable struct {
	Security []string     `json:"security,omitempty"`
	List     []accountRow `json:"list"`
}

// accountRow is an account of a table: its security descriptor is a place in the list of
// those.
type accountRow struct {
	Account
	Security *int `json:"security,omitempty"`
}

// MarshalJSON writes the table.
func (as Accounts) MarshalJSON() ([]byte, error) {
	t, known := accountTable{List: make([]accountRow, len(as))}, map[string]int{}
	for i := range as {
		t.List[i].Account = as[i]
		if as[i].Security != "" {
			n := jsonform.Place(&t.Security, known, as[i].Security)
			t.List[i].Security = &n
		}
	}
	return jsonform.Plain(t)
}

// UnmarshalJSON reads what MarshalJSON wrote. Documents of older versions have a list.
func (as *Accounts) UnmarshalJSON(b []byte) error {
	if bytes.HasPrefix(b, []byte("[")) {
		return jsonform.Strictly(b, (*[]Account)(as))
	}
	var t accountTable
	if err := jsonform.Strictly(b, &t); err != nil {
		return err
	}
	*as = nil
	for i := range t.List {
		a := t.List[i].Account
		if n := t.List[i].Security; n != nil {
			if *n < 0 || *n >= len(t.Security) {
				return fmt.Errorf("account %d: there is no security descriptor %d", i, *n)
			}
			a.Security = t.Security[*n]
		}
		*as = append(*as, a)
	}
	return nil
}
