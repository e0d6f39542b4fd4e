package policy

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// vantage resolves a vantage with what it inherits.
func (l *loader) vantage(v named[block[vantageForm]]) Vantage {
	f := v.value.form
	d := l.main.Defaults.form.Vantage.form
	out := Vantage{
		Name: v.name, Host: f.Host.value, PairedWith: f.PairedWith.value,
		Path: first(f.Path, d.Path).value, Site: first(f.Site, d.Site).value,
		Addresses: addrs(f.Addresses), SeenAs: addrs(f.SeenAs), Sees: l.hostNames(f.Sees),
		Role: oneOf(l, "role", f.Role, "", RoleDomain, RoleMemberNoRule, RoleNonDomain, RoleExempt, RoleKMSHost),
	}
	if out.Path == "" {
		out.Path = "lan"
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
	ways := f.over(d.wayForm)
	for _, via := range f.Via.items {
		if way, ok := l.via(v.name, via, ways); ok {
			out.Via = append(out.Via, way)
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
			form.Via.items = []viaForm{{at: n.at, WinRM: n}}
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
	put := func(s *text) { s.value = strings.ReplaceAll(s.value, "{name}", name) }
	for i := range via.items {
		w := &via.items[i]
		put(&w.SSH)
		put(&w.WinRM)
		w.Exec.items = slices.Clone(w.Exec.items)
		for j := range w.Exec.items {
			put(&w.Exec.items[j])
		}
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

// over returns w with d where w says nothing.
func (w wayForm) over(d wayForm) wayForm {
	return wayForm{
		Credential: first(w.Credential, d.Credential), CA: first(w.CA, d.CA), Pin: first(w.Pin, d.Pin),
		Auth: first(w.Auth, d.Auth), Install: first(w.Install, d.Install), KnownHosts: first(w.KnownHosts, d.KnownHosts),
	}
}

// via resolves one way in. What it inherits counts only where it suits: a
// password is sent by SSH to those that name it themselves, never by default.
func (l *loader) via(vantage string, f viaForm, inherited wayForm) (Via, bool) {
	var kinds []ViaKind
	for kind, at := range map[ViaKind]place{ViaLocal: f.Local.at, ViaExec: f.Exec.at, ViaSSH: f.SSH.at, ViaWinRM: f.WinRM.at} {
		if at.src != nil {
			kinds = append(kinds, kind)
		}
	}
	for word, u := range map[string]unsupported{"agent": f.Agent, "observations": f.Observations} {
		if u.set {
			l.bad.add(u.at, "via %s is not in this version; use local, exec, ssh or winrm", word)
			return Via{}, false
		}
	}
	if len(kinds) != 1 {
		l.bad.add(f.at, "a way into vantage %s is one of local, exec, ssh and winrm; this one has %d of them", vantage, len(kinds))
		return Via{}, false
	}
	out := Via{Kind: kinds[0]}
	own := f.wayForm
	switch out.Kind {
	case ViaLocal:
		if f.Local.set && !f.Local.value {
			l.bad.add(f.Local.at, "local: false is no way in; remove it")
		}
		l.idle(out.Kind, own, "credential", "ca", "pin", "auth", "install", "known_hosts")
	case ViaExec:
		out.Command = values(f.Exec)
		if len(out.Command) == 0 {
			l.bad.add(f.at, "exec names no command; write the command that starts kmsiso there, as a list")
		}
		l.idle(out.Kind, own, "credential", "ca", "pin", "auth", "install", "known_hosts")
	case ViaSSH:
		out.Address = l.sshAddress(f.SSH)
		out.Credential = l.sshCredential(own.Credential, inherited.Credential)
		out.Install = oneOf(l, "install", first(own.Install, inherited.Install), "auto", "never", "ask", "auto")
		out.KnownHosts = l.existing(first(own.KnownHosts, inherited.KnownHosts), "known_hosts of vantage "+vantage)
		l.idle(out.Kind, own, "ca", "pin", "auth")
	case ViaWinRM:
		w := own.over(inherited)
		out.Address = l.winrmAddress(f.WinRM)
		out.Credential = l.winrmCredential(vantage, f.at, w.Credential)
		out.CA = l.existing(w.CA, "ca of vantage "+vantage)
		out.Pin = l.pin(w.Pin)
		out.Auth = oneOf(l, "auth", w.Auth, "negotiate", "negotiate", "basic")
		if out.Auth == "basic" && !strings.HasPrefix(strings.ToLower(out.Address), "https://") {
			l.bad.add(f.WinRM.at, "auth: basic sends the password as it is, so it wants HTTPS; write winrm: https://HOST:5986")
		}
		if out.Auth == "negotiate" && l.forbidsNTLM() {
			l.bad.add(f.at, "the way by WinRM into vantage %s logs on with NTLM, which ntlm: forbid rules out; write winrm: https://HOST:5986 and auth: basic, or another way in", vantage)
		}
		l.idle(out.Kind, own, "install", "known_hosts")
	}
	return out, true
}

// idle tells keys that mean nothing for this kind of way.
func (l *loader) idle(kind ViaKind, f wayForm, keys ...string) {
	at := map[string]place{
		"credential": f.Credential.at, "ca": f.CA.at, "pin": f.Pin.at, "auth": f.Auth.at,
		"install": f.Install.at, "known_hosts": f.KnownHosts.at,
	}
	for _, k := range keys {
		if at[k].src != nil {
			l.bad.add(at[k], "%s means nothing for a way in by %s; remove it", k, kind)
		}
	}
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

func (l *loader) sshCredential(own, inherited text) string {
	if own.at.src != nil {
		if kind, ok := l.credentialKind(own); ok && (kind == "keytab" || kind == "ccache") {
			l.bad.add(own.at, "credential %s is a %s, which is not used by SSH in this version; name a key or a password", own.value, kind)
		}
		l.needsUser(own)
		return own.value
	}
	if kind, _ := l.credentialKind(inherited); kind == "key" {
		return inherited.value
	}
	return ""
}

func (l *loader) winrmCredential(vantage string, at place, s text) string {
	kind, ok := l.credentialKind(s)
	l.needsUser(s)
	switch {
	case ok && kind == "key":
		l.bad.add(s.at, "credential %s is an SSH key, which does not log in by WinRM; name a password or a keytab", s.value)
	case ok && kind == "ccache":
		l.bad.add(s.at, "credential %s is a ticket cache, which is not used by WinRM in this version; name a password or a keytab", s.value)
	case s.at.src == nil:
		l.bad.add(at, "the way by WinRM into vantage %s names no credential", vantage)
	}
	return s.value
}

var pinForm = regexp.MustCompile(`^[0-9a-f]{64}$`)

func (l *loader) pin(s text) string {
	if !s.set {
		return ""
	}
	pin := strings.ToLower(strings.ReplaceAll(s.value, ":", ""))
	if !pinForm.MatchString(pin) {
		l.bad.add(s.at, "pin wants the SHA-256 of the certificate, 64 hexadecimal digits")
	}
	return pin
}

// sshAddress checks [user@]host[:port]. The host may be an alias of ssh_config.
func (l *loader) sshAddress(s text) string {
	if !s.set {
		return ""
	}
	user, host, ok := strings.Cut(s.value, "@")
	if !ok {
		user, host = "", s.value
	}
	if strings.Contains(user, ":") {
		l.noSecretHere(s)
		return ""
	}
	name := l.hostPort(s, host)
	if ok && user == "" || name == "" || strings.HasPrefix(name, "-") || strings.ContainsAny(s.value, " /\\") {
		l.bad.add(s.at, "%q is no way in by SSH; write [user@]host[:port]", s.value)
	}
	return s.value
}

// winrmAddress checks host[:port] or a URL.
func (l *loader) winrmAddress(s text) string {
	if !s.set {
		return ""
	}
	if strings.Contains(s.value, "@") {
		l.noSecretHere(s)
		return ""
	}
	host := s.value
	if strings.Contains(s.value, "://") {
		u, err := url.Parse(s.value)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.RawQuery != "" || u.Fragment != "" {
			l.bad.add(s.at, "%q is no URL of WinRM; write http://HOST:5985 or https://HOST:5986", s.value)
			return ""
		}
		host = u.Host
	}
	name := l.hostPort(s, host)
	if name == "" || strings.ContainsAny(name, " /\\") {
		l.bad.add(s.at, "%q is no way in by WinRM; write a host, host:port, or https://HOST:5986", s.value)
	}
	return s.value
}

// noSecretHere refuses a user and password in an address without showing it.
func (l *loader) noSecretHere(s text) {
	s.at.src.hidden = append(s.at.src.hidden, span{s.at.line, s.at.column, s.at.line + 1})
	l.bad.add(s.at, "an address must not hold a password; name a credential beside it")
}
