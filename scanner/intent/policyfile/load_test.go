package policyfile

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kmsiso/kmsiso/scanner/directory/sources"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/intent/prose"
	"github.com/kmsiso/kmsiso/scanner/vantage/ways"
	"github.com/kmsiso/kmsiso/scanner/way"
)

var update = flag.Bool("update", false, "write the golden files anew")

// today is when the test data was written; expiry is judged against it.
var today = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// all are the ways in and the sources that there are.
var all = kinds{ways.Kinds(), sources.Kinds()}

func loaderOf(f files) *loader { return newLoader(today, f, all) }

func loadAt(path string) (*intent.Policy, error) { return loaderOf(disk{}).load(path) }

// by is a way of the kind of that name.
func by(kind string, values way.Values, credential string) intent.Via {
	e, _ := ways.Named(kind)
	v := intent.By(e.Kind, values)
	v.Credential = credential
	return v
}

// good lists the policies that must load.
var good = []string{"ten-lines.yaml", "ntlm-forbidden.yaml", "forests.yaml", "sources.yaml", "whole/kmsiso.yaml", "include/kmsiso.yaml"}

func mustLoad(t *testing.T, name string) *intent.Policy {
	t.Helper()
	p, err := loadAt(filepath.Join("testdata", "good", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	got = filepath.ToSlash(got)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; run with -update and read what it wrote", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// TestMistakes loads one bad file per mistake; the .err file beside it is what
// a person gets to read.
func TestMistakes(t *testing.T) {
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil || len(files) < 40 {
		t.Fatalf("found %d files, %v", len(files), err)
	}
	wd, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			p, err := loadAt(file)
			if err == nil {
				t.Fatalf("it loads: %+v", p)
			}
			said := strings.ReplaceAll(err.Error(), wd+string(filepath.Separator), "")
			if strings.Contains(said, "Hunter2") {
				t.Fatal("the error shows a secret")
			}
			var e *Error
			if !errors.As(err, &e) || e.Message == "" || e.File == "" {
				t.Errorf("got %#v, want an *Error", err)
			}
			golden(t, strings.TrimSuffix(file, ".yaml")+".err", said+"\n")
		})
	}
}

func TestResolvedAndExplained(t *testing.T) {
	for _, name := range good {
		t.Run(name, func(t *testing.T) {
			var b strings.Builder
			if err := prose.Write(&b, mustLoad(t, name)); err != nil {
				t.Fatal(err)
			}
			golden(t, filepath.Join("testdata", "good", strings.ReplaceAll(strings.TrimSuffix(name, ".yaml"), "/", "-")+".explained"), b.String())
		})
	}
}

func TestDefaults(t *testing.T) {
	p := mustLoad(t, "ten-lines.yaml")
	want := intent.Isolation{Stage: intent.StageRequire, Basis: intent.BasisHardened, Scope: intent.ScopeHost, Coverage: intent.Coverage{Threshold: 100}}
	if diff := cmp.Diff(want, p.Isolation); diff != "" {
		t.Error(diff)
	}
	limits := intent.Limits{Positive: 21 * time.Second, Window: 3500 * time.Millisecond, Connect: 20 * time.Second, Ports: []uint16{135, 445, 3389, 5985},
		UDPPorts: []uint16{135, 137, 161}}
	if diff := cmp.Diff(limits, p.Limits); diff != "" {
		t.Error(diff)
	}
	if h := p.Hosts[0]; h.Port != 1688 || h.DHCP != "never" {
		t.Errorf("host %+v", h)
	}
	guest, _ := p.Vantage("guest")
	if diff := cmp.Diff([]intent.Via{by("ssh", way.Values{"address": "guest.example.test", "install": "auto"}, "")}, guest.Via); diff != "" {
		t.Error(diff)
	}
}

func TestInheritance(t *testing.T) {
	p := mustLoad(t, "include/kmsiso.yaml")
	var order []string
	for _, v := range p.Vantages {
		order = append(order, v.Name)
	}
	if diff := cmp.Diff([]string{"c01.west.contoso.test", "c02.west.contoso.test", "j1", "j2", "kiosk"}, order); diff != "" {
		t.Error(diff)
	}
	c01, _ := p.Vantage("c01.west.contoso.test")
	if diff := cmp.Diff([]intent.Via{by("winrm", way.Values{"address": "c01.west.contoso.test", "auth": "negotiate"}, "west")}, c01.Via); diff != "" {
		t.Error(diff)
	}
	if c01.Path != "vpn" || len(c01.Alive) != 1 {
		t.Errorf("defaults do not reach %+v", c01)
	}
	j2, _ := p.Vantage("j2")
	want := []intent.Via{
		by("ssh", way.Values{"address": "probe@j2.example.test", "install": "never"}, ""), // a password goes to nobody by default
		by("exec", way.Values{"command": []string{"sudo", "ip", "netns", "exec", "j2", "kmsiso", "far-end"}}, ""),
	}
	if diff := cmp.Diff(want, j2.Via); diff != "" || j2.Path != "lan" {
		t.Error(diff, j2.Path)
	}
}

