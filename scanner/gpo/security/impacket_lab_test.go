//go:build lab

package security

import (
	"encoding/hex"
	"slices"
	"testing"
)

// impacket knows entries with conditions and claims: the fields are the same.
func TestImpacketReadsTheSame(t *testing.T) {
	r := newDice(14, 0xff, Allow, Deny, 2, AllowObject, DenyObject, AllowCallback, DenyCallback,
		AllowCallbackObject, DenyCallbackObject, 0x0d, 0x0f, MandatoryLabel, ResourceAttribute, 0x13)
	var all []*Descriptor
	var ask []string
	for len(all) < 500 {
		d := r.descriptor()
		if d.DACL == nil {
			continue
		}
		all = append(all, d)
		ask = append(ask, hex.EncodeToString(encode(t, d)))
	}
	type entry struct {
		Type                             Type
		Flags                            Flags
		Mask                             uint32
		Trustee, Object, Inherited, Data string
	}
	entries := 0
	for i, theirs := range judge[string, []entry](t, "impacket.py", ask) {
		b, err := hex.DecodeString(ask[i])
		if err != nil {
			t.Fatal(err)
		}
		d, err := ParseBinary(b)
		if err != nil {
			t.Fatal(err)
		}
		var ours []entry
		for _, a := range d.DACL.ACEs {
			ours = append(ours, entry{a.Type, a.Flags, a.Mask, hex.EncodeToString(encodeSID(t, a.Trustee)), orNone(a.Object), orNone(a.InheritedObject), hex.EncodeToString(a.Data)})
		}
		if entries += len(ours); !slices.Equal(ours, theirs) {
			t.Errorf("%s\n%+v\nis to impacket\n%+v", d.SDDL(), ours, theirs)
		}
	}
	t.Logf("%d entries", entries)
}

func orNone(g *GUID) string {
	if g == nil {
		return ""
	}
	return g.String()
}
