package security

import (
	"encoding/binary"
	"slices"
	"strings"
	"testing"
)

func TestParseBinaryRefuses(t *testing.T) {
	d, err := ParseSDDL("O:SYG:SYD:(A;;RP;;;AU)(OA;;CR;edacfd8f-ffb3-11d1-b41d-00a0c968f939;;AU)", home)
	if err != nil {
		t.Fatal(err)
	}
	good := encode(t, d)
	// Where things are: owner at 20, group at 32, DACL at 44, its entries at 52
	// and 72.
	if _, err := ParseBinary(good); err != nil || len(good) != 112 {
		t.Fatal(len(good), err)
	}
	set := func(at int, v ...byte) func([]byte) []byte {
		return func(b []byte) []byte { copy(b[at:], v); return b }
	}
	for name, c := range map[string]struct {
		damage func([]byte) []byte
		want   string
	}{
		"nothing":                  {func([]byte) []byte { return nil }, "read a security descriptor of 0 bytes: its header has 20 bytes"},
		"half a header":            {func(b []byte) []byte { return b[:19] }, "of 19 bytes: its header has 20 bytes"},
		"another revision":         {set(0, 2), "at offset 0: the revision is 2, not 1"},
		"not self-relative":        {set(3, 0), "at offset 2: the control field 0x0004 does not say self-relative"},
		"owner past the end":       {set(4, 112), "at offset 4: the owner is said to be at 112"},
		"owner in the header":      {set(4, 4), "at offset 4: the owner is said to be at 4"},
		"owner between":            {set(4, 21), "at offset 4: the owner is said to be at 21, which is no multiple of four"},
		"a huge offset":            {set(16, 0, 0, 0, 0x80), "at offset 16: the DACL is said to be at 2147483648"},
		"owner of another kind":    {set(20, 9), "owner at offset 20: the revision of the SID is 9, not 1"},
		"owner with 16 parts":      {set(21, 16), "owner at offset 20: the SID says 16 subauthorities, 15 are the most"},
		"group cut off":            {func(b []byte) []byte { return b[:40] }, "group at offset 32: a SID of 1 subauthorities has 12 bytes, 8 are left"},
		"list header cut off":      {func(b []byte) []byte { return b[:50] }, "DACL at offset 44: a list has at least 8 bytes, 6 are left"},
		"list of another revision": {set(44, 9), "DACL at offset 44: the revision of the list is 9"},
		"list past the end":        {set(46, 69), "DACL at offset 44: the list says 69 bytes, 68 are left"},
		"list without its header":  {set(46, 7), "DACL at offset 44: the list says 7 bytes"},
		"more entries than bytes":  {set(48, 3), "DACL at offset 112: the list says 3 entries, and ends after 2"},
		"entry of no size":         {set(54, 0), "DACL at offset 52: entry 1 says 0 bytes, 60 are left of the list"},
		"entry past its list":      {set(74, 41), "DACL at offset 72: entry 2 says 41 bytes, 40 are left of the list"},
		"entry without a mask":     {set(54, 7), "DACL at offset 52: entry 1 of type 0x00: its mask has 4 bytes, 3 are left"},
		"entry without a SID":      {set(54, 12), "DACL at offset 52: entry 1 of type 0x00: a SID has at least 8 bytes, 4 are left"},
		"entry with half a SID":    {set(61, 2), "DACL at offset 52: entry 1 of type 0x00: a SID of 2 subauthorities has 16 bytes, 12 are left"},
		"entry without its flags":  {set(74, 10), "DACL at offset 72: entry 2 of type 0x05: its object flags have 4 bytes, 2 are left"},
		"entry with half a GUID":   {set(74, 20), "DACL at offset 72: entry 2 of type 0x05: a GUID has 16 bytes, 8 are left"},
		"one GUID too many":        {set(80, 3), "DACL at offset 72: entry 2 of type 0x05: a GUID has 16 bytes, 12 are left"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ParseBinary(c.damage(slices.Clone(good)))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v\nis not ... %s", err, c.want)
			}
		})
	}
}

// Parts that lie one over the other, or that the control field does not speak
// of, and what follows an entry's SID.
func TestParseBinaryAllows(t *testing.T) {
	d, err := ParseSDDL("O:SYG:SYD:(A;;RP;;;AU)", home)
	if err != nil {
		t.Fatal(err)
	}
	shared := encode(t, d)
	binary.LittleEndian.PutUint32(shared[8:], 20) // the group is the owner
	if got, err := ParseBinary(shared); err != nil || got.Group != System {
		t.Error(got, err)
	}
	silent := encode(t, d)
	silent[2] = 0 // no DACL present
	if got, err := ParseBinary(silent); err != nil || got.DACL != nil || got.SDDL() != "O:SYG:SY" {
		t.Error(got, err)
	}
	null := encode(t, d)
	binary.LittleEndian.PutUint32(null[16:], 0)
	if got, err := ParseBinary(null); err != nil || got.SDDL() != "O:SYG:SYD:NO_ACCESS_CONTROL" {
		t.Error(got, err)
	}
	slack := append(encode(t, d), 1, 2, 3, 4)
	slack[46] += 4 // the list has four bytes after its entry
	if got, err := ParseBinary(slack); err != nil || len(got.DACL.ACEs) != 1 {
		t.Error(got, err)
	}
	slack[54] += 4 // they are the entry's
	if got, err := ParseBinary(slack); err != nil || got.DACL.ACEs[0].Data != nil {
		t.Error(got, err)
	}
	slack[52] = byte(AllowCallback)
	if got, err := ParseBinary(slack); err != nil || got.SDDL() != "O:SYG:SYD:(XA;;RP;;;AU;(#01020304))" {
		t.Error(got, err)
	}
}
