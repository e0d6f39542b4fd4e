package security

// Control is the control field of a descriptor ([MS-DTYP] 2.4.6).
type Control uint16

// The bits of it that matter here.
const (
	DACLPresent        Control = 0x0004
	SACLPresent        Control = 0x0010
	DACLAutoInheritReq Control = 0x0100
	SACLAutoInheritReq Control = 0x0200
	DACLAutoInherited  Control = 0x0400
	SACLAutoInherited  Control = 0x0800
	DACLProtected      Control = 0x1000
	SACLProtected      Control = 0x2000
	SelfRelative       Control = 0x8000
)

// ACL is an access control list. A nil ACL with the bit of its presence set in
// [Control] is a NULL one, which grants everything; one without entries grants
// nothing.
type ACL struct{ ACEs []ACE }

// Descriptor is a security descriptor ([MS-DTYP] 2.4.6).
type Descriptor struct {
	Control Control
	Owner   SID // "" for none
	Group   SID
	DACL    *ACL
	SACL    *ACL
}

// Trustees are the SIDs that the DACL names, each once, in its order.
func (d *Descriptor) Trustees() []SID {
	var all []SID
	if d.DACL == nil {
		return nil
	}
	seen := map[SID]bool{"": true}
	for i := range d.DACL.ACEs {
		if s := d.DACL.ACEs[i].Trustee; !seen[s] {
			seen[s] = true
			all = append(all, s)
		}
	}
	return all
}
