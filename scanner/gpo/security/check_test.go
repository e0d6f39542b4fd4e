package security

import (
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

const (
	home = SID("S-1-5-21-1-2-3")
	root = SID("S-1-5-21-7-8-9")
	// What a new GPO has ([MS-ADSC], class groupPolicyContainer), as GPMC makes
	// it: Authenticated Users read and apply.
	usual     = "O:DAG:DAD:PAI(OA;CI;CR;edacfd8f-ffb3-11d1-b41d-00a0c968f939;;AU)" + withoutAU + "(A;CI;LCRPLORC;;;AU)"
	withoutAU = "(A;CI;CCDCLCSWRPWPDTLOSDRCWDWO;;;DA)(A;CI;CCDCLCSWRPWPDTLOSDRCWDWO;;;S-1-5-21-7-8-9-519)" +
		"(A;CI;LCRPLORC;;;ED)(A;CI;CCDCLCSWRPWPDTLOSDRCWDWO;;;SY)(A;CIIO;CCDCLCSWRPWPDTLOSDRCWDWO;;;CO)"
	paperDeny = "(OD;CI;CR;edacfd8f-ffb3-11d1-b41d-00a0c968f939;;ED)"
	group     = "S-1-5-21-1-2-3-1105"
	apply     = ";edacfd8f-ffb3-11d1-b41d-00a0c968f939;;"
)

func deny(ace string) string { return strings.Replace(usual, "D:PAI", "D:PAI"+ace, 1) }

var (
	client     = run.Machine{PrimaryGroup: RIDComputers}
	inGroup    = run.Machine{PrimaryGroup: RIDComputers, Groups: []string{group}}
	writable   = run.Machine{PrimaryGroup: RIDControllers, Controller: true}
	readOnly   = run.Machine{PrimaryGroup: RIDReadOnlyControllers, ReadOnly: true}
	unreadOnly = run.Machine{ReadOnly: true} // primary group not read
)

func TestFilter(t *testing.T) {
	for name, c := range map[string]struct {
		sddl        string
		m           run.Machine
		read, apply tri.State
		by          string // the entry that decides about Apply, as SDDL of the home domain
	}{
		"a new GPO reaches a client":                       {usual, client, tri.Yes, tri.Yes, "(OA;CI;CR" + apply + "AU)"},
		"a new GPO reaches a controller":                   {usual, writable, tri.Yes, tri.Yes, "(OA;CI;CR" + apply + "AU)"},
		"the paper's deny leaves the client alone":         {deny(paperDeny), client, tri.Yes, tri.Yes, "(OA;CI;CR" + apply + "AU)"},
		"the paper's deny keeps it from a controller":      {deny(paperDeny), writable, tri.Yes, tri.No, paperDeny},
		"the paper's deny does not reach an RODC":          {deny(paperDeny), readOnly, tri.Yes, tri.Yes, "(OA;CI;CR" + apply + "AU)"},
		"deny of every extended right":                     {deny("(D;CI;CR;;;ED)"), writable, tri.Yes, tri.No, "(D;CI;CR;;;ED)"},
		"deny without an object type":                      {deny("(OD;CI;CR;;;ED)"), writable, tri.Yes, tri.No, "(OD;CI;CR;;;ED)"},
		"deny of more than the right":                      {deny("(D;CI;CRRP;;;ED)"), writable, tri.No, tri.No, "(D;CI;RPCR;;;ED)"},
		"deny by generic all":                              {deny("(D;CI;GA;;;ED)"), writable, tri.No, tri.No, "(D;CI;GA;;;ED)"},
		"deny of another extended right":                   {deny("(OD;CI;CR;68b1d179-0d15-4d4f-ab71-46152e79a7bc;;ED)"), writable, tri.Yes, tri.Yes, "(OA;CI;CR" + apply + "AU)"},
		"deny for children only":                           {deny("(OD;CIIO;CR" + apply + "ED)"), writable, tri.Yes, tri.Yes, "(OA;CI;CR" + apply + "AU)"},
		"deny for Domain Controllers keeps it from a DC":   {deny("(OD;CI;CR" + apply + "DD)"), writable, tri.Yes, tri.No, "(OD;CI;CR" + apply + "DD)"},
		"deny for Domain Controllers does not reach RODCs": {deny("(OD;CI;CR" + apply + "DD)"), readOnly, tri.Yes, tri.Yes, "(OA;CI;CR" + apply + "AU)"},
		"deny for the RODCs of the domain":                 {deny("(OD;CI;CR" + apply + "S-1-5-21-1-2-3-521)"), readOnly, tri.Yes, tri.No, "(OD;CI;CR" + apply + "S-1-5-21-1-2-3-521)"},
		"deny for them, primary group not read":            {deny("(OD;CI;CR" + apply + "S-1-5-21-1-2-3-521)"), unreadOnly, tri.Yes, tri.No, "(OD;CI;CR" + apply + "S-1-5-21-1-2-3-521)"},
		"deny for the RODCs of the forest":                 {deny("(OD;CI;CR" + apply + "S-1-5-21-7-8-9-498)"), readOnly, tri.Yes, tri.No, "(OD;CI;CR" + apply + "S-1-5-21-7-8-9-498)"},
		"deny for Enterprise RODCs of the wrong domain":    {deny("(OD;CI;CR" + apply + "S-1-5-21-1-2-3-498)"), readOnly, tri.Yes, tri.Yes, "(OA;CI;CR" + apply + "AU)"},
		"AU replaced by a group, not in it":                {"D:PAI" + withoutAU + "(OA;CI;CR" + apply + group + ")(A;CI;LCRPLORC;;;" + group + ")", client, tri.No, tri.No, ""},
		"AU replaced by a group, in it":                    {"D:PAI" + withoutAU + "(OA;CI;CR" + apply + group + ")(A;CI;LCRPLORC;;;" + group + ")", inGroup, tri.Yes, tri.Yes, "(OA;CI;CR" + apply + group + ")"},
		"apply without read":                               {"D:PAI" + withoutAU + "(OA;CI;CR" + apply + group + ")", inGroup, tri.No, tri.Yes, "(OA;CI;CR" + apply + group + ")"},
		"read without apply":                               {"D:PAI" + withoutAU + "(A;CI;LCRPLORC;;;AU)", client, tri.Yes, tri.No, ""},
		"read of properties without the descriptor":        {"D:(A;;RP;;;AU)", client, tri.No, tri.No, ""},
		"not canonical: an earlier allow wins":             {usual + paperDeny, writable, tri.Yes, tri.Yes, "(OA;CI;CR" + apply + "AU)"},
		"inherited deny after an allow of its own":         {"D:AI(A;;CRGR;;;AU)(OD;CIID;CR" + apply + "ED)", writable, tri.Yes, tri.Yes, "(A;;CRGR;;;AU)"},
		"generic read is read":                             {"D:(A;;GR;;;AU)", client, tri.Yes, tri.No, ""},
		"full control of everything":                       {"D:(A;;GA;;;WD)", client, tri.Yes, tri.Yes, "(A;;GA;;;WD)"},
		"a NULL DACL":                                      {"O:DAD:NO_ACCESS_CONTROL", client, tri.Yes, tri.Yes, ""},
		"an empty DACL":                                    {"O:DAD:P", client, tri.No, tri.No, ""},
		"no DACL was read":                                 {"O:DA", client, tri.Unknown, tri.Unknown, ""},
		"only audit":                                       {"D:(AU;SA;GA;;;WD)", client, tri.No, tri.No, ""},
		"allowed under a condition":                        {"D:(XA;;CRGR;;;AU;(@USER.x == 1))", client, tri.Unknown, tri.Unknown, "(XA;;CRGR;;;AU;(@USER.x == 1))"},
		"a condition that decides nothing":                 {"D:(XA;;CRGR;;;AU;(@USER.x == 1))(A;;CRGR;;;WD)", client, tri.Yes, tri.Yes, "(A;;CRGR;;;WD)"},
		"denied under a condition":                         {deny("(XD;;CR;;;ED;(@USER.x == 1))"), writable, tri.Yes, tri.Unknown, "(XD;;CR;;;ED;(@USER.x == 1))"},
		"denied under a condition, and without":            {deny("(XD;;CR;;;ED;(@USER.x == 1))(D;;CR;;;ED)"), writable, tri.Yes, tri.No, "(D;;CR;;;ED)"},
		"the condition is for others":                      {deny("(XD;;CR;;;ED;(@USER.x == 1))"), client, tri.Yes, tri.Yes, "(OA;CI;CR" + apply + "AU)"},
		"conditional object entry":                         {"D:(A;;GR;;;AU)(ZA;;CR" + apply + "AU;(@USER.x == 1))", client, tri.Yes, tri.Unknown, "(ZA;;CR" + apply + "AU;(@USER.x == 1))"},
		"an entry of an unknown type before":               {"D:(0x42;;;;;;(#0011))(A;;GA;;;AU)", client, tri.Unknown, tri.Unknown, "(0x42;;;;;;(#0011))"},
		"an entry of an unknown type after":                {"D:(A;;GA;;;AU)(0x42;;;;;;(#0011))", client, tri.Yes, tri.Yes, "(A;;GA;;;AU)"},
		"one property denied":                              {"D:(OD;;RP;bf967aa5-0de6-11d0-a285-00aa003049e2;;AU)(A;;GRCR;;;AU)", client, tri.Unknown, tri.Yes, "(A;;CRGR;;;AU)"},
		"one property allowed":                             {"D:(A;;RC;;;AU)(OA;;RP;bf967aa5-0de6-11d0-a285-00aa003049e2;;AU)", client, tri.Unknown, tri.No, ""},
		"one property allowed, then all":                   {"D:(OA;;RP;bf967aa5-0de6-11d0-a285-00aa003049e2;;AU)(A;;GRCR;;;AU)", client, tri.Yes, tri.Yes, "(A;;CRGR;;;AU)"},
		"one property denied, then all":                    {"D:(OD;;RP;bf967aa5-0de6-11d0-a285-00aa003049e2;;AU)(D;;GRCR;;;AU)", client, tri.No, tri.No, "(D;;CRGR;;;AU)"},
		"one property denied too late":                     {"D:(A;;GRCR;;;AU)(OD;;RP;bf967aa5-0de6-11d0-a285-00aa003049e2;;AU)", client, tri.Yes, tri.Yes, "(A;;CRGR;;;AU)"},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := ParseSDDL(c.sddl, home)
			if err != nil {
				t.Fatal(err)
			}
			token := Token(c.m, home, root)
			if a := d.ReadGPC(token); a.Granted != c.read {
				t.Errorf("read: %s, not %s: %s", a.Granted, c.read, a.Why.Key())
			}
			a := d.ApplyGroupPolicy(token)
			by := ""
			if a.ACE != nil {
				by = a.ACE.SDDL(home)
			}
			if a.Granted != c.apply || by != c.by {
				t.Errorf("apply: %s by %q, not %s by %q: %s", a.Granted, by, c.apply, c.by, a.Why.Key())
			}
		})
	}
}

