package effect

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/registry"
)

// keywordNames are the keywords of addresses ([MS-GPFAS] 2.2.2.13).
var keywordNames = []string{
	"LocalSubnet", "DNS", "DHCP", "WINS", "DefaultGateway",
	"IntrAnet", "IntErnet", "Ply2Renders", "RmtIntrAnet", "CaptivePortal",
}

// dice make policies out of parts that matter.
type dice struct{ *rand.Rand }

func (d dice) pick(list ...string) string { return list[d.IntN(len(list))] }

// some are parts, each there one time in n.
func (d dice) some(n int, parts ...string) string {
	var s []string
	for _, p := range parts {
		if d.IntN(n) == 0 {
			s = append(s, p)
		}
	}
	return strings.Join(s, "")
}

// scope is what all kinds of rules may say.
func (d dice) scope() string {
	return d.some(6, "Profile=Domain|", "Profile=Public|", "SkipVer=2.10|", "SkipVer=2.30|", "Platform=2:6:1|", "Platform=2:10:0|Platform2=GTEQ|",
		"IFType=Lan|", "IFType=RemoteAccess|", "IF={A1}|", "Protocol=6|", "Shiny=1|")
}

func (d dice) consec() string {
	action := d.pick("SecureServer", "Secure", "Boundary", "DoNotSecure")
	sets := "Auth1Set=" + d.pick(consec.DefaultAuth1, own1, "{gone}") + "|Crypto2Set=" + consec.DefaultCrypto2 + "|"
	if action == "DoNotSecure" {
		sets = ""
	}
	return "v2.10|Name=x|Action=" + action + "|Active=" + d.pick("TRUE", "TRUE", "TRUE", "FALSE") + "|" + sets + d.scope() +
		d.some(4, "EP1_4=10.9.0.0/16|", "EP2_4=192.168.0.30|", "EP1_4=DNS|", "EP2_4=LocalSubnet|", "RTunnel4=1.1.1.1|", "EP2_4=172.16.0.0/12|")
}

func (d dice) firewall() string {
	secure := d.some(2, "Security=Authenticate|")
	port := d.some(2, "Protocol=6|LPort="+d.pick("1688", "RPC", "445")+"|")
	scope := d.scope()
	if port != "" {
		scope = strings.ReplaceAll(scope, "Protocol=6|", "")
	}
	return "v2.10|Name=x|Active=TRUE|Dir=In|Action=" + d.pick("Allow", "Allow", "Block") + "|" + secure + port + scope +
		d.some(6, `App=C:\sppsvc.exe|`, "Svc=sppsvc|", "RA4=10.9.0.0/16|", "RA4=LocalSubnet|", "LA4=192.168.0.30|", "AppPkgId=S-1|", "LUAuth=D:|")
}

func (d dice) layers() []consec.Layer {
	key := map[consec.Store]string{consec.GPO: consec.PolicyKey, consec.Local: consec.LocalKey, consec.MDM: consec.MDMKey}
	var all []consec.Layer
	for _, s := range []consec.Store{consec.GPO, consec.GPO, consec.MDM, consec.Local}[:1+d.IntN(4)] {
		l := consec.Layer{Source: string(s), Store: s}
		put := func(sub, name, kind, data string) {
			l.Values = append(l.Values, registry.Value{Key: key[s] + sub, Name: name, Type: kind, Data: data})
		}
		for i := range d.IntN(4) {
			put(`\ConSecRules`, fmt.Sprint(i), "REG_SZ", d.consec())
		}
		for i := range d.IntN(4) {
			put(`\FirewallRules`, fmt.Sprint(i), "REG_SZ", d.firewall())
		}
		put(`\Phase1AuthenticationSets\`+own1+`\0000`, "Method", "REG_SZ", "MachineKerb")
		if d.IntN(4) == 0 {
			put(`\Phase1AuthenticationSets\`+own1+`\0000`, "SkipVersion", "REG_SZ", "2.30")
		}
		for _, profile := range []string{"Domain", "Private", "Public"} {
			for _, s := range []struct {
				name string
				one  int // time in so many
			}{{"EnableFirewall", 2}, {"DefaultInboundAction", 2}, {"AllowLocalPolicyMerge", 2}, {"AllowLocalIPsecPolicyMerge", 4}, {"DoNotAllowExceptions", 12}} {
				if d.IntN(s.one) == 0 {
					put(`\`+profile+"Profile", s.name, "REG_DWORD", d.pick("0", "1", "1"))
				}
			}
			if d.IntN(12) == 0 {
				put(`\`+profile+"Profile", "DisabledInterfaces", "REG_SZ", d.pick("{A1}", "{B2}"))
			}
		}
		if d.IntN(6) == 0 {
			put("", "IPsecExempt", "REG_DWORD", d.pick("2", "9"))
		}
		all = append(all, l)
	}
	return all
}

// env knows each thing of the machine or not.
func (d dice) env() (little, full Env) {
	full = Env{
		Profile: d.pick("domain", "private", "public"), Version: &consec.Version{Major: 2, Minor: uint8(d.IntN(34))}, OS: &consec.OS{Major: 10, Minor: 0},
		InterfaceType: d.pick("Lan", "RemoteAccess"), Interface: d.pick("{A1}", "{B2}"), Keywords: map[string][]consec.Range{},
	}
	for _, k := range keywordNames {
		full.Keywords[k] = ranges(d.pick("10.9.0.0/16", "10.8.0.0/16", "192.168.0.0/24"))
	}
	little = full
	for _, forget := range []func(){
		func() { little.Profile = "" }, func() { little.Version = nil }, func() { little.OS = nil },
		func() { little.InterfaceType = "" }, func() { little.Interface = "" }, func() { little.Keywords = nil },
	} {
		if d.IntN(2) == 0 {
			forget()
		}
	}
	return little, full
}

// TestKnowledgeRefines: what is sure while little is known of the machine stays
// so once all is known. An answer that changes was a guess.
func TestKnowledgeRefines(t *testing.T) {
	d := dice{rand.New(rand.NewPCG(3, 4))}
	seen := map[Verdict]int{}
	unknown := 0
	for range 10_000 {
		l := d.layers()
		p := layers(t, l...)
		little, full := d.env()
		proto := []uint8{1, 6}[d.IntN(2)]
		host, peer := netip.MustParseAddr("192.168.0.30"), netip.MustParseAddr("10.9.0.1")
		a, b := Inbound(&p, host, peer, proto, 1688, little), Inbound(&p, host, peer, proto, 1688, full)
		if d.IntN(4) == 0 {
			a, b = Outbound(&p, peer, host, proto, 1688, little), Outbound(&p, peer, host, proto, 1688, full)
		}
		for _, pair := range [][2]Decision{{a.Security, b.Security}, {a.Firewall, b.Firewall}} {
			seen[pair[0].Verdict]++
			if pair[0].Verdict == Unknown && pair[1].Verdict != Unknown {
				unknown++
			}
			if !refines(pair[0].Verdict, pair[1].Verdict) {
				t.Fatalf("%+v\nis known of the machine: %+v\nlater %+v\nanswers %+v\nand then %+v", l, little, full, pair[0], pair[1])
			}
		}
	}
	for _, v := range []Verdict{Require, Request, Clear, Exempt, Unknown, Allowed, AllowedSecure, Dropped} {
		if seen[v] < 15 {
			t.Errorf("only %d of the answers are %s: the policies are not varied enough", seen[v], v)
		}
	}
	if unknown < 500 {
		t.Errorf("only %d unknown answers became known", unknown)
	}
}
