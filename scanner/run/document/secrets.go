package document

import (
	"encoding/json"
	"regexp"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/run/redact"
)

// quoted is the end of an error that quotes the text of a registry, as versions
// before this one wrote it.
var quoted = regexp.MustCompile(`(what is no value|before any key of [^:]*|neither a key nor a value|what follows the value is not understood|of no known form|it begins with):? "(?:[^"\\]|\\.)*"`)

// hideOld takes out of a document what an older version kept: preshared keys, and
// the arguments of commands that print a secret.
func hideOld(r *run.Run) {
	keys := redact.Keys(r.Observations)
	clean := func(s *string) { *s = quoted.ReplaceAllString(keys.Replace(*s), "$1") }
	for i := range r.Observations {
		redact.Texts(&r.Observations[i], clean)
	}
	cleaned := func(l reason.List) reason.List {
		return l.Mapped(func(s string) string { clean(&s); return s })
	}
	for i := range r.Cells {
		c := &r.Cells[i]
		for _, l := range []*reason.List{&c.Reasons, &c.Intended, &c.Controls, &c.Conduct, &c.Seen, &c.Causes} {
			*l = cleaned(*l)
		}
		for f := range c.Findings {
			c.Findings[f].Reason = cleaned(c.Findings[f].Reason)
		}
	}
	for i := range r.Vantages {
		v := &r.Vantages[i]
		v.Trouble = cleaned(v.Trouble)
		for w := range v.Ways {
			v.Ways[w].Trouble = cleaned(v.Ways[w].Trouble)
		}
	}
	r.Untested = cleaned(r.Untested)
	r.Policy = withoutArguments(r.Policy)
}

// withoutArguments leaves of a policy's commands that print a secret the program
// alone. A policy without any is as it was, octet by octet.
func withoutArguments(policy json.RawMessage) json.RawMessage {
	var (
		fields, password map[string]json.RawMessage
		credentials      []map[string]json.RawMessage
		command          []json.RawMessage
	)
	if json.Unmarshal(policy, &fields) != nil || json.Unmarshal(fields["credentials"], &credentials) != nil {
		return policy
	}
	changed := false
	for _, c := range credentials {
		password, command = nil, nil
		if json.Unmarshal(c["password"], &password) != nil || json.Unmarshal(password["exec"], &command) != nil || len(command) < 2 {
			continue
		}
		password["exec"], changed = encoded(command[:1]), true
		c["password"] = encoded(password)
	}
	if !changed {
		return policy
	}
	fields["credentials"] = encoded(credentials)
	return encoded(fields)
}

// encoded is JSON of what was JSON.
func encoded(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // it is made of JSON
	}
	return b
}
