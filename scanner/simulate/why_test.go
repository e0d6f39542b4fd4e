package simulate

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/rsop"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// told is a world by the lines of a table: "who: rule".
func told(t *testing.T, lines ...string) *world {
	t.Helper()
	w := newWorld()
	for _, l := range append([]string{"both: require EP2=hosts Profile=Domain"}, lines...) {
		who, what, _ := strings.Cut(l, ": ")
		w.take(t, who, what)
	}
	return w
}

// TestWhyTheEndsDoNotAgree has each reason why IPsec does not come about, or may
// not.
func TestWhyTheEndsDoNotAgree(t *testing.T) {
	bare := func(lines ...string) *world { w := told(t, lines...); w.hosts, w.members = nil, nil; return w }
	tell := func(w *world, lines ...string) *world {
		for _, l := range lines {
			who, what, _ := strings.Cut(l, ": ")
			w.take(t, who, what)
		}
		return w
	}
	selective := told(t, "that: contoso trusts fabrikam")
	selective.forests[0].Domains[0].Trusts[0].Attributes |= rsop.TrustSelective
	unread := told(t)
	unread.forests[0].Problems = []run.Problem{{Aspect: run.AspectTrusts, Where: "DC=contoso,DC=test", Why: reason.List{reason.Quote("no answer")}}}
	certificates := []string{"client: require EP2=hosts Profile=Domain Auth1Set={A}", "client: auth {A} MachineCert", "host: require EP2=hosts Profile=Domain"}
	user := []string{"host: require EP2=hosts Profile=Domain Auth2Set={U}", "host: user {U} UserKerb"}
	for code, c := range map[reason.Code]struct {
		w    *world
		from string
	}{
		reason.MethodsDisagree:     {tell(bare(), certificates...), "client"},
		reason.MethodsNotInRules:   {tell(bare(), "both: require EP2=hosts Profile=Domain Auth1Set={A}", "both: auth {A} MachineCert"), "client"},
		reason.ProposalsDisagree:   {tell(bare(), "host: require EP2=hosts Profile=Domain", "client: require EP2=hosts Profile=Domain Crypto2Set={Q}", "client: quick {Q} ESP SHA1 AES-256"), "client"},
		reason.UserMethodsDisagree: {tell(bare(), append(user, "client: require EP2=hosts Profile=Domain")...), "client"},
		reason.UserNeeded:          {tell(bare(), append(user, "client: require EP2=hosts Profile=Domain Auth2Set={U}", "client: user {U} UserKerb")...), "client"},
		reason.PeersLimited:        {tell(bare(), "host: require EP2=hosts Profile=Domain TransportMachineAuthzSDDL=O:LSD:(A;;CC;;;S-1-5-21-1-2-3-1200)", "client: require EP2=hosts Profile=Domain"), "client"},
		reason.IKEv2Certificates:   {tell(bare(), "both: require EP2=hosts Profile=Domain KeyMod=IkeV2"), "client"},
		reason.EncryptionDemanded:  {tell(bare(), "both: request EP2=hosts Profile=Domain", "host: firewall", "host: allow Dir=In Protocol=6 LPort=1688 Security=AuthenticateEncrypt"), "client"},
		reason.TrustMissing:        {told(t), "partner"},
		reason.TrustSelective:      {selective, "partner"},
		reason.TrustUnread:         {unread, "partner"},
	} {
		if out := c.w.ask(t, c.from+" -> host tcp 1688"); !out.Why.Names(code) {
			t.Errorf("%s because %s; want %s", out.Verdict, out.Why.Key(), code)
		}
	}
	s := told(t).simulator()
	at := func(domain string) At { return At{Endpoint: &Endpoint{Domain: domain}} }
	if _, why := s.kerberos(at("contoso.test"), at("nowhere.test")); !why.Has(reason.TrustUnknown) {
		t.Errorf("of a domain that was not read: %s", why.Key())
	}
	s.directory = nil
	if _, why := s.kerberos(at("contoso.test"), at("contoso.test")); !why.Has(reason.NoDirectoryOfTrusts) {
		t.Errorf("without a directory: %s", why.Key())
	}
}

// TestWhyNothingIsKnownOfAnEnd has each reason why no Group Policy comes to an end,
// why it is not known what does, and what is taken for granted.
func TestWhyNothingIsKnownOfAnEnd(t *testing.T) {
	s := told(t).simulator()
	vantage := func(s *Simulator, name string) *Endpoint { v, _ := s.policy.Vantage(name); return s.Vantage(v) }
	nowhere := New(s.policy, nil, nil, nil)
	lost := intent.Vantage{Name: "gone", Role: intent.RoleKMSHost}
	exemption := s.Exemption(intent.Exemption{Name: "lab", Addresses: []netip.Prefix{netip.MustParsePrefix("198.18.70.0/24")}})
	old := told(t)
	old.fact(t, "host runs Windows Server 2003 5.2 (3790)")
	export := forest("contoso.test", "")
	export.Kind, export.Lost = run.SourceRegistry, map[run.Aspect]reason.List{run.AspectComputers: {reason.Quote("an export has none")}}
	export.Domains, export.Machines = nil, []run.MachinePolicy{{Name: "host.reg"}}
	backup := told(t)
	backup.forests[0].Domains[0].Accounts = nil
	backup.forests[0].Kind, backup.forests[0].Lost = run.SourceBackup, map[run.Aspect]reason.List{run.AspectComputers: {reason.Quote("a backup has none")}}
	deployed := func(f *run.Forest) *Simulator {
		return New(s.policy, rsop.Deploy(s.policy, func(name string) *run.Observation {
			if name != f.Name {
				return nil
			}
			return &run.Observation{Forest: f}
		}), nil, nil)
	}
	for code, e := range map[reason.Code]*Endpoint{
		reason.DirectoryNotDeclared:  vantage(nowhere, "client"),
		reason.MemberOfNothing:       Outsider("x"),
		reason.DeclaredStranger:      vantage(s, "guest"),
		reason.NoPolicyComes:         exemption,
		reason.TakenForExempt:        exemption,
		reason.NoAccountFound:        vantage(s, "kiosk"),
		reason.TakenForExemptVantage: vantage(s, "kiosk"),
		reason.MemberWithoutAccount:  vantage(s, "lost"),
		reason.NameWithoutAccount:    s.Vantage(lost),
		reason.HostWithoutRules:      old.simulator().Host(s.policy.Hosts[0]),
		reason.TakenForExport:        deployed(export).Host(s.policy.Hosts[0]),
		reason.TakenAsDeclared:       backup.simulator().Host(s.policy.Hosts[0]),
	} {
		if all := append(append(e.Nothing, e.Unknown...), e.Premise...); !all.Names(code) {
			t.Errorf("%s: %s; want %s", e.Name, all.Key(), code)
		}
	}
	if _, err := s.AnyClient("client"); !reason.Of(err).Has(reason.NoClientKnown) {
		t.Errorf("no client: %v", err)
	}
	if _, err := New(&intent.Policy{}, s.directory, nil, nil).AnyClient("client"); !reason.Of(err).Names(reason.NoIsolationRead) {
		t.Errorf("no isolation: %v", err)
	}
	listed := told(t)
	d := &listed.forests[0].Domains[0]
	d.Computers = []run.Computers{{Machine: listed.account(t, "client").Machine, Names: []string{"client.contoso.test"}}}
	if e, err := listed.simulator().AnyClient("client"); err != nil || !e.Premise.Has(reason.TakenForOneSuch) {
		t.Errorf("a client: %v, %v", e, err)
	}
}
