package security

import (
	"slices"

	"github.com/kmsiso/kmsiso/scanner/run"
)

// Token is the SIDs in the token of a computer as far as security filtering
// looks at them, inside its own forest: Everyone, NETWORK, Authenticated Users,
// This Organization, its primary group and its other groups. A writable domain
// controller has S-1-5-9 as well, and only that: a read-only one has the group
// 498 of the root domain instead ([MS-PAC] 4.1.2.1), so that a deny for
// ENTERPRISE DOMAIN CONTROLLERS does not reach it. domain and root may be
// empty; the groups relative to them are then missing. own is the computer's
// own SID, where it is known.
//
// Groups of BUILTIN are in it only where m.Groups lists them: what a local
// group of that name contains is up to each machine.
func Token(m run.Machine, domain, root SID, own ...SID) []SID {
	t := []SID{Everyone, Network, AuthenticatedUsers, ThisOrganization}
	if m.Controller && !m.ReadOnly {
		t = append(t, EnterpriseControllers)
	}
	if m.ReadOnly && root != "" {
		t = append(t, root.Child(RIDEnterpriseReadOnlyControllers))
	}
	return append(t, accounts(m, domain, own)...)
}

// ForeignToken is the SIDs of the same computer in another forest that trusts
// its forest selectively: Other Organization in place of This Organization
// ([MS-KILE] 3.3.5.7.5), and nothing of what filtering at the trust takes away
// ([MS-PAC] 4.1.2.2), such as S-1-5-9.
func ForeignToken(m run.Machine, domain SID, own ...SID) []SID {
	return append([]SID{Everyone, Network, AuthenticatedUsers, OtherOrganization}, accounts(m, domain, own)...)
}

// accounts are the primary group, the groups and the account itself.
func accounts(m run.Machine, domain SID, own []SID) []SID {
	var t []SID
	if g := domain.Child(primaryGroup(m)); g != "" {
		t = append(t, g)
	}
	for _, g := range m.Groups {
		if s, err := ParseSID(g); err == nil && !slices.Contains(t, s) {
			t = append(t, s)
		}
	}
	for _, s := range own {
		if s != "" {
			t = append(t, s)
		}
	}
	return t
}

// primaryGroup is that of the account, or where it was not read the one that
// such accounts have.
func primaryGroup(m run.Machine) uint32 {
	switch {
	case m.PrimaryGroup != 0:
		return m.PrimaryGroup
	case m.ReadOnly:
		return RIDReadOnlyControllers
	case m.Controller:
		return RIDControllers
	}
	return RIDComputers
}
