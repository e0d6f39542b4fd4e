//go:build lab

package security

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os/exec"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

// The judges of this file are Samba and impacket. They are needed: without
// them the tests fail.

// judge has a script of testdata answer questions, all in one run.
func judge[Q, A any](t *testing.T, script string, questions []Q) []A {
	t.Helper()
	in, err := json.Marshal(questions)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "/usr/bin/python3", "-I", "testdata/"+script)
	var stderr bytes.Buffer
	cmd.Stdin, cmd.Stderr = bytes.NewReader(in), &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", script, err, stderr.String())
	}
	var answers []A
	if err := json.Unmarshal(out, &answers); err != nil || len(answers) != len(questions) {
		t.Fatalf("%s: %d answers to %d questions, %v", script, len(answers), len(questions), err)
	}
	return answers
}

type sambaQuestion struct {
	Ask    string `json:"ask"` // read, pack, check
	Binary string `json:"binary,omitempty"`
	SDDL   string `json:"sddl"`
	Domain SID    `json:"domain"`
	Token  []SID  `json:"token,omitempty"`
	Mask   uint32 `json:"mask,omitempty"`
}

type sambaAnswer struct {
	SDDL, Plain, Binary, Error string
	Granted                    bool
}

func samba(t *testing.T, questions []sambaQuestion) []sambaAnswer {
	t.Helper()
	return judge[sambaQuestion, sambaAnswer](t, "samba.py", questions)
}

// sambaTypes are those that Samba 4.17 has letters for, and sambaFlags.
var sambaTypes = []Type{Allow, Deny, 2, 3, AllowObject, DenyObject, 7, 8}

const sambaFlags = 0xff &^ Critical

// unreadable is what Samba 4.17 writes and does not read: authorities beyond 32
// bits, and a list with flags and without entries before another; and what it
// does not write: a NULL list.
var unreadable = regexp.MustCompile("S-1-0x|D:[PARI]+S:|" + noAccessControl)

// Samba writes each descriptor as we do, letter by letter, and what it reads of
// our text is the descriptor again.
func TestSambaWritesTheSameSDDL(t *testing.T) {
	r := newDice(10, sambaFlags, sambaTypes...)
	var all []*Descriptor
	var ask []sambaQuestion
	for range 500 {
		d := r.descriptor()
		all = append(all, d)
		ask = append(ask, sambaQuestion{Ask: "read", Binary: hex.EncodeToString(encode(t, d)), Domain: home},
			sambaQuestion{Ask: "pack", SDDL: d.SDDLFor(home), Domain: home})
	}
	answers, whole := samba(t, ask), 0
	for i, want := range all {
		d, err := ParseBinary(encode(t, want))
		if err != nil {
			t.Fatal(err)
		}
		read, packed := answers[2*i], answers[2*i+1]
		if read.Error != "" || read.SDDL != forSamba(d).SDDLFor(home) || read.Plain != forSamba(d).SDDL() {
			t.Errorf("Samba: %s %s\n%s\nwe:\n%s\n%s", read.Error, read.SDDL, read.Plain, d.SDDLFor(home), d.SDDL())
		}
		if unreadable.MatchString(d.SDDL()) {
			continue
		}
		whole++
		if back := unpacked(t, ask[2*i+1], packed); back != nil && !reflect.DeepEqual(meaning(back), meaning(want)) {
			t.Errorf("Samba reads our %s\nas %s", want.SDDLFor(home), back.SDDLFor(home))
		}
	}
	if t.Logf("%d there, %d and back", len(all), whole); whole < 200 {
		t.Error("too few to say anything")
	}
}

func unpacked(t *testing.T, q sambaQuestion, a sambaAnswer) *Descriptor {
	t.Helper()
	b, err := hex.DecodeString(a.Binary)
	if err == nil && a.Error == "" {
		var d *Descriptor
		if d, err = ParseBinary(b); err == nil {
			return d
		}
	}
	t.Errorf("Samba packs %s: %s %s: %v", q.SDDL, a.Error, a.Binary, err)
	return nil
}

