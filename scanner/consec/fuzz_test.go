package consec

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/run"
)

// FuzzRule: no rule string makes the parser or the effect panic, a rule that
// was read reads the same again from its tokens, and every effect has a reason.
func FuzzRule(f *testing.F) {
	f.Add(paper)
	f.Add(exempting)
	f.Fuzz(func(t *testing.T, value string) {
		r, err := Parse(value)
		if err == nil {
			fields := []string{"v" + r.Version.String()}
			for tok := range r.Tokens() {
				fields = append(fields, tok.Name+"="+tok.Value)
			}
			again, err := Parse(strings.Join(fields, "|") + "|")
			if err != nil || again.Action != r.Action || len(again.EP1.Ranges) != len(r.EP1.Ranges) {
				t.Fatalf("read again: %+v, %v", again, err)
			}
		}
		p, err := FromRegistry([]run.RegistryValue{{Key: base + `\ConSecRules`, Name: "{1}", Type: "REG_SZ", Data: value}})
		if err != nil {
			t.Fatal(err)
		}
		a, b := netip.MustParseAddr("192.168.0.30"), netip.MustParseAddr("10.9.0.1")
		for _, e := range []Effect{p.Inbound(a, b, 6, 1688, Env{Profile: "domain"}), p.Outbound(b, a, 6, 1688, Env{}), p.Inbound(a, b, 1, 0, Env{Profile: "public"})} {
			if e.Verdict == "" || e.Why == "" {
				t.Fatalf("got %+v", e)
			}
		}
	})
}

// FuzzRegistry: no registry value makes the reader panic, and a value of
// another key changes nothing.
func FuzzRegistry(f *testing.F) {
	f.Add(base, "IPsecExempt", "REG_DWORD", "0x9")
	f.Add(base+`\ConSecRules`, "{1}", "REG_SZ", paper)
	f.Add(strings.ToUpper(base)+`\Phase1AuthenticationSets\{1}\0000`, "Method", "REG_SZ", "MachineKerb")
	f.Add(`HKLM\SOFTWARE\Policies\Microsoft\WindowsFirewall\\\`, "", "REG_NONE", "")
	f.Fuzz(func(t *testing.T, key, name, kind, data string) {
		p, err := FromRegistry([]run.RegistryValue{{Key: key, Name: name, Type: kind, Data: data}})
		if err == nil && !strings.Contains(strings.ToLower(key), "windowsfirewall") && len(p.Rules)+len(p.Broken)+len(p.Auth1.ByID)+len(p.Auth2.ByID) > 0 {
			t.Fatalf("%s gave %+v", key, p)
		}
		if e := p.Inbound(netip.MustParseAddr("192.168.0.30"), netip.MustParseAddr("10.9.0.1"), 6, 1688, Env{Profile: "domain"}); e.Verdict == "" {
			t.Fatalf("got %+v", e)
		}
	})
}
