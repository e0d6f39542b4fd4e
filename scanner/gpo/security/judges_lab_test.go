//go:build lab

package security

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"math/rand/v2"
	"os/exec"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/run"
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

// What of damaged bytes we take is the same to Samba. What Samba takes and we
// do not has one of few reasons, all of which mean that it is no descriptor.
func TestSambaOnDamage(t *testing.T) {
	r := newDice(12, sambaFlags, sambaTypes...)
	var ask []sambaQuestion
	for range 200 {
		good := encode(t, r.descriptor())
		for range 6 {
			ask = append(ask, sambaQuestion{Ask: "read", Binary: hex.EncodeToString(damage(r.Rand, good)), Domain: home})
		}
	}
	stricter := map[string]int{}
	took, refused := 0, 0
	for i, a := range samba(t, ask) {
		b, err := hex.DecodeString(ask[i].Binary)
		if err != nil {
			t.Fatal(err)
		}
		d, err := ParseBinary(b)
		switch {
		case err == nil && (!sambaCanWrite(d) || sambaIsStricter(b, d)):
		case err == nil && a.Error != "":
			t.Errorf("%x\nis nothing to Samba (%s), and to us %s", b, a.Error, d.SDDL())
		case err == nil:
			took++
			if twelve(a.Plain) != forSamba(d).SDDL() {
				t.Errorf("%x\nis to Samba %s\nand to us  %s", b, a.Plain, d.SDDL())
			}
		case a.Error == "":
			why := reason(err)
			if stricter[why]++; why == "" {
				t.Errorf("%x\nis to Samba %s\nand to us %v", b, a.Plain, err)
			}
		default:
			refused++
		}
	}
	t.Logf("both take %d, both refuse %d, we alone refuse %v", took, refused, stricter)
	if took < 100 || refused < 100 {
		t.Error("too few of one kind to say anything")
	}
}

// damage flips a few bits, mostly of the headers, or cuts the end off.
func damage(r *rand.Rand, good []byte) []byte {
	b := slices.Clone(good)
	if r.IntN(4) == 0 {
		return b[:r.IntN(len(b))]
	}
	for range 1 + r.IntN(3) {
		at := r.IntN(len(b))
		if r.IntN(2) == 0 {
			at = r.IntN(min(len(b), 72))
		}
		b[at] ^= 1 << r.IntN(8)
	}
	return b
}

// sambaCanWrite reports whether Samba has letters for every entry.
func sambaCanWrite(d *Descriptor) bool {
	for _, l := range []*ACL{d.DACL, d.SACL} {
		if l != nil && slices.ContainsFunc(l.ACEs, func(a ACE) bool {
			return a.Flags&Critical != 0 || !slices.Contains(sambaTypes, a.Type)
		}) {
			return false
		}
	}
	return true
}

// sambaIsStricter reports whether bytes that say nothing are not zero: the
// offset of a list that is not present, or the reserved end of a list's header.
func sambaIsStricter(b []byte, d *Descriptor) bool {
	for _, p := range []struct {
		at      int
		present Control
	}{{12, SACLPresent}, {16, DACLPresent}} {
		at := binary.LittleEndian.Uint32(b[p.at:])
		if at != 0 && (d.Control&p.present == 0 || binary.LittleEndian.Uint16(b[at+6:]) != 0) {
			return true
		}
	}
	return false
}

// twelve pads a hexadecimal authority to its twelve digits ([MS-DTYP] 2.4.2.1),
// which Samba does not.
func twelve(sddl string) string {
	return regexp.MustCompile("-0x[0-9a-f]+").ReplaceAllStringFunc(sddl, func(s string) string {
		return "-0x" + strings.Repeat("0", 15-len(s)) + s[3:]
	})
}

// forSamba is the descriptor without what Samba does not write: a NULL list.
func forSamba(d *Descriptor) *Descriptor {
	m := *d
	if m.DACL == nil {
		m.Control &^= DACLPresent
	}
	if m.SACL == nil {
		m.Control &^= SACLPresent
	}
	return &m
}

// reason is the part of an error that says in which way we are stricter.
func reason(err error) string {
	for _, known := range []string{"self-relative", "the revision is", "the revision of the SID", "the revision of the list", "is said to be at",
		"the list says", "are left of the list"} {
		if strings.Contains(err.Error(), known) {
			return known
		}
	}
	return ""
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
		token := Token([]run.Machine{client, inGroup, writable, readOnly}[r.IntN(4)], home, root)
		ask = append(ask, sambaQuestion{Ask: "check", Binary: hex.EncodeToString(encode(t, d)), Token: token,
			Mask: bits[r.IntN(len(bits))] | bits[r.IntN(len(bits))]})
	}
	yes := 0
	for i, a := range samba(t, ask) {
		got := all[i].Check(ask[i].Token, ask[i].Mask, GUID{})
		if a.Error != "" || (got.Granted == Yes) != a.Granted || got.Granted == Unknown {
			t.Errorf("%s %#x %v: Samba %v %s, we %s: %s", all[i].SDDL(), ask[i].Mask, ask[i].Token, a.Granted, a.Error, got.Granted, got.Text)
		}
		if a.Granted {
			yes++
		}
	}
	if t.Logf("%d of %d granted", yes, len(ask)); yes < 300 || yes > 1200 {
		t.Error("too few of one kind to say anything")
	}
}

// impacket knows entries with conditions and claims: the fields are the same.
func TestImpacketReadsTheSame(t *testing.T) {
	r := newDice(14, 0xff, Allow, Deny, 2, AllowObject, DenyObject, AllowCallback, DenyCallback,
		AllowCallbackObject, DenyCallbackObject, 0x0d, 0x0f, MandatoryLabel, ResourceAttribute, 0x13)
	var all []*Descriptor
	var ask []string
	for len(all) < 500 {
		d := r.descriptor()
		if d.DACL == nil {
			continue
		}
		all = append(all, d)
		ask = append(ask, hex.EncodeToString(encode(t, d)))
	}
	type entry struct {
		Type                             Type
		Flags                            Flags
		Mask                             uint32
		Trustee, Object, Inherited, Data string
	}
	entries := 0
	for i, theirs := range judge[string, []entry](t, "impacket.py", ask) {
		b, err := hex.DecodeString(ask[i])
		if err != nil {
			t.Fatal(err)
		}
		d, err := ParseBinary(b)
		if err != nil {
			t.Fatal(err)
		}
		var ours []entry
		for _, a := range d.DACL.ACEs {
			ours = append(ours, entry{a.Type, a.Flags, a.Mask, hex.EncodeToString(encodeSID(t, a.Trustee)), orNone(a.Object), orNone(a.InheritedObject), hex.EncodeToString(a.Data)})
		}
		if entries += len(ours); !slices.Equal(ours, theirs) {
			t.Errorf("%s\n%+v\nis to impacket\n%+v", d.SDDL(), ours, theirs)
		}
	}
	t.Logf("%d entries", entries)
}

func orNone(g *GUID) string {
	if g == nil {
		return ""
	}
	return g.String()
}
