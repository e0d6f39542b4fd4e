package security

import (
	"encoding/hex"
	"fmt"
	"strings"
)

// pair is a word of SDDL and the bits it stands for.
type pair struct {
	word string
	bits uint32
}

// rights in the order in which they are written; of those that say the same as
// others (of files and of registry keys) there is none here.
var rights = []pair{
	{"RP", 0x00000010}, {"WP", 0x00000020}, {"CR", 0x00000100}, {"CC", 0x00000001}, {"DC", 0x00000002},
	{"LC", 0x00000004}, {"LO", 0x00000080}, {"RC", 0x00020000}, {"WO", 0x00080000}, {"WD", 0x00040000},
	{"SD", 0x00010000}, {"DT", 0x00000040}, {"SW", 0x00000008},
	{"GA", GenericAll}, {"GR", GenericRead}, {"GW", GenericWrite}, {"GX", GenericExecute},
}

// labelRights are those of a mandatory label ([MS-DTYP] 2.4.4.13).
var labelRights = []pair{{"NW", 1}, {"NR", 2}, {"NX", 4}}

var flagWords = []pair{
	{"OI", uint32(ObjectInherit)}, {"CI", uint32(ContainerInherit)}, {"NP", uint32(NoPropagate)},
	{"IO", uint32(InheritOnly)}, {"ID", uint32(Inherited)}, {"CR", uint32(Critical)},
	{"SA", uint32(AuditSuccess)}, {"FA", uint32(AuditFailure)},
}

var (
	daclWords = []pair{{"P", uint32(DACLProtected)}, {"AR", uint32(DACLAutoInheritReq)}, {"AI", uint32(DACLAutoInherited)}}
	saclWords = []pair{{"P", uint32(SACLProtected)}, {"AR", uint32(SACLAutoInheritReq)}, {"AI", uint32(SACLAutoInherited)}}
)

// noAccessControl is how SDDL writes a NULL list.
const noAccessControl = "NO_ACCESS_CONTROL"

// SDDL is the descriptor as text that means the same everywhere: what is
// relative to a domain is written as a plain SID, what is the same in every
// domain by its letters. [ParseSDDL] reads it back without knowing any domain;
// this is the form that a run document keeps. What SDDL has no words for is
// written like this: a type of entry by its number, as in "(0x0c;...)"; bytes
// of a condition or a claim as "(#0102)", a literal of octets; an entry of an
// unknown type as "(0x04;CI;;;;;(#0102))", with all after its header there.
// Bits of [Control] that say nothing of access (defaulted, trusted) are left.
func (d *Descriptor) SDDL() string { return d.SDDLFor("") }

// SDDLFor is the descriptor as SDDL for readers in the given domain, whose
// groups it writes by their letters: DA, DC.
func (d *Descriptor) SDDLFor(domain SID) string {
	var s strings.Builder
	if d.Owner != "" {
		s.WriteString("O:" + d.Owner.letters(domain))
	}
	if d.Group != "" {
		s.WriteString("G:" + d.Group.letters(domain))
	}
	d.writeACL(&s, "D:", DACLPresent, daclWords, d.DACL, domain)
	d.writeACL(&s, "S:", SACLPresent, saclWords, d.SACL, domain)
	return s.String()
}

func (d *Descriptor) writeACL(s *strings.Builder, tag string, present Control, flags []pair, list *ACL, domain SID) {
	if d.Control&present == 0 {
		return
	}
	s.WriteString(tag)
	writeWords(s, flags, uint32(d.Control))
	if list == nil {
		s.WriteString(noAccessControl)
		return
	}
	for i := range list.ACEs {
		list.ACEs[i].write(s, domain)
	}
}

// SDDL is the entry as text, in its parentheses.
func (a *ACE) SDDL(domain SID) string {
	var s strings.Builder
	s.Grow(96) // one with a GUID
	a.write(&s, domain)
	return s.String()
}

func (a *ACE) write(s *strings.Builder, domain SID) {
	k := kinds[a.Type]
	s.WriteByte('(')
	if k.code != "" {
		s.WriteString(k.code)
	} else {
		fmt.Fprintf(s, "%#02x", uint8(a.Type))
	}
	s.WriteByte(';')
	writeWords(s, flagWords, uint32(a.Flags))
	s.WriteByte(';')
	a.writeMask(s)
	s.WriteByte(';')
	for _, g := range []*GUID{a.Object, a.InheritedObject} {
		if g != nil {
			s.WriteString(g.String())
		}
		s.WriteByte(';')
	}
	s.WriteString(a.Trustee.letters(domain))
	switch {
	case a.Expression != "":
		s.WriteString(";" + a.Expression)
	case k.data || k.layout == unknownLayout:
		s.WriteString(";(#" + hex.EncodeToString(a.Data) + ")")
	}
	s.WriteByte(')')
}

func (a *ACE) writeMask(s *strings.Builder) {
	words := rights
	if a.Type == MandatoryLabel {
		words = labelRights
	}
	if left := writeWords(nil, words, a.Mask); left != 0 {
		fmt.Fprintf(s, "0x%08x", a.Mask)
		return
	}
	writeWords(s, words, a.Mask)
}

// writeWords writes the words whose bits are set, and returns the bits that
// have none. It writes nothing to nil.
func writeWords(s *strings.Builder, words []pair, bits uint32) uint32 {
	left := bits
	for _, w := range words {
		if bits&w.bits == w.bits {
			left &^= w.bits
			if s != nil {
				s.WriteString(w.word)
			}
		}
	}
	return left
}
