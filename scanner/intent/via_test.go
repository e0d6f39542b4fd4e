package intent_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kmsiso/kmsiso/scanner/directory/sources"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/vantage/ways"
	"github.com/kmsiso/kmsiso/scanner/way"
)

// A way in is the same after it was in a run document, and says what it implies
// whether this kmsiso knows its kind or not.
func TestAWayInSurvivesTheRunDocument(t *testing.T) {
	all := []intent.Via{
		by("local", nil, ""),
		by("exec", way.Values{"command": []string{"ip", "netns", "exec", "a", "kmsiso", "far-end"}}, ""),
		by("ssh", way.Values{"address": "root@[2001:db8::7]:2222", "known_hosts": "/etc/known"}, "key"),
		by("winrm", way.Values{"address": "https://PC1.contoso.test:5986/wsman", "auth": "basic"}, "clients"),
		{Kind: "of another version", Values: way.Values{"frequency": "7"}, Implies: way.Facts{Machine: "radio"}},
	}
	for _, want := range all {
		text, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got intent.Via
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatal(err)
		}
		want.Said = "" // is not in a document
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s:\n%s", text, diff)
		}
	}
}

// Documents of earlier versions have no "implies"; what they imply is what the same
// ways imply today.
func TestWaysOfEarlierDocuments(t *testing.T) {
	for text, want := range map[string]intent.Via{
		`{"kind":"local"}`: by("local", nil, ""),
		`{"kind":"exec","command":["kmsiso","far-end"]}`:                           by("exec", way.Values{"command": []string{"kmsiso", "far-end"}}, ""),
		`{"kind":"ssh","address":"u@h.test:22","install":"auto","knownHosts":"k"}`: by("ssh", way.Values{"address": "u@h.test:22", "known_hosts": "k"}, ""),
		`{"kind":"ssh","address":"H.test:2222","install":"auto"}`:                  by("ssh", way.Values{"address": "H.test:2222"}, ""),
		`{"kind":"winrm","address":"pc1","auth":"negotiate","credential":"c"}`:     by("winrm", way.Values{"address": "pc1"}, "c"),
	} {
		var got intent.Via
		if err := json.Unmarshal([]byte(text), &got); err != nil {
			t.Fatal(err)
		}
		want.Said = ""
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s:\n%s", text, diff)
		}
	}
	for _, text := range []string{`{"kind":7}`, `{"kind":"ssh","address":{}}`, `{"kind":"exec","command":[1]}`, `[]`} {
		if err := json.Unmarshal([]byte(text), new(intent.Via)); err == nil || strings.Contains(err.Error(), "panic") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// A directory is the same after it was in a run document, and one of an earlier
// document says what its source never tells.
func TestADirectorySurvivesTheRunDocument(t *testing.T) {
	backup, export := sources.Kinds()[0], sources.Kinds()[1]
	for text, want := range map[string]intent.Directory{
		`{}`: {},
		`{"urls":["ldaps://dc01.contoso.test"],"credential":"reader","ca":"ca.pem","sysvol":"s"}`: {URLs: []string{"ldaps://dc01.contoso.test"}, Credential: "reader", CA: "ca.pem", SYSVOL: "s"},
		`{"urls":["ldaps://dc01.contoso.test"],"credential":"reader","allControllers":true}`:      {URLs: []string{"ldaps://dc01.contoso.test"}, Credential: "reader", AllControllers: true},
		`{"backup":"gpos"}`:    {FileSource: intent.FileSourceAt(backup, "gpos")},
		`{"registry":"a.reg"}`: {FileSource: intent.FileSourceAt(export, "a.reg")},
		`{"another":"a.txt","neverTells":"backup-never-tells"}`: {FileSource: intent.FileSource{Kind: "another", Path: "a.txt", NeverTells: "backup-never-tells"}},
	} {
		want.FileSource.Said = "" // is not in a document
		for range 2 {
			var got intent.Directory
			if err := json.Unmarshal([]byte(text), &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s:\n%s", text, diff)
			}
			again, err := json.Marshal(got)
			if err != nil {
				t.Fatal(err)
			}
			text = string(again)
		}
	}
	if err := json.Unmarshal([]byte(`{"backup":7}`), new(intent.Directory)); err == nil {
		t.Error("a path that is a number is read")
	}
}

// by is a way of the kind of that name.
func by(kind string, values way.Values, credential string) intent.Via {
	e, _ := ways.Named(kind)
	v := intent.By(e.Kind, values)
	v.Credential = credential
	return v
}
