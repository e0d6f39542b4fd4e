package document

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// usual is a run of which a document can leave much out.
func usual() *run.Run {
	r := whole()
	by := reason.New("rule-of-gpo", "gpo", "Isolation")
	o := &r.Observations[0]
	o.Via, o.Need.When = "ssh guest", run.Once
	o.Tries = []run.Try{{Start: time.Second, RTT: 7, Class: run.Silent, Attempt: run.Attempt{Answered: 1, Took: 7}, Note: "one connect"}, {Class: run.Cut, Note: "one connect"}}
	r.Observations = append(r.Observations, run.Observation{ID: "o2", Need: o.Need, Missing: reason.One("registry-not-windows")})
	for i := range r.Cells {
		c := &r.Cells[i]
		c.Title, c.Section, c.Confirmed = "it is silent", "Verify", "lab"
		c.Intended = reason.List{reason.New("intended-silence")}
		c.Conduct = reason.List{reason.New("conduct-by-rule", "by", by), reason.New("conduct-by-rule", "by", by, "end", "guest")}
		c.Trials = []run.Trial{{At: "kms01:1688", Claims: []run.Claim{
			{Code: "sent", Support: run.Shown, By: []string{"o1", "o2"}},
			{Code: "a", Support: run.NotShown, Why: reason.One("watch-blind", "at", []string{"kms01:1688"}, "watch", "kms01"), By: []string{"o1"}},
		}}}
		c.Evidence = []string{"o1", "o2"}
	}
	return r
}

// What is usual is left out, and what many places say stands once.
func TestADocumentSaysNothingTwice(t *testing.T) {
	text := document(t, usual())
	for _, part := range []string{
		`{"schema":"kmsiso/run/v2",`,
		`{"id":"o1","vantage":"guest","probe":"tcp","addr":"2001:db8::1","port":1688,"start":1000000000,"end":2000000000,"class":"silent",` +
			`"tries":[{"start":1000000000,"rtt":7,"answered":1,"note":0},{"start":0,"class":"cut","note":0}]},` +
			`{"id":"o2","vantage":"guest","probe":"tcp","addr":"2001:db8::1","port":1688,"start":0,"end":0,"missing":[{"code":"registry-not-windows"}]}]`,
		`"notes":["one connect"]`,
		`{"id":"check/vantage/b","verdict":"fail","trials":[{"at":"kms01:1688","claims":{"sent":["o1","o2"],"a":{"support":"not-shown","why":[0],"by":["o1"]}}}],"intended":[1],"configured":[3,4]}`,
		`"checks":{"check":{"title":"it is silent","section":"Verify","confirmed":"lab"}}`,
		`"reasons":[{"code":"watch-blind","args":{"watch":"kms01"}},{"code":"intended-silence"},{"code":"rule-of-gpo","args":{"gpo":"Isolation"}},` +
			`{"code":"conduct-by-rule","args":{"by":[2]}},{"code":"conduct-by-rule","args":{"by":[2],"end":"guest"}}]`,
	} {
		if !strings.Contains(text, part) {
			t.Errorf("the document has no %s:\n%s", part, text)
		}
	}
	got, err := Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(usual(), got, asWritten); diff != "" {
		t.Errorf("-written +read:\n%s", diff)
	}
}

