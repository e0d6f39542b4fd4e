package security

import (
	"encoding/binary"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

// encode writes a descriptor in self-relative form. Only tests need it.
func encode(t testing.TB, d *Descriptor) []byte {
	t.Helper()
	b := make([]byte, headerSize)
	b[0] = 1
	binary.LittleEndian.PutUint16(b[2:], uint16(d.Control))
	put := func(at int, part []byte) {
		if part != nil {
			binary.LittleEndian.PutUint32(b[at:], uint32(len(b)))
			b = append(b, part...)
		}
	}
	put(4, encodeSID(t, d.Owner))
	put(8, encodeSID(t, d.Group))
	put(12, encodeACL(t, d.SACL))
	put(16, encodeACL(t, d.DACL))
	return b
}

func encodeSID(t testing.TB, s SID) []byte {
	t.Helper()
	if s == "" {
		return nil
	}
	parts := strings.Split(string(s), "-")
	authority, err := strconv.ParseUint(parts[2], 0, 48)
	if err != nil {
		t.Fatal(err)
	}
	b := binary.BigEndian.AppendUint64(nil, authority)
	b[0], b[1] = 1, byte(len(parts)-3)
	for _, p := range parts[3:] {
		v, err := strconv.ParseUint(p, 10, 32)
		if err != nil {
			t.Fatal(err)
		}
		b = binary.LittleEndian.AppendUint32(b, uint32(v))
	}
	return b
}

func encodeACL(t testing.TB, l *ACL) []byte {
	t.Helper()
	if l == nil {
		return nil
	}
	b := []byte{4, 0, 0, 0, 0, 0, 0, 0}
	for i := range l.ACEs {
		b = append(b, encodeACE(t, &l.ACEs[i])...)
	}
	binary.LittleEndian.PutUint16(b[2:], uint16(len(b)))
	binary.LittleEndian.PutUint16(b[4:], uint16(len(l.ACEs)))
	return b
}

func encodeACE(t testing.TB, a *ACE) []byte {
	t.Helper()
	b := []byte{byte(a.Type), byte(a.Flags), 0, 0}
	k := kinds[a.Type]
	if k.layout != unknownLayout {
		b = binary.LittleEndian.AppendUint32(b, a.Mask)
	}
	if k.layout == objectLayout {
		var flags uint32
		var ids []byte
		if a.Object != nil {
			flags, ids = flags|objectFlag, append(ids, a.Object[:]...)
		}
		if a.InheritedObject != nil {
			flags, ids = flags|inheritFlag, append(ids, a.InheritedObject[:]...)
		}
		b = append(binary.LittleEndian.AppendUint32(b, flags), ids...)
	}
	b = append(append(b, encodeSID(t, a.Trustee)...), a.Data...)
	binary.LittleEndian.PutUint16(b[2:], uint16(len(b)))
	return b
}

// dice makes descriptors: the same ones each time.
type dice struct {
	*rand.Rand
	types []Type // that entries have
	flags Flags  // that entries may have
}

func newDice(seed uint64, flags Flags, types ...Type) dice {
	return dice{rand.New(rand.NewPCG(seed, 3)), types, flags}
}

func (r dice) sid() SID {
	switch r.IntN(8) {
	case 0:
		return home.Child([]uint32{498, 500, 501, 512, 513, 514, 515, 516, 517, 518, 519, 520, 521, 522, 525, 526, 527, 553, 1105}[r.IntN(19)])
	case 1:
		return root.Child([]uint32{498, 512, 515, 519}[r.IntN(4)])
	case 2:
		s := SID("S-1-" + strconv.Itoa(r.IntN(90)))
		for range r.IntN(maxSubAuthorities + 1) {
			s = s.Child(r.Uint32())
		}
		return s
	case 3:
		if r.IntN(5) != 0 {
			return group
		}
		return SID("S-1-0x" + strconv.FormatUint(1<<47|r.Uint64N(1<<47), 16)).Child(r.Uint32())
	default:
		for {
			if a := aliases[r.IntN(len(aliases))]; a.sid != "" {
				return a.sid
			}
		}
	}
}

func (r dice) mask() uint32 {
	switch r.IntN(5) {
	case 0:
		return r.Uint32()
	case 1:
		return 1 << r.IntN(32)
	case 2:
		return 0
	}
	var m uint32
	for range 1 + r.IntN(6) {
		m |= rights[r.IntN(len(rights))].bits
	}
	return m
}

func (r dice) guid() *GUID {
	if r.IntN(2) == 0 {
		return nil
	}
	g := ApplyGroupPolicyRight
	switch r.IntN(8) {
	case 0:
		g = GUID{}
	case 1, 2, 3:
		for i := range g {
			g[i] = byte(r.Uint32())
		}
	}
	return &g
}

func (r dice) data() []byte {
	b := make([]byte, 4*r.IntN(8))
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return keep(b)
}

func (r dice) ace() ACE {
	a := ACE{Type: r.types[r.IntN(len(r.types))], Flags: Flags(r.Uint32()) & r.flags}
	k := kinds[a.Type]
	if k.data || k.layout == unknownLayout {
		a.Data = r.data()
	}
	if k.layout == unknownLayout {
		return a
	}
	a.Mask, a.Trustee = r.mask(), r.sid()
	if k.layout == objectLayout {
		a.Object, a.InheritedObject = r.guid(), r.guid()
	}
	return a
}

func (r dice) acl() *ACL {
	l := &ACL{ACEs: make([]ACE, r.IntN(12))}
	for i := range l.ACEs {
		l.ACEs[i] = r.ace()
	}
	return l
}

func (r dice) descriptor() *Descriptor {
	d := &Descriptor{Control: SelfRelative | Control(r.Uint32())&^(DACLPresent|SACLPresent)}
	if r.IntN(8) != 0 {
		d.Owner = r.sid()
	}
	if r.IntN(8) != 0 {
		d.Group = r.sid()
	}
	if r.IntN(10) != 0 {
		d.DACL = r.acl()
		d.Control |= DACLPresent
	}
	if r.IntN(3) == 0 {
		d.SACL = r.acl()
		d.Control |= SACLPresent
	}
	if r.IntN(20) == 0 { // NULL
		d.DACL = nil
		d.Control |= DACLPresent
	}
	return d
}

// told are the bits of the control field that SDDL can say.
const told = DACLPresent | SACLPresent | DACLProtected | SACLProtected |
	DACLAutoInherited | SACLAutoInherited | DACLAutoInheritReq | SACLAutoInheritReq

// meaning is what of a descriptor SDDL keeps: lists that are not there have no
// flags.
func meaning(d *Descriptor) Descriptor {
	m := *d
	m.Control &= told
	if m.Control&DACLPresent == 0 {
		m.Control &^= DACLProtected | DACLAutoInherited | DACLAutoInheritReq
	}
	if m.Control&SACLPresent == 0 {
		m.Control &^= SACLProtected | SACLAutoInherited | SACLAutoInheritReq
	}
	for _, l := range []**ACL{&m.DACL, &m.SACL} {
		if *l != nil && len((*l).ACEs) == 0 {
			*l = &ACL{}
		}
	}
	return m
}
