package security

import (
	"encoding/binary"
	"fmt"
	"slices"
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
		return nil, fmt.Errorf("read a security descriptor of %d bytes: %w", len(b), err)
	}
	return d, nil
}

func parseBinary(b []byte) (*Descriptor, error) {
	if len(b) < headerSize {
		return nil, fmt.Errorf("its header has %d bytes", headerSize)
	}
	if b[0] != 1 {
		return nil, fmt.Errorf("at offset 0: the revision is %d, not 1", b[0])
	}
	d := &Descriptor{Control: Control(binary.LittleEndian.Uint16(b[2:]))}
	if d.Control&SelfRelative == 0 {
		return nil, fmt.Errorf("at offset 2: the control field %#04x does not say self-relative", uint16(d.Control))
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
			return nil, fmt.Errorf("%s at offset %d: %w", p.what, at, err)
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
		if *p.into, err = parseACL(b, at); err != nil {
			return nil, fmt.Errorf("%s %w", p.what, err)
		}
	}
	return d, nil
}

// part is the offset of a part, that stands in the header at the given place;
// 0 for none.
func part(b []byte, what string, at int) (int, error) {
	off := binary.LittleEndian.Uint32(b[at:])
	if off != 0 && (off < headerSize || int64(off) >= int64(len(b))) {
		return 0, fmt.Errorf("at offset %d: the %s is said to be at %d, outside of what follows the header", at, what, off)
	}
	if off%4 != 0 {
		return 0, fmt.Errorf("at offset %d: the %s is said to be at %d, which is no multiple of four", at, what, off)
	}
	return int(off), nil
}

func parseACL(b []byte, at int) (*ACL, error) {
	if len(b)-at < aclHeader {
		return nil, fmt.Errorf("at offset %d: a list has at least %d bytes, %d are left", at, aclHeader, len(b)-at)
	}
	if r := b[at]; r < 2 || r > 4 {
		return nil, fmt.Errorf("at offset %d: the revision of the list is %d, not 2 or 4", at, r)
	}
	size, count := int(binary.LittleEndian.Uint16(b[at+2:])), int(binary.LittleEndian.Uint16(b[at+4:]))
	if size < aclHeader || size > len(b)-at {
		return nil, fmt.Errorf("at offset %d: the list says %d bytes, %d are left", at, size, len(b)-at)
	}
	list, end := &ACL{}, at+size
	// An entry has at least its header: a count that lies reserves no memory.
	list.ACEs = make([]ACE, 0, min(count, size/aceHeader))
	for at += aclHeader; len(list.ACEs) < count; {
		if end-at < aceHeader {
			return nil, fmt.Errorf("at offset %d: the list says %d entries, and ends after %d", at, count, len(list.ACEs))
		}
		n := int(binary.LittleEndian.Uint16(b[at+2:]))
		if n < aceHeader || n > end-at {
			return nil, fmt.Errorf("at offset %d: entry %d says %d bytes, %d are left of the list", at, len(list.ACEs)+1, n, end-at)
		}
		ace, err := parseACE(b[at : at+n])
		if err != nil {
			return nil, fmt.Errorf("at offset %d: entry %d of type %#02x: %w", at, len(list.ACEs)+1, b[at], err)
		}
		list.ACEs = append(list.ACEs, ace)
		at += n
	}
	return list, nil
}

// parseACE reads one entry, whose bytes are exactly b.
func parseACE(b []byte) (ACE, error) {
	a := ACE{Type: Type(b[0]), Flags: Flags(b[1])}
	k, rest := kinds[a.Type], b[aceHeader:]
	if k.layout == unknownLayout {
		a.Data = keep(rest)
		return a, nil
	}
	if len(rest) < 4 {
		return a, fmt.Errorf("its mask has 4 bytes, %d are left", len(rest))
	}
	a.Mask, rest = binary.LittleEndian.Uint32(rest), rest[4:]
	if k.layout == objectLayout {
		if len(rest) < 4 {
			return a, fmt.Errorf("its object flags have 4 bytes, %d are left", len(rest))
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
				return a, fmt.Errorf("a GUID has 16 bytes, %d are left", len(rest))
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