// In version 1 nothing is left out: what is not there is not known, and never what is
// usual.
func TestADocumentOfVersion1(t *testing.T) {
	got, err := Read(strings.NewReader(`{"schema":"kmsiso/run/v1","vantages":[{"name":"guest","ways":[{"name":"ssh guest"}]}],
		"observations":[{"id":"o1","need":{"vantage":"guest","probe":"tcp","target":"kms01"},"start":1,"end":2,"class":"silent","tries":[{"start":1,"rtt":7,"answered":1,"note":"one connect"}]}],
		"checks":{"a":{"title":"t","section":"s","confirmed":"lab"}},
		"cells":[{"id":"a/b/c","verdict":"fail","intended":"silence","trials":[
			{"at":"kms01:1688","claims":{"sent":["o1"],"open":{"support":"weak","why":[{"code":"x"}],"by":["o2"]}}},
			{"at":"kms01:445","claims":[{"code":"sent","support":"shown","by":["o1"]},{"code":"open","support":"weak","why":[{"code":"x","args":{"at":["kms01:445"]}}],"by":["o2"]}]}]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	sent := run.Claim{Code: "sent", Support: run.Shown, By: []string{"o1"}}
	open := func(why reason.Reason) run.Claim {
		return run.Claim{Code: "open", Support: run.Weak, Why: reason.List{why}, By: []string{"o2"}}
	}
	want := &run.Run{
		Vantages: []run.Vantage{{Name: "guest", Ways: []run.Way{{Name: "ssh guest"}}}},
		Observations: []run.Observation{{ID: "o1", Need: run.Need{Vantage: "guest", Spec: run.Spec{Probe: run.ProbeTCP, Target: "kms01"}}, Start: 1, End: 2, Class: run.Silent,
			Tries: []run.Try{{Start: 1, RTT: 7, Attempt: run.Attempt{Answered: 1}, Note: "one connect"}}}},
		Cells: []run.Cell{{ID: run.CellID{Check: "a", Vantage: "b", Target: "c"}, Verdict: run.Fail, Intended: reason.List{reason.Quote("silence")}, Trials: []run.Trial{
			{At: "kms01:1688", Claims: []run.Claim{sent, open(reason.New("x"))}},
			{At: "kms01:445", Claims: []run.Claim{sent, open(reason.New("x", "at", []string{"kms01:445"}))}},
		}}},
	}
	if diff := cmp.Diff(want, got, asWritten); diff != "" {
		t.Errorf("-want +read:\n%s", diff)
	}
	again, err := Read(strings.NewReader(document(t, got)))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, again, asWritten); diff != "" {
		t.Errorf("written as it is now and read again, -want +read:\n%s", diff)
	}
}

// What names something that is not there is not read, and neither is what belongs to the
// other version.
func TestDamagedDocuments(t *testing.T) {
	text := document(t, usual())
	for name, x := range map[string]struct{ old, now, want string }{
		"no such reason":            {`"intended":[1]`, `"intended":[5]`, "there is no reason 5"},
		"no such reason of a claim": {`"why":[0]`, `"why":[-1]`, "there is no reason -1"},
		"a half reason":             {`"intended":[1]`, `"intended":[1.5]`, "1.5"},
		"a reason of nothing":       {`"intended":[1]`, `"intended":[{}]`, "without a code"},
		"reasons in no list":        {`"intended":[1]`, `"intended":1`, "cannot read"},
		"no such note":              {`"note":0`, `"note":1`, "there is no note 1"},
		"a note before all":         {`"note":0`, `"note":-1`, "there is no note -1"},
		"a note of version 1":       {`"note":0`, `"note":"one connect"`, "there is no note"},
		"a need of version 1":       {`"vantage":"guest","probe":"tcp"`, `"need":{"vantage":"guest"}`, "the need of another version"},
		"a need of version 2":       {run.Schema, oldSchema, "the need of another version"},
		"claims in no list":         {`{"sent":["o1","o2"],`, `7,"x":{`, "claims are an object"},
		"ids in no list":            {`"sent":["o1","o2"]`, `"sent":"o1"`, "claim sent"},
		"a claim of later":          {`"support":"not-shown"`, `"support":"not-shown","moon":1`, "moon"},
		"a check of later":          {`"section":"Verify"`, `"section":"Verify","moon":1`, "moon"},
		"an observation of later":   {`"port":1688`, `"port":1688,"moon":1`, "moon"},
		"a title in no text":        {`{"id":"check/vantage/b",`, `{"id":"check/vantage/b","title":7,`, "cannot read"},
	} {
		t.Run(name, func(t *testing.T) {
			changed := strings.ReplaceAll(text, x.old, x.now)
			if changed == text {
				t.Fatalf("there is no %s", x.old)
			}
			if _, err := Read(strings.NewReader(changed)); err == nil || !strings.Contains(err.Error(), x.want) {
				t.Errorf("got %v; want an error with %q", err, x.want)
			}
		})
	}
}

// A short document does not stand for one without end.
func TestWhatStandsOnceIsBounded(t *testing.T) {
	const much = leastRepeated / 4
	long := strings.Repeat("w", much)
	for name, change := range map[string]func(r *run.Run, n int){
		"a reason":          func(r *run.Run, n int) { r.Cells[n].Seen = reason.List{reason.Quote(long)} },
		"a reason beneath":  func(r *run.Run, n int) { r.Cells[n].Seen = reason.One("x", "n", n, "why", reason.Quote(long)) },
		"the place":         func(r *run.Run, n int) { r.Cells[0].Trials = []run.Trial{{At: long, Claims: whys(long, n+1)}} },
		"a title":           func(r *run.Run, n int) { r.Cells[n].Title = long },
		"a note":            func(r *run.Run, n int) { r.Observations[n].Tries = []run.Try{{Note: long}} },
		"a way":             func(r *run.Run, n int) { r.Vantages[0].Ways[0].Name, r.Observations[n].Via = long, long },
		"numbers by number": func(r *run.Run, n int) { r.Cells[n].Trials = []run.Trial{{Claims: whys("", much/leastOctets)}} },
	} {
		for times, fine := range map[int]bool{2: true, 40: false} {
			r := &run.Run{}
			r.Vantages = []run.Vantage{{Name: "guest", Ways: []run.Way{{Name: "ssh"}}}}
			for n := range times {
				r.Cells = append(r.Cells, run.Cell{ID: run.CellID{Check: "a", Vantage: "b", Target: string(rune('A' + n))}, Verdict: run.Fail})
				r.Observations = append(r.Observations, run.Observation{ID: string(rune('A' + n)), Need: run.Need{Vantage: "guest"}, Class: run.Silent})
				change(r, n)
			}
			text := document(t, r)
			if _, err := Read(strings.NewReader(text)); (err == nil) != fine || err != nil && !strings.Contains(err.Error(), "more often than any run") {
				t.Errorf("%s, %d times in %d octets: %v", name, times, len(text), err)
			}
		}
	}
}

// whys is a claim with the same reason many times.
func whys(at string, n int) []run.Claim {
	c := run.Claim{Code: "sent"}
	for range n {
		c.Why = append(c.Why, placed(reason.New("x"), at))
	}
	return []run.Claim{c}
}