func TestTrustees(t *testing.T) {
	d, err := ParseSDDL("O:SYD:(A;;RP;;;AU)(0x42;;;;;;(#00))(OD;CIIO;CR;;;ED)(A;;WP;;;AU)S:(AU;SA;RP;;;WD)", home)
	if err != nil {
		t.Fatal(err)
	}
	if got := d.Trustees(); len(got) != 2 || got[0] != AuthenticatedUsers || got[1] != EnterpriseControllers {
		t.Error(got)
	}
	if got := (&Descriptor{}).Trustees(); got != nil {
		t.Error(got)
	}
}

func TestCheck(t *testing.T) {
	for name, c := range map[string]struct {
		sddl string
		mask uint32
		want tri.State
		why  reason.Code
		by   string // the trustee, where one is named
	}{
		"rights from two entries":              {"D:(A;;RP;;;AU)(A;;WP;;;WD)", 0x30, tri.Yes, reason.ACEGrants, "Everyone (S-1-1-0)"},
		"one of two rights":                    {"D:(A;;RP;;;AU)", 0x30, tri.No, reason.DACLSilent, ""},
		"one of two rights denied":             {"D:(A;;RP;;;AU)(D;;WP;;;AU)(A;;WP;;;WD)", 0x30, tri.No, reason.ACEDenies, "Authenticated Users (S-1-5-11)"},
		"generic rights asked":                 {"D:(A;;RPLCLORC;;;AU)", GenericRead, tri.Yes, reason.ACEGrants, "Authenticated Users (S-1-5-11)"},
		"the owner reads the descriptor":       {"O:AUD:(A;;RP;;;SY)", ReadControl | WriteDAC, tri.Yes, reason.DACLOwner, ""},
		"the owner although denied":            {"O:AUD:(D;;RC;;;AU)", ReadControl, tri.Yes, reason.DACLOwner, ""},
		"the owner and a list without entries": {"O:AUD:", ReadControl, tri.Yes, reason.DACLOwner, ""},
		"a list without entries":               {"O:SYD:", ReadControl, tri.No, reason.DACLEmpty, ""},
		"the owner and another right":          {"O:AUD:(A;;RP;;;SY)", ReadControl | 0x10, tri.No, reason.DACLSilent, ""},
		"what owners may is written":           {"O:AUD:(A;;RP;;;OW)", ReadControl, tri.No, reason.DACLSilent, ""},
		"what owners may, for children only":   {"O:AUD:(A;IO;RP;;;OW)", ReadControl, tri.Yes, reason.DACLOwner, ""},
		"what owners may, and it suffices":     {"O:AUD:(A;;RC;;;OW)", ReadControl, tri.Yes, reason.ACEGrants, "OWNER RIGHTS (S-1-3-4)"},
		"owner rights are not for others":      {"O:SYD:(A;;RC;;;OW)", ReadControl, tri.No, reason.DACLSilent, ""},
		"an object entry for the whole":        {"D:(OA;;RP;;;AU)", 0x10, tri.Yes, reason.ACEGrants, "Authenticated Users (S-1-5-11)"},
		"an object entry for a part":           {"D:(OA;;RP;edacfd8f-ffb3-11d1-b41d-00a0c968f939;;AU)", 0x10, tri.No, reason.DACLSilent, ""},
		"a child class does not matter":        {"D:(OA;;RP;;edacfd8f-ffb3-11d1-b41d-00a0c968f939;AU)", 0x10, tri.Yes, reason.ACEGrants, "Authenticated Users (S-1-5-11)"},
		"open by a condition":                  {"D:(XA;;RP;;;AU;(#00))", 0x10, tri.Unknown, reason.ACEConditionalGrant, "Authenticated Users (S-1-5-11)"},
		"closed by a condition":                {"D:(XD;;RP;;;AU;(#00))(A;;RP;;;AU)", 0x10, tri.Unknown, reason.ACEConditionalDeny, "Authenticated Users (S-1-5-11)"},
		"a condition on half of it":            {"D:(XA;;RP;;;AU;(#00))", 0x30, tri.No, reason.DACLSilent, ""},
		"a kind nobody knows":                  {"D:(0x04;;;;;;(#00))", 0x10, tri.Unknown, reason.ACEUnknown, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := ParseSDDL(c.sddl, home)
			if err != nil {
				t.Fatal(err)
			}
			a := d.check(Token(client, home, root), c.mask, GUID{}, "what is asked")
			if a.Granted != c.want || !a.Why.Has(c.why) || c.by != "" && a.Why[0].Word("trustee") != c.by {
				t.Errorf("%s: %s\nis not %s: %s by %s", a.Granted, a.Why.Key(), c.want, c.why, c.by)
			}
		})
	}
	d, err := ParseSDDL(usual, home)
	if err != nil {
		t.Fatal(err)
	}
	a := d.AllowedToAuthenticate(Token(client, home, root))
	if !a.Why.Equal(reason.One(reason.DACLSilent, "right", "Allowed to Authenticate")) {
		t.Error(a.Why.Key())
	}
	for sddl, code := range map[string]reason.Code{
		"O:DA": reason.DACLUnread, "O:DAD:NO_ACCESS_CONTROL": reason.DACLNull,
		"D:(OD;;RP;bf967aa5-0de6-11d0-a285-00aa003049e2;;AU)(A;;GRCR;;;AU)": reason.ACEOfPart,
	} {
		d, err := ParseSDDL(sddl, home)
		if err != nil {
			t.Fatal(err)
		}
		if a := d.ReadGPC(Token(client, home, root)); !a.Why.Has(code) {
			t.Errorf("%s: %s, want %s", sddl, a.Why.Key(), code)
		}
	}
}

// BenchmarkFilter is what coverage asks of each GPO and each group of accounts.
func BenchmarkFilter(b *testing.B) {
	d, err := ParseSDDL(deny(paperDeny), home)
	if err != nil {
		b.Fatal(err)
	}
	token := Token(inGroup, home, root)
	for b.Loop() {
		if d.ReadGPC(token).Granted != tri.Yes || d.ApplyGroupPolicy(token).Granted != tri.Yes {
			b.Fatal("not granted")
		}
	}
}
