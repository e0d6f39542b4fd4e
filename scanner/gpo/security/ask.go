package security

import (
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

// ReadGPC asks whether a token may read a groupPolicyContainer, as a Group
// Policy client must before it can apply the GPO: the properties of the object
// (RIGHT_DS_READ_PROPERTY, [MS-GPOL] 2.2.4) and its security descriptor, which
// the client filters by (READ_CONTROL, [MS-GPOL] 3.2.5.1.6, [MS-ADTS]
// 3.1.1.4.3). A client that may not read a GPO does as if it were not there.
// GPMC's "Read" is both and LIST_CHILDREN and LIST_OBJECT, which this search
// does not need as long as the container of all policies is readable.
//
// Where an entry about single properties only stands before the one that
// decides, the answer is unknown: it is not looked at whether those are the
// ones that a client reads.
func (d *Descriptor) ReadGPC(token []SID) Answer {
	const what = "Read"
	a := d.check(token, ReadProperty|ReadControl, GUID{}, what)
	if a.Granted == tri.Unknown || d.DACL == nil {
		return a
	}
	for i := range d.DACL.ACEs {
		e := &d.DACL.ACEs[i]
		if e == a.ACE {
			break
		}
		if e.Object == nil || (a.Granted == tri.Yes) == kinds[e.Type].allow {
			continue
		}
		q := question{token: token, mask: ReadProperty, object: *e.Object}
		if q.applies(e) {
			return Answer{Granted: tri.Unknown, ACE: e, Why: reason.One(reason.ACEOfPart, "entry", i+1, "ace", e.SDDL(""), "trustee", e.Trustee.Name(""))}
		}
	}
	return a
}

// ApplyGroupPolicy asks whether a token has the extended right Apply Group
// Policy on a groupPolicyContainer ([MS-GPOL] 3.2.5.1.6): RIGHT_DS_CONTROL_ACCESS
// with edacfd8f-ffb3-11d1-b41d-00a0c968f939, or for all extended rights at once.
func (d *Descriptor) ApplyGroupPolicy(token []SID) Answer {
	return d.check(token, ControlAccess, ApplyGroupPolicyRight, "Apply Group Policy")
}

// AllowedToAuthenticate asks whether a token from beyond a trust with selective
// authentication may authenticate to the computer whose account has this
// descriptor ([MS-KILE] 3.3.5.7.5): RIGHT_DS_CONTROL_ACCESS with
// 68b1d179-0d15-4d4f-ab71-46152e79a7bc, or for all extended rights at once.
// Make the token with [ForeignToken].
func (d *Descriptor) AllowedToAuthenticate(token []SID) Answer {
	return d.check(token, ControlAccess, AllowedToAuthenticateRight, "Allowed to Authenticate")
}
