package explain

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/directory/backup"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

func TestQuestionsThatCannotBeAnswered(t *testing.T) {
	for name, c := range map[string]struct {
		change change
		ask    Question
		want   string
	}{
		"no address of the family":    {nil, Question{From: "guest", To: "kms01@2001:db8:10::30"}, "guest has 203.0.113.9 and kms01 has 2001:db8:10::30: they have no address of one family"},
		"an address of another":       {nil, Question{From: "guest", To: "kms01@198.18.10.31"}, "198.18.10.31 is no address of kms01, which has 198.18.10.30, 2001:db8:10::30"},
		"outside of the exemption":    {nil, Question{From: "kiosks@198.18.40.200", To: "kms01"}, "198.18.40.200 is not in exemption kiosks, which has 198.18.40.0/25"},
		"no port":                     {nil, Question{From: "kms01", To: "guest"}, "--to guest: name a port, as in --to guest:445"},
		"no UDP port":                 {nil, Question{From: "guest", To: "kms01", Protocol: "udp"}, "name a port"},
		"a port of a ping":            {nil, Question{From: "guest", To: "kms01:1688", Protocol: "icmp"}, "an echo request has no port"},
		"a port of the sender":        {nil, Question{From: "guest:99", To: "kms01"}, "chosen freely"},
		"a port that is none":         {nil, Question{From: "guest", To: "kms01:http"}, `"http" is no port`},
		"a port that is too high":     {nil, Question{From: "guest", To: "kms01:65536"}, `"65536" is no port`},
		"a protocol that is none":     {nil, Question{From: "guest", To: "kms01", Protocol: "gre"}, `protocol "gre": want tcp, udp, icmp`},
		"a profile that is none":      {nil, Question{From: "guest", To: "kms01", Profile: "work"}, `--profile "work": want domain, private, public`},
		"a profile without a host":    {nil, Question{From: "guest", To: "hq1:445", Profile: "public"}, "--profile is that of a KMS host's end"},
		"one machine":                 {nil, Question{From: "kms02", To: "198.18.10.31"}, "are the same machine"},
		"an @ without a name":         {nil, Question{From: "@198.18.1.1", To: "kms01"}, "there is no name before the @"},
		"an @ without an address":     {nil, Question{From: "guest@here", To: "kms01"}, `"here" behind the @ is no address`},
		"a host that has no address":  {func(p *intent.Policy, _ *run.Forest) { p.Hosts[0].Addresses = nil }, Question{From: "guest", To: "kms01"}, "kms01 has no address"},
		"everything and nothing":      {nil, Question{From: "", To: "kms01"}, "it is empty"},
		"an exemption of the network": {func(p *intent.Policy, _ *run.Forest) { exemptAll(p) }, Question{From: "outsider", To: "kms01"}, "name one, as in outsider@203.0.113.9"},
	} {
		t.Run(name, func(t *testing.T) {
			p, f := deployment(), contoso()
			if c.change != nil {
				c.change(p, f)
			}
			got, err := world(t, p, f).Explain(c.ask)
			if err == nil {
				t.Fatalf("answered: %s", got.Outcome.Why.Key())
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("%q is not in: %v", c.want, err)
			}
		})
	}
}

// TestQuestionsAboutNobody asks about who is not there, or is not clear.
func TestQuestionsAboutNobody(t *testing.T) {
	everybody := []string{"outsider", "client", "kms01", "kms02", "hq1", "branch", "lost", "guest", "kiosk", "kms02", "kiosks"}
	for name, c := range map[string]struct {
		change change
		from   string
		want   reason.Reason
	}{
		"a name with a slip": {nil, "gest", reason.New(reason.NameUnknown, "near", "guest")},
		"a name of nobody":   {nil, "zzzzzzz", reason.New(reason.NameUnknown, "names", everybody)},
		"one of many names": {func(p *intent.Policy, _ *run.Forest) {
			for _, name := range []string{"v1", "v2", "v3", "v4"} {
				p.Vantages = append(p.Vantages, intent.Vantage{Name: name, Role: intent.RoleNonDomain})
			}
		}, "zzzzzzz", reason.New(reason.NameUnknown, "names", append(everybody[:10:10], "v1", "v2"), "more", 3)},
		"from a backup":    {backedUp, "pc1", reason.New(reason.NameUndeclared, "names", everybody, "why", reason.Quote("a backup has no accounts of computers"))},
		"a name of two":    {func(_ *intent.Policy, f *run.Forest) { twin(f) }, "pc1", reason.New(reason.AccountsAlike)},
		"no client at all": {func(_ *intent.Policy, f *run.Forest) { f.Domains[0].Containers = nil }, "client", reason.New(reason.NoClientKnown)},
	} {
		t.Run(name, func(t *testing.T) {
			p, f := deployment(), contoso()
			if c.change != nil {
				c.change(p, f)
			}
			_, err := world(t, p, f).Explain(Question{From: c.from, To: "kms01"})
			got := reason.Of(err)
			if len(got) != 1 || !got.Has(c.want.Code) || len(c.want.Args) > 0 && !got[0].Equal(c.want) {
				t.Errorf("%s, want %s", got.Key(), c.want.Key())
			}
		})
	}
}

