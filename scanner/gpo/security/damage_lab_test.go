//go:build lab

package security

import (
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// What of damaged bytes we take is the same to Samba. What Samba takes and we
// do not has one of few reasons, all of which mean that it is no descriptor.
func TestSambaOnDamage(t *testing.T) {
	r := newDice(12, sambaFlags, sambaTypes...)
	var ask []sambaQuestion
	for range 200 {
		good := encode(t, r.descriptor())
		for range 6 {
			ask = append(ask, sambaQuestion{Ask: "read", Binary: hex.EncodeToString(damage(r.Rand, good)), Domain: home})
		}
	}
	stricter := map[reason.Code]int{}
	took, refused := 0, 0
	for i, a := range samba(t, ask) {
		b, err := hex.DecodeString(ask[i].Binary)
		if err != nil {
			t.Fatal(err)
		}
		d, err := ParseBinary(b)
		switch {
		case err == nil && (!sambaCanWrite(d) || sambaIsStricter(b, d)):
		case err == nil && a.Error != "":
			t.Errorf("%x\nis nothing to Samba (%s), and to us %s", b, a.Error, d.SDDL())
		case err == nil:
			took++
			if twelve(a.Plain) != forSamba(d).SDDL() {
				t.Errorf("%x\nis to Samba %s\nand to us  %s", b, a.Plain, d.SDDL())
			}
		case a.Error == "":
			why := strictness(err)
			if stricter[why]++; why == "" {
				t.Errorf("%x\nis to Samba %s\nand to us %v", b, a.Plain, err)
			}
		default:
			refused++
		}
	}
	t.Logf("both take %d, both refuse %d, we alone refuse %v", took, refused, stricter)
	if took < 100 || refused < 100 {
		t.Error("too few of one kind to say anything")
	}
}

// damage flips a few bits, mostly of the headers, or cuts the end off.
func damage(r *rand.Rand, good []byte) []byte {
	b := slices.Clone(good)
	if r.IntN(4) == 0 {
		return b[:r.IntN(len(b))]
	}
	for range 1 + r.IntN(3) {
		at := r.IntN(len(b))
		if r.IntN(2) == 0 {
			at = r.IntN(min(len(b), 72))
		}
		b[at] ^= 1 << r.IntN(8)
	}
	return b
}

// sambaCanWrite reports whether Samba has letters for every entry.
func sambaCanWrite(d *Descriptor) bool {
	for _, l := range []*ACL{d.DACL, d.SACL} {
		if l != nil && slices.ContainsFunc(l.ACEs, func(a ACE) bool {
			return a.Flags&Critical != 0 || !slices.Contains(sambaTypes, a.Type)
		}) {
			return false
		}
	}
	return true
}

// sambaIsStricter reports whether bytes that say nothing are not zero: the
// offset of a list that is not present, or the reserved end of a list's header.
func sambaIsStricter(b []byte, d *Descriptor) bool {
	for _, p := range []struct {
		at      int
		present Control
	}{{12, SACLPresent}, {16, DACLPresent}} {
		at := binary.LittleEndian.Uint32(b[p.at:])
		if at != 0 && (d.Control&p.present == 0 || binary.LittleEndian.Uint16(b[at+6:]) != 0) {
			return true
		}
	}
	return false
}

// twelve pads a hexadecimal authority to its twelve digits ([MS-DTYP] 2.4.2.1),
// which Samba does not.
func twelve(sddl string) string {
	return regexp.MustCompile("-0x[0-9a-f]+").ReplaceAllStringFunc(sddl, func(s string) string {
		return "-0x" + strings.Repeat("0", 15-len(s)) + s[3:]
	})
}

// forSamba is the descriptor without what Samba does not write: a NULL list.
func forSamba(d *Descriptor) *Descriptor {
	m := *d
	if m.DACL == nil {
		m.Control &^= DACLPresent
	}
	if m.SACL == nil {
		m.Control &^= SACLPresent
	}
	return &m
}

// strictness is the code that says in which way we are stricter, "" for none.
func strictness(err error) reason.Code {
	for r := range reason.Of(err).All {
		if r.Is(reason.NotSelfRelative, reason.FieldRevision, reason.FieldOffset, reason.FieldSize, reason.ListCut) {
			return r.Code
		}
	}
	return ""
}
