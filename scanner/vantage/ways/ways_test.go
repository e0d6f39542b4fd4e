package ways

import (
	"fmt"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/vantage/entry"
	"github.com/kmsiso/kmsiso/scanner/way"
)

// What the form, the schema and a run document take from an entry is there, and no two
// ways mean different things by one key.
func TestEveryWayIsDescribed(t *testing.T) {
	key := regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)
	options := map[string]way.Option{}
	for _, e := range All {
		if !key.MatchString(e.Name) || e.Title == "" || e.Said == nil || e.Open == nil || e.Value.About == "" {
			t.Errorf("%q lacks a name, a title, a description, Said or Open", e.Name)
		}
		if again := slices.IndexFunc(All, func(o entry.Entry) bool { return o.Name == e.Name }); All[again].Title != e.Title {
			t.Errorf("there are two ways %s", e.Name)
		}
		for _, o := range append([]way.Option{e.Value}, e.Options...) {
			if !key.MatchString(o.Key) || o.About == "" {
				t.Errorf("%s: option %q has no key or no description", e.Name, o.Key)
			}
			if slices.Contains([]string{"kind", "credential", "implies"}, o.Key) {
				t.Errorf("%s: option %q has a key that a run document uses otherwise", e.Name, o.Key)
			}
			if o.Standard != "" && !slices.Contains(o.Choice, o.Standard) {
				t.Errorf("%s: the standard of %s is none of its words", e.Name, o.Key)
			}
		}
		for _, o := range e.Options {
			first, known := options[o.Key]
			o.Check, first.Check = nil, nil
			if known && !reflect.DeepEqual(first, o) {
				t.Errorf("%s: option %s means something else to another way", e.Name, o.Key)
			}
			options[o.Key] = o
		}
		if e.Said(way.Values{}) == "" {
			t.Errorf("%s: a sentence has no words for it", e.Name)
		}
	}
}

func TestOneWayIsForSets(t *testing.T) {
	var names []string
	for _, k := range Kinds() {
		if k.OfSets {
			names = append(names, k.Name)
		}
	}
	if len(names) != 1 {
		t.Errorf("the vantages of a set are entered by %q", names)
	}
}

// docs/security.md says of each way what the machine gets of a credential, and of no
// way that there is not.
func TestWhatMachinesGetIsDisclosed(t *testing.T) {
	page, err := os.ReadFile("../../../docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(page), "| way in | credential | what the machine gets |\n|---|---|---|\n")
	table, _, _ = strings.Cut(table, "\n\n")
	var want []string
	for _, k := range Kinds() {
		if k.Login == nil {
			continue
		}
		for _, r := range k.Login.Receives {
			want = append(want, fmt.Sprintf("| `%s` | %s | %s |", k.Name, r.Credential, r.What))
		}
	}
	if got := strings.Split(table, "\n"); !slices.Equal(got, want) {
		t.Errorf("docs/security.md has\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// A value that may hold a password is told by the error that has it hidden.
func TestAPasswordInAnAddressIsHidden(t *testing.T) {
	for name, address := range map[string]string{"ssh": "u:Hunter2@h", "winrm": "https://u:Hunter2@h:5986"} {
		e, ok := Named(name)
		if !ok {
			t.Fatalf("there is no way %s", name)
		}
		if kept, err := e.Value.Check(address); kept != "" || err != way.ErrSecret { //nolint:errorlint // the error itself
			t.Errorf("%s: %q, %v", name, kept, err)
		}
	}
}
