package intent_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/netip"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/kmsiso/kmsiso/scanner/directory/sources"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/intent/policyfile"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/vantage/ways"
)

// good are policies that the reader of the file is tried with.
var good = []string{"ten-lines.yaml", "forests.yaml", "sources.yaml", "whole/kmsiso.yaml", "include/kmsiso.yaml"}

// mustLoad reads one of the policies that the reader of the file is tried with.
func mustLoad(t *testing.T, name string) *intent.Policy {
	t.Helper()
	p, err := policyfile.Load(filepath.Join("policyfile", "testdata", "good", filepath.FromSlash(name)), policyfile.Options{Ways: ways.Kinds(), Sources: sources.Kinds()})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func ip(s string) netip.Addr { return netip.MustParseAddr(s) }

func TestAskByAddress(t *testing.T) {
	p := mustLoad(t, "whole/kmsiso.yaml")
	for addr, want := range map[string]string{"198.18.40.1": "kiosks", "198.18.40.255": "kiosks", "::ffff:198.18.40.1": "kiosks", "198.18.41.0": "", "2001:db8:10::30": ""} {
		if e, ok := p.Exempt(ip(addr), "kms01"); e.Name != want || ok != (want != "") {
			t.Errorf("%s: exemption %q, want %q", addr, e.Name, want)
		}
	}
	if _, ok := p.Exempt(ip("198.18.40.1"), "kms02"); ok {
		t.Error("an exemption to kms01 counts for kms02")
	}
	if h, ok := p.HostOf(ip("2001:db8:10::30")); !ok || h.Name != "kms01" {
		t.Errorf("got %+v", h)
	}
	if _, ok := p.HostOf(ip("198.18.10.99")); ok {
		t.Error("no host has that address")
	}
}

func TestSees(t *testing.T) {
	p := mustLoad(t, "whole/kmsiso.yaml")
	for name, want := range map[string]bool{"kms01": true, "mirror": true, "guest": false} {
		v, ok := p.Vantage(name)
		if !ok || p.Sees(v, "kms01") != want {
			t.Errorf("%s sees kms01: %v, want %v", name, !want, want)
		}
	}
	if all := p.HostVantages("kms01"); len(all) != 1 || all[0].Host != "kms01" {
		t.Errorf("got %+v", all)
	}
	if all := p.WithRole(intent.RoleExempt, intent.RoleNonDomain); len(all) != 2 || all[0].Name != "guest" {
		t.Errorf("got %+v", all)
	}
}

func resolver(t *testing.T, answers map[string]string) (func(context.Context, string) ([]netip.Addr, error), func() []string) {
	t.Helper()
	var mu sync.Mutex
	var asked []string
	return func(ctx context.Context, name string) ([]netip.Addr, error) {
			if _, ok := ctx.Deadline(); !ok {
				t.Error("a lookup without a deadline")
			}
			mu.Lock()
			asked = append(asked, name)
			mu.Unlock()
			a, ok := answers[name]
			if !ok {
				return nil, errors.New("no such host")
			}
			return []netip.Addr{ip(a), ip(a)}, nil
		}, func() []string {
			slices.Sort(asked)
			return asked
		}
}

func TestPinAndEndpoints(t *testing.T) {
	defer goleak.VerifyNone(t)
	p := mustLoad(t, "whole/kmsiso.yaml")
	lookup, asked := resolver(t, map[string]string{"dc01.contoso.test": "::ffff:198.18.11.1"})
	p, _ = p.Resolve(t.Context(), lookup)
	if diff := cmp.Diff([]string{"dc01.contoso.test", "files.contoso.test"}, asked()); diff != "" {
		t.Error("asked for", diff)
	}
	v4, v6 := ip("198.18.10.30"), ip("2001:db8:10::30")
	missing := reason.One(reason.NameUnresolved, "host", "files.contoso.test", "words", "no such host")
	for _, c := range []struct {
		entry string
		ports []uint16
		want  []intent.Endpoint
	}{
		{"all-hosts", []uint16{3389, 10000}, []intent.Endpoint{{"kms01", []netip.Addr{v4, v6}, 3389, nil}, {"kms01", []netip.Addr{v4, v6}, 10000, nil}}},
		{"KMS01.contoso.test.", []uint16{22}, []intent.Endpoint{{"kms01", []netip.Addr{v4, v6}, 22, nil}}},
		{"dc", nil, []intent.Endpoint{{"dc01.contoso.test", []netip.Addr{ip("198.18.11.1")}, 88, nil}, {"dc01.contoso.test", []netip.Addr{ip("198.18.11.1")}, 389, nil}, {"dc01.contoso.test", []netip.Addr{ip("198.18.11.1")}, 445, nil}}},
		{"dns", nil, nil},
		{"files.contoso.test:445", []uint16{80}, []intent.Endpoint{{"files.contoso.test", nil, 445, missing}}},
		{"kiosk:22", nil, []intent.Endpoint{{"kiosk", []netip.Addr{ip("198.18.40.7")}, 22, nil}}},
		{"guest:22", nil, []intent.Endpoint{{"guest", nil, 22, reason.One(reason.VantageAddressesUnknown, "vantage", "guest")}}},
		{"[2001:db8::9]:53", nil, []intent.Endpoint{{"2001:db8::9", []netip.Addr{ip("2001:db8::9")}, 53, nil}}},
		{"198.18.9.9", []uint16{53}, []intent.Endpoint{{"198.18.9.9", []netip.Addr{ip("198.18.9.9")}, 53, nil}}},
	} {
		if diff := cmp.Diff(c.want, p.Endpoints(c.entry, c.ports), cmp.Comparer(func(a, b netip.Addr) bool { return a == b })); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.entry, diff)
		}
	}
	var targets []string
	for _, e := range p.Targets() {
		targets = append(targets, e.Name+":"+strconv.Itoa(int(e.Port)))
	}
	want := "kms01:1688 kms01:135 kms01:445 kms01:3389 kms01:5985 kms01:10000 dc01.contoso.test:88 dc01.contoso.test:389 dc01.contoso.test:445 files.contoso.test:445"
	if got := strings.Join(targets, " "); got != want {
		t.Errorf("targets %s\nwant    %s", got, want)
	}
}

