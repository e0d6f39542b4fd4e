package rsop

import (
	"slices"

	"github.com/kmsiso/kmsiso/scanner/gpo/security"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

// security asks the GPO's security descriptor: Read first, then Apply.
func (o *Outcome) security(e *Directories, s Subject) {
	if o.GPO.Security == "" {
		o.set(tri.Unknown, reason.PermissionsUnread)
		return
	}
	d := e.descriptor(o.GPO.Security)
	if d.err != nil {
		o.set(tri.Unknown, reason.DescriptorUnreadable, "why", reason.Of(d.err))
		return
	}
	key := admission{descriptor: d.read, of: o.Domain, domain: s.Domain, readOnly: s.ReadOnly}
	token := e.Token(s)
	for i, t := range d.trustees {
		if slices.ContainsFunc(token, t.Equal) {
			key.has |= 1 << i
		}
	}
	admit := func() { o.admit(e, s, d.read, token) }
	if len(d.trustees) > 64 {
		admit()
		return
	}
	remember(o, &e.admitted, key, admit)
}

// admit asks a descriptor.
func (o *Outcome) admit(e *Directories, s Subject, d *security.Descriptor, token []security.SID) {
	for _, ask := range []struct {
		what string
		of   func([]security.SID) security.Answer
	}{
		{"Read", d.ReadGPC},
		{"Apply Group Policy", d.ApplyGroupPolicy},
	} {
		a := ask.of(token)
		group, why := e.undecided(s, d, token, a, ask.of)
		switch {
		case group != "":
			o.set(tri.Unknown, reason.PermissionByGroup, "right", ask.what, "group", group.Name(security.SID(e.sid(o.Domain))), "why", why)
		case a.Granted == tri.Yes:
			continue
		case a.Granted == tri.Unknown:
			o.set(tri.Unknown, reason.PermissionUnknown, "right", ask.what, "why", a.Why)
		case a.ACE != nil:
			o.set(tri.No, reason.PermissionDenied, "right", ask.what, "group", a.ACE.Trustee.Name(security.SID(e.sid(o.Domain))))
		default:
			o.set(tri.No, reason.PermissionNotGranted, "right", ask.what)
		}
		return
	}
}

// undecided finds a group that the machine may be in, which is not known, and on
// which an answer depends; with the reason why it is not known.
func (e *Directories) undecided(s Subject, d *security.Descriptor, token []security.SID, a security.Answer, ask func([]security.SID) security.Answer) (security.SID, reason.List) {
	for _, t := range d.Trustees() {
		why := e.unknownMember(s, t)
		if len(why) == 0 || slices.ContainsFunc(token, t.Equal) {
			continue
		}
		if ask(append(slices.Clip(token), t)).Granted != a.Granted {
			return t, why
		}
	}
	return "", nil
}

// unknownMember says why it is not known whether a machine is in a group; none
// where it is known.
func (e *Directories) unknownMember(s Subject, group security.SID) reason.List {
	const firstOwn = 1000 // relative ids below are those that every domain has
	domain, rid, ok := group.Domain()
	builtin := domain == "S-1-5-32"
	switch {
	case !ok || !builtin && len(domain) < len("S-1-5-21-"):
		return nil // a name for everybody of a kind, and the kind is known
	case s.ReadOnly && rid == security.RIDEnterpriseReadOnlyControllers && e.root(s.Domain) == "":
		return reason.One(reason.RootDomainUnread)
	case !builtin && e.sid(s.Domain) == "" && (rid == security.RIDComputers || rid == security.RIDControllers || rid == security.RIDReadOnlyControllers):
		return reason.One(reason.DomainSIDUnread, "domain", s.Domain)
	case builtin || rid >= firstOwn:
		return e.Lost(s.Domain, run.AspectComputers)
	}
	return nil
}

func (e *Directories) sid(domain string) string {
	if d := e.Domain(domain); d != nil {
		return d.SID
	}
	return ""
}

// root is the SID of the root domain of a domain's forest, "" where it is not
// known.
func (e *Directories) root(domain string) string {
	if f := e.Forest(domain); f != nil {
		return e.sid(f.Name)
	}
	return ""
}

// Token is the list of SIDs that the machine's access token has, as far as
// Group Policy looks at it.
func (e *Directories) Token(s Subject) []security.SID {
	if s.token != nil {
		return s.token
	}
	var own []security.SID
	if s.SID != "" {
		own = append(own, security.SID(s.SID))
	}
	return security.Token(s.Machine, security.SID(e.sid(s.Domain)), security.SID(e.root(s.Domain)), own...)
}