func TestWarnings(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	const host = "version: 1\nhosts: {kms01: {addresses: [198.18.10.30]}}\n"
	for name, c := range map[string]struct{ text, say string }{
		"expired exemption":        {host + "exemptions: [{name: e, addresses: [198.18.40.1], expires: 2026-11-22}]\nvantages: {a: {role: domain, via: [local]}}\n", "expired on"},
		"expired waiver":           {host + "waivers: [{cell: a/b/c, reason: r, owner: o, expires: 2026-01-01}]\nvantages: {a: {role: domain, via: [local]}}\n", "waiver of a/b/c expired"},
		"everything exempt (IPv6)": {host + "exemptions: [{name: e, addresses: [\"::/0\"]}]\nvantages: {a: {role: domain, via: [local]}}\n", "every address"},
		"a wide exemption":         {host + "exemptions: [{name: e, addresses: [10.0.0.0/15]}]\nvantages: {a: {role: domain, via: [local]}}\n", "very wide"},
		"one credential, two tiers": {host + "credentials: {c: {kind: password, user: '.\\u', password: {env: PW}}}\n" +
			"vantages: {a: {role: domain, via: [{winrm: a, credential: c}]}, kms01: {role: kms-host, via: [{winrm: b, credential: c}]}}\n", "one for two tiers"},
		"one secret, two tiers": {host + "credentials: {c: {kind: password, user: u, password: {env: PW}, tier: 1}, d: {kind: password, user: u, password: {env: PW}, tier: 2}}\n" +
			"vantages: {a: {role: domain, via: [local]}}\n", "the same secret in two tiers"},
		"a flow from nowhere": {host + "isolation: {inbound: [{from: [b], to: [kms01], ports: [22]}]}\nvantages: {a: {role: domain, via: [local]}}\n", "b is no vantage"},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := loadAt(write("p.yaml", c.text))
			if err != nil {
				t.Fatal(err)
			}
			if len(p.Warnings) != 1 || !strings.Contains(p.Warnings[0], c.say) || !strings.Contains(p.Warnings[0], "p.yaml:") {
				t.Errorf("got %q, want one that says %q", p.Warnings, c.say)
			}
		})
	}
	t.Run("expires at the end of the day", func(t *testing.T) {
		p, err := loadAt(write("p.yaml", host+"exemptions: [{name: e, addresses: [198.18.40.1], expires: 2026-11-23}]\nvantages: {a: {role: domain, via: [local]}}\n"))
		if err != nil || len(p.Warnings) != 0 {
			t.Errorf("%v, %q", err, p.Warnings)
		}
	})
}

func TestManyMistakesAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "p.yaml")
	if err := os.WriteFile(path, []byte("version: 3\ncolour: 1\nhosts: {a: {addresses: [x]}}\nvantages: {b: {role: c}}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := loadAt(path)
	for _, say := range []string{"version 3", `unknown key "colour"`, `"x" is no IP address`, `role "c"`, "no way in"} {
		if err == nil || !strings.Contains(err.Error(), say) {
			t.Errorf("%v\ndoes not say %q", err, say)
		}
	}
}

// The lexer cuts these words at the colon when they stand in a list inside a
// flow mapping; they must arrive whole.
func TestColonsInFlowLists(t *testing.T) {
	path := filepath.Join(t.TempDir(), "p.yaml")
	text := "version: 1\nhosts: {a: {addresses: [2001:db8::1, ::2]}}\n" +
		"isolation: {outbound: [{from: [a], to: [b:445, '[2001:db8::5]:53', files.contoso.test:1445]}]}\n" +
		"vantages: {b: {role: non-domain, via: [{exec: [x:y, http://h:8/p, 'q']}]}}\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := loadAt(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(p.Hosts[0].Addresses); got != "[2001:db8::1 ::2]" {
		t.Errorf("addresses %s", got)
	}
	if diff := cmp.Diff([]string{"b:445", "[2001:db8::5]:53", "files.contoso.test:1445"}, p.Isolation.Outbound[0].To); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"x:y", "http://h:8/p", "q"}, p.Vantages[0].Via[0].Values.Words("command")); diff != "" {
		t.Error(diff)
	}
}
