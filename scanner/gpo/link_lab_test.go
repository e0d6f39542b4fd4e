//go:build lab

package gpo

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/run"
)

// sambaParser reads a JSON list of gPLinks and prints, for each, what
// samba-tool gpo reads in it: an error, or DNs and options.
const sambaParser = `
import json, sys
from samba.netcmd.gpo import parse_gplink
def read(s):
    try:
        return {"links": [{"dn": l["dn"], "options": l["options"]} for l in parse_gplink(s)]}
    except (RuntimeError, ValueError) as e:
        return {"error": repr(e)}
json.dump([read(s) for s in json.load(sys.stdin)], sys.stdout)
`

type sambaLinks struct {
	Links []struct {
		DN      string
		Options int
	}
	Error string
}

// samba asks the parser of samba-tool gpo.
func samba(t *testing.T, gPLinks []string) []sambaLinks {
	t.Helper()
	in, err := json.Marshal(gPLinks)
	if err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	cmd := exec.CommandContext(t.Context(), "/usr/bin/python3", "-I", "-c", sambaParser)
	cmd.Stdin, cmd.Stderr = bytes.NewReader(in), &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("python3-samba: %v: %s", err, said.String())
	}
	var all []sambaLinks
	if err := json.Unmarshal(out, &all); err != nil || len(all) != len(gPLinks) {
		t.Fatalf("%d answers for %d strings, %v", len(all), len(gPLinks), err)
	}
	return all
}

// differs says in what our links are not Samba's, "" for nothing.
func differs(ours []run.Link, theirs sambaLinks) string {
	if len(ours) != len(theirs.Links) {
		return fmt.Sprintf("%d links, Samba has %d", len(ours), len(theirs.Links))
	}
	for i, s := range theirs.Links {
		o := ours[i]
		if o.DN != s.DN || o.Disabled != (s.Options&1 != 0) || o.Enforced != (s.Options&2 != 0) || !strings.Contains(strings.ToUpper(s.DN), o.GPO) {
			return fmt.Sprintf("link %d is %+v, Samba has %+v", i, o, s)
		}
	}
	return ""
}

func someLinks(r *rand.Rand) string {
	var b strings.Builder
	for range r.IntN(6) {
		id := fmt.Sprintf("{%08x-0000-4000-8000-%012X}", r.Uint32N(9), r.Uint64N(9))
		if r.IntN(2) == 0 {
			id = strings.ToUpper(id)
		}
		name := []string{"cn", "CN", "Cn"}[r.IntN(3)]
		domain := []string{"DC=contoso,DC=test", "dc=emea,dc=contoso,dc=test", "DC=fabrikam,DC=test"}[r.IntN(3)]
		fmt.Fprintf(&b, "[LDAP://%s=%s,%s=Policies,%s=System,%s;%d]", name, id, name, name, domain, r.IntN(4))
	}
	return b.String()
}

func TestSambaReadsTheSameLinks(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 3))
	all := []string{"", " "}
	for range 2000 {
		all = append(all, someLinks(r))
	}
	links := 0
	for i, theirs := range samba(t, all) {
		ours, err := ParseLinks(all[i])
		if err != nil || theirs.Error != "" {
			t.Fatalf("%q: %v, Samba says %q", all[i], err, theirs.Error)
		}
		if d := differs(ours, theirs); d != "" {
			t.Fatalf("%q: %s", all[i], d)
		}
		links += len(ours)
	}
	t.Logf("%d links in %d strings", links, len(all))
}

// What we read without a fault, Samba reads the same; what Samba refuses, we
// name.
func TestSambaJudgesDamagedLinks(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 3))
	var all []string
	for len(all) < 4000 {
		s := []byte(someLinks(r))
		if len(s) == 0 {
			continue
		}
		at := r.IntN(len(s))
		switch r.IntN(3) {
		case 0:
			s = s[:at]
		case 1:
			s = append(s[:at], s[at+1:]...)
		default:
			s[at] = "[];,={}0129a/"[r.IntN(13)]
		}
		all = append(all, string(s))
	}
	both, weName := 0, 0
	for i, theirs := range samba(t, all) {
		ours, err := ParseLinks(all[i])
		switch {
		case err != nil:
			weName++
		case theirs.Error != "":
			t.Errorf("%q: we see no fault, Samba says %s", all[i], theirs.Error)
		default:
			both++
			if d := differs(ours, theirs); d != "" {
				t.Errorf("%q: %s", all[i], d)
			}
		}
	}
	t.Logf("of %d strings both read %d, and we name a fault in %d", len(all), both, weName)
	if both == 0 || weName == 0 {
		t.Error("the damage is not of both kinds")
	}
}
