package intent

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/way"
)

// Via is one way into a vantage.
type Via struct {
	Kind string // its name, see [way.Kind]
	// Values are what is declared of it, and what holds where nothing is.
	Values way.Values
	// Credential is the name of the one that logs in; "" is none.
	Credential string
	// Implies is what the judge has to know of it. A run document carries it, so that
	// it can be judged where the way is not known.
	Implies way.Facts
	// Said names it in a sentence: "by ssh at guest.example.test". A run document has
	// none.
	Said string
}

// By is a way of a kind with these values. Those of kind and values that a file
// leaves to the standard are filled in.
func By(kind way.Kind, values way.Values) Via {
	all := way.Values{}
	for _, o := range kind.Options {
		if o.Standard != "" {
			all[o.Key] = o.Standard
		}
	}
	maps.Copy(all, values)
	return Via{Kind: kind.Name, Values: all, Implies: kind.Facts(all), Said: kind.Said(all)}
}

// MarshalJSON writes kind and values side by side, in the words of JSON: knownHosts.
func (v Via) MarshalJSON() ([]byte, error) {
	b := bytes.NewBufferString(`{"kind":`)
	add := func(value any) error {
		text, err := json.Marshal(value)
		b.Write(text)
		return err
	}
	if err := add(v.Kind); err != nil {
		return nil, err
	}
	all := way.Values{}
	maps.Copy(all, v.Values)
	if v.Credential != "" {
		all["credential"] = v.Credential
	}
	for _, key := range slices.Sorted(maps.Keys(all)) {
		fmt.Fprintf(b, `,%q:`, camel(key))
		if err := add(all[key]); err != nil {
			return nil, err
		}
	}
	b.WriteString(`,"implies":`)
	err := add(v.Implies)
	b.WriteByte('}')
	return b.Bytes(), err
}

// UnmarshalJSON reads what MarshalJSON writes. Documents of earlier versions do not
// say what a way implies; see [impliedBefore].
func (v *Via) UnmarshalJSON(text []byte) error {
	var all map[string]json.RawMessage
	if err := json.Unmarshal(text, &all); err != nil {
		return err
	}
	*v = Via{Values: way.Values{}}
	told := false
	for key, raw := range all {
		var err error
		switch key {
		case "kind":
			err = json.Unmarshal(raw, &v.Kind)
		case "credential":
			err = json.Unmarshal(raw, &v.Credential)
		case "implies":
			told = true
			err = json.Unmarshal(raw, &v.Implies)
		default:
			var value any
			if err = json.Unmarshal(raw, &value); err == nil {
				err = v.Values.Read(snake(key), value)
			}
		}
		if err != nil {
			return fmt.Errorf("a way in: %w", err)
		}
	}
	if !told {
		v.Implies = impliedBefore(v.Kind, v.Values.Text("address"))
	}
	return nil
}

// impliedBefore is what a way implied in the versions whose documents do not say it.
// There were these four; no other is ever added.
func impliedBefore(kind, address string) way.Facts {
	before := map[string]way.Facts{
		"local": {Here: true, FarEnd: true},
		"exec":  {FarEnd: true},
		"ssh":   {FarEnd: true, Ports: []uint16{22}},
		"winrm": {Ports: []uint16{5985, 5986}, Shown: []string{"password"}},
	}
	f := before[kind]
	if address != "" {
		to := way.Enters(address, f.Ports...)
		f.Machine, f.Ports = to.Machine, to.Ports
	}
	return f
}

// camel is the name of an option in JSON, and snake that in the file.
func camel(key string) string {
	words := strings.Split(key, "_")
	for i, w := range words[1:] {
		words[i+1] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, "")
}

func snake(key string) string {
	var b strings.Builder
	for _, r := range key {
		if r >= 'A' && r <= 'Z' {
			b.WriteByte('_')
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}
