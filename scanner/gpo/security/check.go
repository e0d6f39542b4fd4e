package security

import (
	"slices"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

// Answer says whether a token is granted what was asked.
type Answer struct {
	Granted tri.State
	// ACE decided it; nil where none did. Of an unknown answer it is the entry
	// whose condition or meaning is not known.
	ACE *ACE
	// Why is the reason.
	Why reason.List
}

// check asks whether the DACL grants to a token all rights of a mask, which has
// some, on the object as a whole (the zero GUID) or on a part of it: an extended
// right, a property ([MS-ADTS] 5.1.3.3.2 to 5.1.3.3.4). A reason calls them what.
//
// The entries are looked at in the order in which they stand, so that an earlier
// allow wins over a later deny, as in a list that is not in the order that Windows
// writes ([MS-DTYP] 2.4.5.1). Entries that are for children only are left out; an
// entry about a part counts only where that part is asked. A NULL list grants
// everything, one without entries nothing. Generic rights are those of the
// directory. The owner may read the descriptor and write the DACL, unless entries
// for OWNER RIGHTS say what he may.
//
// A condition is not evaluated: where the answer depends on whether it holds,
// it is unknown. So it is where an entry of an unknown type stands in the way,
// and where the descriptor has no DACL at all: every object of a directory has
// one, so it was not read. SELF is nobody in the token; give the token of the
// object itself that SID.
func (d *Descriptor) check(token []SID, mask uint32, object GUID, what string) Answer {
	switch {
	case d.Control&DACLPresent == 0:
		return Answer{Granted: tri.Unknown, Why: reason.One(reason.DACLUnread)}
	case d.DACL == nil:
		return Answer{Granted: tri.Yes, Why: reason.One(reason.DACLNull)}
	}
	q := d.ask(token, mask, object)
	// With every condition against the token, and with every one for it: an
	// entry more that allows never takes a right away, nor one less that
	// denies, so all that lies between has the same answer if these two have.
	least, byLeast := q.run(false)
	most, byMost := q.run(true)
	if least != most {
		by := q.unsure()
		return Answer{Granted: tri.Unknown, ACE: &d.DACL.ACEs[by], Why: d.say(by, what)}
	}
	by := byLeast
	if !most {
		by = byMost // what denies it even at best
	}
	a := Answer{Granted: tri.No, Why: reason.One(reason.DACLSilent, "right", what)}
	if most {
		a = Answer{Granted: tri.Yes, Why: reason.One(reason.DACLOwner, "right", what)}
	}
	switch {
	case by >= 0:
		a.ACE, a.Why = &d.DACL.ACEs[by], d.say(by, what)
	case !most && len(d.DACL.ACEs) == 0:
		a.Why = reason.One(reason.DACLEmpty)
	}
	return a
}

func (s SID) is(o SID) bool { return s != "" && s.Equal(o) }

// question is one question to one DACL.
type question struct {
	d      *Descriptor
	token  []SID
	owner  bool // the token is that of the owner
	mask   uint32
	object GUID
}

// ask makes a question to a descriptor that has a DACL.
func (d *Descriptor) ask(token []SID, mask uint32, object GUID) question {
	q := question{d: d, token: token, mask: specific(mask), object: object}
	q.owner = slices.ContainsFunc(token, d.Owner.is)
	if q.owner && !slices.ContainsFunc(d.DACL.ACEs, func(a ACE) bool { return a.Flags&InheritOnly == 0 && a.Trustee == OwnerRights }) {
		q.mask &^= ReadControl | WriteDAC
	}
	return q
}

// applies reports whether an entry is about this token and this object.
func (q *question) applies(a *ACE) bool {
	k := kinds[a.Type]
	switch {
	case a.Flags&InheritOnly != 0:
		return false
	case k.layout == unknownLayout:
		return true // nobody knows
	case !k.allow && !k.deny:
		return false
	case a.Object != nil && *a.Object != q.object:
		return false
	}
	return specific(a.Mask)&q.mask != 0 &&
		(q.owner && a.Trustee == OwnerRights || slices.ContainsFunc(q.token, a.Trustee.is))
}

// run goes through the list, with what is not known for the token or against
// it, and returns the entry that decides; -1 for none.
func (q *question) run(hopeful bool) (granted bool, by int) {
	left, by := q.mask, -1
	for i := range q.d.DACL.ACEs {
		if left == 0 {
			break
		}
		a := &q.d.DACL.ACEs[i]
		if !q.applies(a) {
			continue
		}
		k, bits := kinds[a.Type], specific(a.Mask)
		if k.layout == unknownLayout {
			return hopeful, i
		}
		switch {
		case k.condition && k.allow != hopeful: // an allow that is not met, or a deny that is not met
			continue
		case k.allow:
			if bits&left != 0 {
				left &^= bits
				by = i
			}
		case bits&left != 0:
			return false, i
		}
	}
	if left != 0 {
		by = -1
	}
	return left == 0, by
}

// unsure is the first entry that is why an answer is not known.
func (q *question) unsure() int {
	return slices.IndexFunc(q.d.DACL.ACEs, func(a ACE) bool {
		return q.applies(&a) && (kinds[a.Type].condition || kinds[a.Type].layout == unknownLayout)
	})
}

// say is what the entry does.
func (d *Descriptor) say(i int, what string) reason.List {
	a := &d.DACL.ACEs[i]
	code := reason.ACEDenies
	switch k := kinds[a.Type]; {
	case k.layout == unknownLayout:
		code = reason.ACEUnknown
	case k.condition && k.allow:
		code = reason.ACEConditionalGrant
	case k.condition:
		code = reason.ACEConditionalDeny
	case k.allow:
		code = reason.ACEGrants
	}
	return reason.One(code, "entry", i+1, "ace", a.SDDL(""), "right", what, "trustee", a.Trustee.Name(""))
}