// Text that people write means the same to Samba and to us.
func TestSambaReadsTheSameFromSDDL(t *testing.T) {
	texts := []string{"O:SYG:BAD:P(A;;GA;;;AU)S:AI(AU;SAFA;GA;;;WD)", usual, deny(paperDeny), "D:AIP(A;OICI;0x120089;;;AU)",
		"D:(OA;CIIO;RPWP;bf967aa5-0de6-11d0-a285-00aa003049e2;{BF967ABA-0DE6-11D0-A285-00AA003049E2};PS)"}
	r := newDice(11, sambaFlags)
	pick := func(from []pair, most int) string {
		var s strings.Builder
		for range r.IntN(most + 1) {
			s.WriteString(from[r.IntN(len(from))].word)
		}
		return s.String()
	}
	letters := slices.DeleteFunc(slices.Clone(flagWords), func(w pair) bool { return w.bits == uint32(Critical) })
	for range 300 {
		s := "O:" + aliasOf(r) + "G:" + aliasOf(r) + "D:" + pick(daclWords[:1], 1) + pick(daclWords[2:], 1)
		for range r.IntN(6) {
			s += "(" + []string{"A", "D", "AU", "AL"}[r.IntN(4)] + ";" + pick(letters, 3) + ";" + pick(rights, 5) + ";;;" + aliasOf(r) + ")"
		}
		texts = append(texts, s)
	}
	var ask []sambaQuestion
	for _, s := range texts {
		ask = append(ask, sambaQuestion{Ask: "pack", SDDL: s, Domain: home})
	}
	for i, a := range samba(t, ask) {
		d, err := ParseSDDL(texts[i], home)
		if err != nil {
			t.Fatalf("%s: %v", texts[i], err)
		}
		if theirs := unpacked(t, ask[i], a); theirs != nil && !reflect.DeepEqual(meaning(theirs), meaning(d)) {
			t.Errorf("%s\nis to Samba %s\nand to us %s", texts[i], theirs.SDDL(), d.SDDL())
		}
	}
}

func aliasOf(r dice) string {
	for {
		if a := aliases[r.IntN(len(aliases))]; a.code != "" {
			return a.code
		}
	}
}

// Every two letters stand for the same SID, or for none, to Samba and to us.
func TestSambaKnowsTheSameAliases(t *testing.T) {
	var ask []sambaQuestion
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			ask = append(ask, sambaQuestion{Ask: "pack", SDDL: "O:" + string([]rune{a, b}), Domain: home})
		}
	}
	known := 0
	for i, a := range samba(t, ask) {
		d, err := ParseSDDL(ask[i].SDDL, home)
		if (err == nil) != (a.Error == "") {
			t.Errorf("%s: Samba %q, we %v", ask[i].SDDL, a.Error, err)
		} else if err == nil {
			known++
			if theirs := unpacked(t, ask[i], a); theirs != nil && theirs.Owner != d.Owner {
				t.Errorf("%s: Samba %s, we %s", ask[i].SDDL, theirs.Owner, d.Owner)
			}
		}
	}
	if known < 60 {
		t.Errorf("%d aliases", known)
	}
}

// Samba's check and ours agree where Samba has all it takes: plain entries and
// rights that are not generic (which it leaves to those who store them).
func TestSambaGrantsTheSame(t *testing.T) {
	r := newDice(13, sambaFlags, Allow, Allow, Allow, Deny, 2)
	trustees := []SID{Everyone, AuthenticatedUsers, EnterpriseControllers, home.Child(515), home.Child(516), home.Child(521), root.Child(498), group, System}
	bits := []uint32{ReadProperty, ControlAccess, ReadControl, WriteDAC, 0x4, 0x80, 0x20}
	var ask []sambaQuestion
	var all []*Descriptor
	for range 1500 {
		d := &Descriptor{Control: SelfRelative | DACLPresent, Owner: trustees[r.IntN(len(trustees))], Group: System}
		if r.IntN(20) != 0 {
			d.DACL = &ACL{}
			for range r.IntN(9) {
				a := r.ace()
				a.Trustee, a.Mask = trustees[r.IntN(len(trustees))], 0
				if r.IntN(3) != 0 {
					a.Flags &^= InheritOnly
				}
				for range 1 + r.IntN(9) {
					a.Mask |= bits[r.IntN(len(bits))]
				}
				d.DACL.ACEs = append(d.DACL.ACEs, a)
			}
		}
		all = append(all, d)
		mask := bits[r.IntN(len(bits))]
		mask |= bits[r.IntN(len(bits))]
		token := Token([]run.Machine{client, inGroup, writable, readOnly}[r.IntN(4)], home, root)
		ask = append(ask, sambaQuestion{Ask: "check", Binary: hex.EncodeToString(encode(t, d)), Token: token,
			Mask: mask})
	}
	yes := 0
	for i, a := range samba(t, ask) {
		got := all[i].check(ask[i].Token, ask[i].Mask, GUID{}, "what is asked")
		if a.Error != "" || (got.Granted == tri.Yes) != a.Granted || got.Granted == tri.Unknown {
			t.Errorf("%s %#x %v: Samba %v %s, we %s: %s", all[i].SDDL(), ask[i].Mask, ask[i].Token, a.Granted, a.Error, got.Granted, got.Why.Key())
		}
		if a.Granted {
			yes++
		}
	}
	if t.Logf("%d of %d granted", yes, len(ask)); yes < 300 || yes > 1200 {
		t.Error("too few of one kind to say anything")
	}
}