// twin gives a second computer the plain name of a first.
func twin(f *run.Forest) {
	c := &f.Domains[0].Computers[1]
	c.Names = append(c.Names, "pc1.emea.test")
}

// exemptAll exempts every address that could stand for somebody.
func exemptAll(p *intent.Policy) {
	for _, a := range []netip.Addr{addr("192.0.2.1"), addr("198.51.100.1"), addr("203.0.113.1"), addr("3fff::1"), addr("2001:db8::1")} {
		p.Exemptions = append(p.Exemptions, intent.Exemption{Name: "all", Addresses: []netip.Prefix{netip.PrefixFrom(a, a.BitLen())}})
	}
}

func TestNothingRead(t *testing.T) {
	p := deployment()
	if _, err := New(p, nil, nil); err == nil || !strings.Contains(err.Error(), "no directory is declared") {
		t.Errorf("without a directory: %v", err)
	}
	p.Forests = []intent.Forest{{Name: "contoso.test", Directory: intent.Directory{FileSource: intent.FileSourceAt(backup.Entry.Kind, "b")}}}
	read := []run.Observation{{Need: run.Need{Spec: run.Spec{Probe: run.ProbeDirectory, Param: "contoso.test"}}, Trouble: reason.List{reason.Quote("the folder is empty")}}}
	_, err := New(p, read, nil)
	if got := reason.Of(err); !got.Has(reason.NoDirectoryRead) || !got.Names(reason.Quoted) {
		t.Errorf("with one that could not be read: %v", err)
	}
}

// The other addresses of a host are asked about as well.
func TestOtherAddresses(t *testing.T) {
	p, f := deployment(), contoso()
	replace("EP2_6=2001:db8:10::30|", "")(p, f)
	got, err := world(t, p, f).Explain(Question{From: "outsider", To: "kms01"})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Others) != 1 || got.Others[0].Address != addr("2001:db8:10::30") || got.Others[0].Outcome.Verdict != run.OutcomeClear {
		t.Errorf("%+v", got.Others)
	}
}

func TestSplit(t *testing.T) {
	for text, want := range map[string]struct {
		name, addr string
		port       uint16
	}{
		"kms01":                            {"kms01", "", 0},
		"kms01:1688":                       {"kms01", "", 1688},
		"198.18.10.30":                     {"198.18.10.30", "", 0},
		"198.18.10.30:445":                 {"198.18.10.30", "", 445},
		"2001:db8:10::30":                  {"2001:db8:10::30", "", 0},
		"[2001:db8:10::30]:445":            {"2001:db8:10::30", "", 445},
		"[2001:db8:10::30]":                {"2001:db8:10::30", "", 0},
		"kms01@2001:db8:10::30":            {"kms01", "2001:db8:10::30", 0},
		"kms01@[2001:db8:10::30]:445":      {"kms01", "2001:db8:10::30", 445},
		"pc1.contoso.test@198.18.20.9:445": {"pc1.contoso.test", "198.18.20.9", 445},
		"outsider@::ffff:203.0.113.9":      {"outsider", "203.0.113.9", 0},
	} {
		name, a, port, err := split(text)
		if err != nil || name != want.name || port != want.port || a.IsValid() != (want.addr != "") || a.IsValid() && a.String() != want.addr {
			t.Errorf("%s is %q %v %d, %v", text, name, a, port, err)
		}
	}
}

// What a run learned of its vantages counts where the policy declares nothing.
func TestAddressesOfARun(t *testing.T) {
	p, f := deployment(), contoso()
	x := world(t, p, f)
	x.vantages["lost"] = &run.Vantage{Name: "lost", Addresses: []netip.Addr{addr("fe80::1"), addr("127.0.0.1"), addr("198.18.20.44")}}
	got, err := x.Explain(Question{From: "lost", To: "kms01"})
	if err != nil {
		t.Fatal(err)
	}
	if got.From.Address != addr("198.18.20.44") || got.From.StandIn {
		t.Errorf("at %s", got.From.Address)
	}
}
