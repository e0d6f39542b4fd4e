package security

import (
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

const (
	headerSize  = 20
	aclHeader   = 8
	aceHeader   = 4
	objectFlag  = 1 // ACE_OBJECT_TYPE_PRESENT
	inheritFlag = 2 // ACE_INHERITED_OBJECT_TYPE_PRESENT
)

// ParseBinary reads a descriptor in self-relative form, such as the attribute
// nTSecurityDescriptor or the file Backup.xml has it ([MS-DTYP] 2.4.6). An
// error names the offset. What follows the SID of an entry whose type has
// nothing there is ignored, as Windows does. The bytes are not kept.
func ParseBinary(b []byte) (*Descriptor, error) {
	d, err := parseBinary(b)
	if err != nil {
		return nil, reason.Wrap(err, reason.DescriptorBytes, "octets", len(b), "why", reason.Of(err))
	}
	return d, nil
}

func parseBinary(b []byte) (*Descriptor, error) {
	if len(b) < headerSize {
		return nil, cutOff("header", headerSize, len(b))
	}
	if b[0] != 1 {
		return nil, reason.Fail(reason.FieldRevision, "field", "header", "found", b[0])
	}
	d := &Descriptor{Control: Control(binary.LittleEndian.Uint16(b[2:]))}
	if d.Control&SelfRelative == 0 {
		return nil, reason.Fail(reason.NotSelfRelative, "found", fmt.Sprintf("%#04x", uint16(d.Control)))
	}
	for _, p := range []struct {
		what string
		at   int
		into *SID
	}{{"owner", 4, &d.Owner}, {"group", 8, &d.Group}} {
		at, err := part(b, p.what, p.at)
		if err != nil {
			return nil, err
		}
		if at == 0 {
			continue
		}
		if *p.into, _, err = binarySID(b[at:]); err != nil {
			return nil, in(p.what, at, err)
		}
	}
	for _, p := range []struct {
		what    string
		at      int
		present Control
		into    **ACL
	}{{"SACL", 12, SACLPresent, &d.SACL}, {"DACL", 16, DACLPresent, &d.DACL}} {
		at, err := part(b, p.what, p.at)
		if err != nil {
			return nil, err
		}
		if at == 0 || d.Control&p.present == 0 {
			continue
		}
		var wrong int
		if *p.into, wrong, err = parseACL(b, at); err != nil {
			return nil, in(p.what, wrong, err)
		}
	}
	return d, nil
}

// part is the offset of a part, that stands in the header at the given place;
// 0 for none.
func part(b []byte, what string, at int) (int, error) {
	off := binary.LittleEndian.Uint32(b[at:])
	if off != 0 && (off < headerSize || int64(off) >= int64(len(b))) || off%4 != 0 {
		return 0, reason.Fail(reason.FieldOffset, "field", what, "found", off)
	}
	return int(off), nil
}

// in is an error in a field, at an offset.
func in(field string, at int, err error) error {
	return reason.Wrap(err, reason.FieldAt, "field", field, "offset", at, "why", reason.Of(err))
}

// parseACL reads a list. With an error it says where it is wrong.
func parseACL(b []byte, at int) (_ *ACL, wrong int, _ error) {
	if len(b)-at < aclHeader {
		return nil, at, cutOff("list", aclHeader, len(b)-at)
	}
	if r := b[at]; r < 2 || r > 4 {
		return nil, at, reason.Fail(reason.FieldRevision, "field", "list", "found", r)
	}
	size, count := int(binary.LittleEndian.Uint16(b[at+2:])), int(binary.LittleEndian.Uint16(b[at+4:]))
	if size < aclHeader || size > len(b)-at {
		return nil, at, reason.Fail(reason.FieldSize, "field", "list", "found", size, "left", len(b)-at)
	}
	list, end := &ACL{}, at+size
	// An entry has at least its header: a count that lies reserves no memory.
	list.ACEs = make([]ACE, 0, min(count, size/aceHeader))
	for at += aclHeader; len(list.ACEs) < count; {
		if end-at < aceHeader {
			return nil, at, reason.Fail(reason.ListCut, "count", count, "found", len(list.ACEs))
		}
		n := int(binary.LittleEndian.Uint16(b[at+2:]))
		if n < aceHeader || n > end-at {
			return nil, at, reason.Fail(reason.FieldSize, "field", "entry", "found", n, "left", end-at)
		}
		ace, err := parseACE(b[at : at+n])
		if err != nil {
			return nil, at, reason.Wrap(err, reason.EntryAt, "entry", len(list.ACEs)+1, "type", typeNumber(Type(b[at])), "why", reason.Of(err))
		}
		list.ACEs = append(list.ACEs, ace)
		at += n
	}
	return list, at, nil
}

// typeNumber writes the type of an entry as a number.
func typeNumber(t Type) string { return fmt.Sprintf("%#02x", uint8(t)) }

// parseACE reads one entry, whose bytes are exactly b.
func parseACE(b []byte) (ACE, error) {
	a := ACE{Type: Type(b[0]), Flags: Flags(b[1])}
	k, rest := kinds[a.Type], b[aceHeader:]
	if k.layout == unknownLayout {
		a.Data = keep(rest)
		return a, nil
	}
	if len(rest) < 4 {
		return a, cutOff("mask", 4, len(rest))
	}
	a.Mask, rest = binary.LittleEndian.Uint32(rest), rest[4:]
	if k.layout == objectLayout {
		if len(rest) < 4 {
			return a, cutOff("object flags", 4, len(rest))
		}
		flags := binary.LittleEndian.Uint32(rest)
		rest = rest[4:]
		for _, g := range []struct {
			flag uint32
			into **GUID
		}{{objectFlag, &a.Object}, {inheritFlag, &a.InheritedObject}} {
			if flags&g.flag == 0 {
				continue
			}
			if len(rest) < 16 {
				return a, cutOff("GUID", 16, len(rest))
			}
			id := GUID(rest[:16])
			*g.into, rest = &id, rest[16:]
		}
	}
	sid, n, err := binarySID(rest)
	if err != nil {
		return a, err
	}
	a.Trustee = sid
	if k.data {
		a.Data = keep(rest[n:])
	}
	return a, nil
}

// keep copies foreign bytes; none are nil.
func keep(b []byte) []byte {
	if len(b) == 0 {
		return nil
	}
	return slices.Clone(b)
}
