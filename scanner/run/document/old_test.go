package document

import (
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// old is a document as versions before codes wrote it, with an observation.
func old(t *testing.T, observation string) *run.Run {
	t.Helper()
	r, err := Read(strings.NewReader(`{"schema":"` + oldSchema + `","notTested":["activation","the rest"],"observations":[{"id":"o1","need":{"vantage":"directory","probe":"directory","when":"once"},"start":0,"end":1` + observation + `}]}`))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Sentences of an older version are quotations, and are not written as they were.
func TestOldSentencesAreQuotations(t *testing.T) {
	r := old(t, "")
	if want := (reason.List{reason.Quote("activation"), reason.Quote("the rest")}); !r.Untested.Equal(want) {
		t.Errorf("not tested: %s", r.Untested.Key())
	}
	text := document(t, r)
	if strings.Contains(text, "notTested") || !strings.Contains(text, `"untested":[{"code":"quoted"`) {
		t.Errorf("written as %s", text)
	}
}

// What an older version said of a directory is told by a code where something asks
// for it, and else quoted; the place is not named twice.
func TestOldProblems(t *testing.T) {
	r := old(t, `,"class":"answered","forest":{"name":"contoso.test","source":"s","kind":"live","read":"2026-11-23T09:00:00Z",
		"lost":{"trusts":"a backup has no trusts"},
		"problems":[
			{"aspect":"gpos","where":"asia.contoso.test","text":"domain asia.contoso.test is not read: no domain controller of it is declared","unread":true},
			{"aspect":"gpos","where":"emea.contoso.test","text":"domain emea.contoso.test is not read: it is down"},
			{"aspect":"settings","where":"SYSVOL","text":"the GPO has no folder in SYSVOL"},
			{"aspect":"settings","where":"gpt.ini","text":"there is no such file"},
			{"aspect":"filters","where":"CN=x","text":"the account may not read it","refused":true},
			{"aspect":"copies","where":"ldaps://dc02","text":"ldaps://dc02: no answer"},
			{"aspect":"links","where":"OU=x","text":"something else"}],
		"domains":[{"name":"contoso.test","copies":[{"server":"dc02","error":"no answer"},{"server":"dc01","gpos":[{"id":"{1}","error":"cut"}]}]}]}`)
	f := r.Observations[0].Forest
	quote := func(words string) reason.List { return reason.List{reason.Quote(words)} }
	for i, want := range []reason.List{
		reason.One(reason.DomainUnread, "domain", "asia.contoso.test", "why", reason.One(reason.ControllerUndeclared)),
		reason.One(reason.DomainUnread, "domain", "emea.contoso.test", "why", quote("it is down")),
		reason.One(reason.GPOFolderMissing), reason.One(reason.FileMissing), reason.One(reason.NotPermitted),
		quote("no answer"), quote("something else"),
	} {
		if got := f.Problems[i]; !got.Why.Equal(want) {
			t.Errorf("%s: %s, want %s", got.Where, got.Why.Key(), want.Key())
		}
	}
	if !f.Problems[0].Unread || !f.Problems[4].Refused || f.Problems[2].Unread {
		t.Errorf("what is set is lost: %+v", f.Problems)
	}
	copies := f.Domains[0].Copies
	if !f.Lost[run.AspectTrusts].Equal(quote("a backup has no trusts")) || !copies[0].Error.Equal(quote("no answer")) || !copies[1].GPOs[0].Error.Equal(quote("cut")) {
		t.Errorf("lost %v, copies %+v", f.Lost, copies)
	}
	again, err := Read(strings.NewReader(document(t, r)))
	if err != nil || !again.Observations[0].Forest.Problems[0].Reason().Equal(f.Problems[0].Reason()) {
		t.Errorf("written and read again: %v", err)
	}
	if _, err := Read(strings.NewReader(strings.Replace(document(t, r), `"aspect":`, `"nonsense":1,"aspect":`, 1))); err == nil {
		t.Error("a field that nobody knows is read")
	}
}

// What an older version said of the files of a GPO at one domain controller is told
// of each file, as the problems of the GPO are.
func TestOldCopies(t *testing.T) {
	for words, want := range map[string]reason.List{
		`SYSVOL\c\{1}\gpt.ini: the account may not read it; SYSVOL\c\{1}\Registry.pol: it is cut; half of it is there`: {
			reason.New(reason.DirectoryProblem, "where", `SYSVOL\c\{1}\gpt.ini`, "why", reason.New(reason.NotPermitted)),
			reason.New(reason.DirectoryProblem, "where", `SYSVOL\c\{1}\Registry.pol`, "why", reason.Quote("it is cut; half of it is there")),
		},
		"no answer: cut": {reason.Quote("no answer: cut")},
		`SYSVOL\ is cut`: {reason.Quote(`SYSVOL\ is cut`)},
	} {
		f := &run.Forest{Domains: []run.Domain{{Copies: []run.Copy{{GPOs: []run.CopiedGPO{{Error: reason.List{reason.Quote(words)}}}}}}}}
		f.ReadOld()
		if got := f.Domains[0].Copies[0].GPOs[0].Error; !got.Equal(want) {
			t.Errorf("%s: %s", words, got.Key())
		}
	}
}
