package policyfile

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/way"
)

// vantage resolves a vantage with what it inherits.
func (l *loader) vantage(v named[block[vantageForm]]) intent.Vantage {
	f := v.value.form
	d := l.main.Defaults.form.Vantage.form
	out := intent.Vantage{
		Name: v.name, Host: f.Host.value, PairedWith: f.PairedWith.value,
		Path: first(f.Path, d.Path).value, Site: first(f.Site, d.Site).value,
		Addresses: addrs(f.Addresses), SeenAs: addrs(f.SeenAs), Sees: l.hostNames(f.Sees),
		Role: oneOf(l, "role", f.Role, intent.Role("")),
	}
	if out.Path == "" {
		out.Path = "lan"
	}
	if out.Role == intent.RoleKMSHost && !f.Host.set && l.has("host", v.name) {
		out.Host = v.name
	}
	alive := f.Alive
	if !alive.set {
		alive = d.Alive
	}
	for _, a := range alive.items {
		if l.destination(a, nil) {
			out.Alive = append(out.Alive, a.value)
		}
	}
	if !f.Role.set && !v.value.broken {
		l.bad.add(v.at, "vantage %s has no role; want one of domain, member-no-rule, non-domain, exempt, kms-host, directory", v.name)
	}
	inherited := f.Options.over(d.Options)
	for _, via := range f.Via.items {
		if w, ok := l.via(v.name, via, inherited); ok {
			out.Via = append(out.Via, w)
		}
	}
	if len(f.Via.items) == 0 && !v.value.broken {
		l.bad.add(v.at, "vantage %s has no way in; give via, such as [local] or [{ssh: %s}]", v.name, v.name)
	}
	return out
}

// expand makes the vantages of a set.
func (l *loader) expand(s block[setForm]) []named[block[vantageForm]] {
	f := s.form
	if (!f.Set.set || len(f.Names.items) == 0) && !s.broken {
		l.bad.add(s.at, "a vantage set needs set (its name) and names")
	}
	if !f.Template.form.Role.set && !f.Template.broken && !s.broken {
		l.bad.add(s.at, "the template of vantage set %s has no role; give it one", f.Set.value)
		f.Template.broken = true // tell it once, not for every name
	}
	var out []named[block[vantageForm]]
	for _, n := range f.Names.items {
		if !n.set {
			continue
		}
		v := named[block[vantageForm]]{at: n.at, name: n.value, value: f.Template}
		form := &v.value.form
		if len(form.Via.items) == 0 {
			form.Via.items = []viaForm{l.kinds.ofSet(n)}
		} else {
			form.Via = fill(form.Via, n.value)
		}
		out = append(out, v)
	}
	return out
}

// fill puts the name into copies of a template's ways in.
func fill(via list[viaForm], name string) list[viaForm] {
	via.items = slices.Clone(via.items)
	for i := range via.items {
		via.items[i].Ways = via.items[i].Ways.filled(name)
	}
	return via
}

// first returns the first that is set.
func first(all ...text) text {
	for _, s := range all {
		if s.set {
			return s
		}
	}
	return text{}
}

// via resolves one way in.
func (l *loader) via(vantage string, f viaForm, inherited wayForm) (intent.Via, bool) {
	for _, u := range []struct {
		word string
		unsupported
	}{{"agent", f.Agent}, {"observations", f.Observations}} {
		if u.set {
			l.bad.add(u.at, "via %s is not in this version; use %s", u.word, sentence(l.kinds.names(), "or"))
			return intent.Via{}, false
		}
	}
	if len(f.Ways) != 1 {
		l.bad.add(f.at, "a way into vantage %s is one of %s; this one has %d of them", vantage, sentence(l.kinds.names(), "and"), len(f.Ways))
		return intent.Via{}, false
	}
	var kind way.Kind
	var value stated
	for name, g := range f.Ways {
		kind, value = l.kinds.named(name), *g
	}
	said := way.Values{}
	l.put(said, vantage, value)
	for _, o := range kind.Options {
		l.put(said, vantage, f.Options.or(inherited, o.Key))
	}
	out := intent.By(kind, said)
	out.Credential = l.wayCredential(vantage, kind, f, inherited)
	l.idle(kind, f.Options)
	l.checkWay(vantage, out, kind, f.at, value.at)
	return out, true
}

