package security

import (
	"slices"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

func TestToken(t *testing.T) {
	base := []SID{Everyone, Network, AuthenticatedUsers, ThisOrganization}
	for name, c := range map[string]struct {
		m            run.Machine
		domain, root SID
		own          []SID
		want         []SID
	}{
		"a client":                     {client, home, root, nil, []SID{home.Child(515)}},
		"in a group":                   {inGroup, home, root, nil, []SID{home.Child(515), group}},
		"with its own SID":             {client, home, root, []SID{home.Child(1107)}, []SID{home.Child(515), home.Child(1107)}},
		"a group told twice":           {run.Machine{PrimaryGroup: 515, Groups: []string{"s-1-5-21-1-2-3-515", group, group}}, home, root, nil, []SID{home.Child(515), group}},
		"another primary group":        {run.Machine{PrimaryGroup: 1110}, home, root, nil, []SID{home.Child(1110)}},
		"no primary group read":        {run.Machine{}, home, root, nil, []SID{home.Child(515)}},
		"a controller":                 {writable, home, root, nil, []SID{EnterpriseControllers, home.Child(516)}},
		"a controller, nothing read":   {run.Machine{Controller: true}, home, root, nil, []SID{EnterpriseControllers, home.Child(516)}},
		"a read-only one":              {readOnly, home, root, nil, []SID{root.Child(498), home.Child(521)}},
		"a read-only one, said twice":  {run.Machine{Controller: true, ReadOnly: true}, home, root, nil, []SID{root.Child(498), home.Child(521)}},
		"the domain is not known":      {client, "", "", nil, nil},
		"a read-only one, root unread": {readOnly, home, "", nil, []SID{home.Child(521)}},
	} {
		if got := Token(c.m, c.domain, c.root, c.own...); !slices.Equal(got, slices.Concat(base, c.want)) {
			t.Errorf("%s: %v is not %v and %v", name, got, base, c.want)
		}
	}
	foreign := ForeignToken(writable, home, home.Child(1000))
	if want := []SID{Everyone, Network, AuthenticatedUsers, OtherOrganization, home.Child(516), home.Child(1000)}; !slices.Equal(foreign, want) {
		t.Errorf("beyond a trust: %v", foreign)
	}
}

func TestAllowedToAuthenticate(t *testing.T) {
	const right = "68b1d179-0d15-4d4f-ab71-46152e79a7bc"
	for name, c := range map[string]struct {
		sddl string
		want tri.State
	}{
		"a computer as it is made":    {"O:DAD:(A;;RPWPCRCCDCLCLORCWOWDSDDTSW;;;SY)(A;;RPLCLORC;;;AU)(OA;;CR;ab721a53-1e2f-11d0-9819-00aa0040529b;;WD)", tri.No},
		"allowed for that group":      {"D:(A;;RPLCLORC;;;AU)(OA;;CR;" + right + ";;S-1-5-21-1-2-3-515)", tri.Yes},
		"allowed for another group":   {"D:(OA;;CR;" + right + ";;S-1-5-21-7-8-9-515)", tri.No},
		"allowed for everybody there": {"D:(OA;;CR;" + right + ";;S-1-5-1000)", tri.Yes},
		"allowed inside only":         {"D:(OA;;CR;" + right + ";;S-1-5-15)", tri.No},
		"full control":                {"D:(A;;GA;;;AU)", tri.Yes},
		"denied first":                {"D:(OD;;CR;" + right + ";;S-1-5-21-1-2-3-515)(A;;GA;;;AU)", tri.No},
	} {
		d, err := ParseSDDL(c.sddl, root)
		if err != nil {
			t.Fatal(err)
		}
		if a := d.AllowedToAuthenticate(ForeignToken(client, home)); a.Granted != c.want {
			t.Errorf("%s: %s: %s", name, a.Granted, a.Why.Key())
		}
	}
}