func TestPinHosts(t *testing.T) {
	loaded := mustLoad(t, "forests.yaml")
	lookup, _ := resolver(t, map[string]string{"kms01.contoso.test": "198.18.50.6"})
	p, warnings := loaded.Resolve(t.Context(), lookup)
	if h, ok := p.HostOf(ip("198.18.50.6")); !ok || h.Name != "kms01" {
		t.Errorf("the pinned address is not the host's: %+v", p.Hosts)
	}
	if h, ok := loaded.HostOf(ip("198.18.50.6")); ok {
		t.Errorf("the policy that was loaded has the address: %+v", h)
	}
	if four, _ := p.Families(); !four {
		t.Error("no host has IPv4")
	}
	if len(warnings) != 1 || !strings.Contains(warnings[0], "exemption lab covers KMS host kms01") || !slices.Contains(p.Warnings, warnings[0]) {
		t.Errorf("got %q, of %q", warnings, p.Warnings)
	}
	if e := p.Endpoints("dc", []uint16{88}); len(e) != 2 || !e[0].Trouble.Has(reason.NameUnresolved) {
		t.Errorf("got %+v", e)
	}
}

func TestPolicySurvivesJSON(t *testing.T) {
	for _, name := range good {
		p := mustLoad(t, name)
		lookup, _ := resolver(t, map[string]string{"files.contoso.test": "198.18.12.1"})
		p, _ = p.Resolve(t.Context(), lookup)
		text, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		var back intent.Policy
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		again, err := json.Marshal(back)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(text), string(again)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestAnEndpointThatWasNotLookedUp says so: the policy of an old document may lack
// a name.
func TestAnEndpointThatWasNotLookedUp(t *testing.T) {
	p := mustLoad(t, "forests.yaml")
	if got, want := p.Endpoints("files.contoso.test", []uint16{445})[0].Trouble, reason.One(reason.NameNotLookedUp, "name", "files.contoso.test"); !got.Equal(want) {
		t.Errorf("%s, want %s", got.Key(), want.Key())
	}
}

// What proves that a vantage is alive is the same in a policy that is still being made,
// in one that is finished, and in one that is resolved.
func TestAliveOf(t *testing.T) {
	p := mustLoad(t, "whole/kmsiso.yaml")
	lookup, _ := resolver(t, map[string]string{"files.contoso.test": "198.18.12.1", "dc01.contoso.test": "198.18.11.1"})
	resolved, _ := p.Resolve(t.Context(), lookup)
	some := 0
	for name, p := range map[string]*intent.Policy{
		"being made": {Hosts: p.Hosts, Vantages: p.Vantages, Forests: p.Forests, Isolation: p.Isolation},
		"finished":   p,
		"resolved":   resolved,
	} {
		for _, v := range p.Vantages {
			var want []intent.Endpoint
			for _, entry := range v.Alive {
				want = append(want, p.Endpoints(entry, nil)...)
			}
			if diff := cmp.Diff(want, p.AliveOf(v), cmp.Comparer(func(a, b netip.Addr) bool { return a == b })); diff != "" {
				t.Errorf("%s, %s: %s", name, v.Name, diff)
			}
			some += len(want)
		}
	}
	if some == 0 {
		t.Error("no vantage of the policy has anything that proves it alive")
	}
}