// put checks one option of a way and keeps its value.
func (l *loader) put(to way.Values, vantage string, g stated) {
	o := g.option
	switch {
	case o.Type == way.Flag:
		if g.flag.set && !g.flag.value {
			l.bad.add(g.at, "%s: false is no way in; remove it", o.Key)
		}
	case o.Type == way.Words:
		if words := values(g.words); len(words) > 0 {
			to[o.Key] = words
		}
	case !g.text.set:
	case o.Type == way.File:
		to[o.Key] = l.existing(g.text, o.Key+" of vantage "+vantage)
	case len(o.Choice) > 0:
		to[o.Key] = oneOf(l, o.Key, g.text, o.Standard)
	case o.Check != nil:
		to[o.Key] = l.checked(g.text, o.Check)
	default:
		to[o.Key] = g.text.value
	}
}

// checked has a way check one of its values, and tells each thing that is wrong.
func (l *loader) checked(s text, check func(string) (string, error)) string {
	kept, err := check(s.value)
	all := []error{err}
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		all = many.Unwrap()
	}
	for _, err := range all {
		if errors.Is(err, way.ErrSecret) {
			s.at.src.hidden = append(s.at.src.hidden, span{s.at.line, s.at.column, s.at.line + 1})
		}
		if err != nil {
			l.bad.add(s.at, "%v", err)
		}
	}
	return kept
}

// checkWay has a way check itself. at is where it stands, and value where what is
// behind its name does.
func (l *loader) checkWay(vantage string, v intent.Via, kind way.Kind, at, value place) {
	if kind.Check == nil {
		return
	}
	for _, m := range kind.Check(way.Asked{Vantage: vantage, Values: v.Values, ForbidNTLM: l.forbidsNTLM()}) {
		if m.Option == kind.Value.Key {
			l.bad.add(value, "%s", m.Text)
		} else {
			l.bad.add(at, "%s", m.Text)
		}
	}
}

// idle tells options that mean nothing for this kind of way.
func (l *loader) idle(kind way.Kind, f wayForm) {
	for key, g := range f {
		if !l.kinds.takes(kind, key) {
			l.bad.add(g.at, "%s means nothing for a way in by %s; remove it", key, kind.Name)
		}
	}
}

// wayCredential is the credential that logs in by a way.
func (l *loader) wayCredential(vantage string, kind way.Kind, f viaForm, inherited wayForm) string {
	login := kind.Login
	if login == nil {
		return ""
	}
	own := f.Options.of(credentialOption.Key).text
	s := own
	if own.at.src == nil {
		s = inherited.of(credentialOption.Key).text
	}
	of, known := l.credentialKind(s)
	if own.at.src == nil && login.Inherits != nil && !slices.Contains(login.Inherits, of) {
		return ""
	}
	l.needsUser(s)
	switch why := login.Refuses[of]; {
	case known && why != "":
		l.bad.add(s.at, "credential %s %s", s.value, why)
	case login.Needed && s.at.src == nil:
		l.bad.add(f.at, "the way by %s into vantage %s names no credential", kind.Title, vantage)
	}
	return s.value
}

func (l *loader) credentialKind(s text) (kind string, ok bool) {
	if !s.set {
		return "", false
	}
	for _, c := range l.credentials {
		if c.name == s.value {
			return c.value.form.Kind.value, true
		}
	}
	l.known("credential", s, func() []string { return names(l.credentials) })
	return "", false
}

// needsUser tells of a password whose account is only known as a principal: that
// is for a directory.
func (l *loader) needsUser(s text) {
	for _, c := range l.credentials {
		if f := c.value.form; c.name == s.value && f.Kind.value == "password" && f.Principal.set && !f.User.set {
			l.bad.add(s.at, "credential %s has a principal in place of a user, which only a directory takes; give it a user", s.value)
		}
	}
}

// sentence lists words as a sentence does: a, b and c.
func sentence(words []string, and string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return fmt.Sprintf("%s %s %s", strings.Join(words[:last], ", "), and, words[last])
}
