package security

import (
	"encoding/binary"
	"slices"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/catalogtest"
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
		code   reason.Code
		word   string // of its arguments
	}{
		"nothing":                  {func([]byte) []byte { return nil }, reason.FieldCut, "header"},
		"half a header":            {func(b []byte) []byte { return b[:19] }, reason.FieldCut, "19"},
		"another revision":         {set(0, 2), reason.FieldRevision, "header"},
		"not self-relative":        {set(3, 0), reason.NotSelfRelative, "0x0004"},
		"owner past the end":       {set(4, 112), reason.FieldOffset, "owner"},
		"owner in the header":      {set(4, 4), reason.FieldOffset, "4"},
		"owner between":            {set(4, 21), reason.FieldOffset, "21"},
		"a huge offset":            {set(16, 0, 0, 0, 0x80), reason.FieldOffset, "2147483648"},
		"owner of another kind":    {set(20, 9), reason.FieldRevision, "SID"},
		"owner with 16 parts":      {set(21, 16), reason.SIDParts, "16"},
		"group cut off":            {func(b []byte) []byte { return b[:40] }, reason.FieldAt, "32"},
		"list header cut off":      {func(b []byte) []byte { return b[:50] }, reason.FieldCut, "list"},
		"list of another revision": {set(44, 9), reason.FieldRevision, "list"},
		"list past the end":        {set(46, 69), reason.FieldSize, "69"},
		"list without its header":  {set(46, 7), reason.FieldSize, "7"},
		"more entries than bytes":  {set(48, 3), reason.ListCut, "3"},
		"entry of no size":         {set(54, 0), reason.FieldSize, "entry"},
		"entry past its list":      {set(74, 41), reason.FieldSize, "41"},
		"entry without a mask":     {set(54, 7), reason.FieldCut, "mask"},
		"entry without a SID":      {set(54, 12), reason.FieldCut, "SID"},
		"entry with half a SID":    {set(61, 2), reason.FieldCut, "16"},
		"entry without its flags":  {set(74, 10), reason.FieldCut, "object flags"},
		"entry with half a GUID":   {set(74, 20), reason.FieldCut, "GUID"},
		"one GUID too many":        {set(80, 3), reason.EntryAt, "2"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ParseBinary(c.damage(slices.Clone(good)))
			why := reason.Of(err)
			if !why.Has(reason.DescriptorBytes) || !says(why, c.code, c.word) {
				t.Errorf("%s\nis not ... %s %s", why.Key(), c.code, c.word)
			}
			catalogtest.Complete(t, why)
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
