package policyfile

import (
	"net"
	"net/url"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/intent"
)

// flatName is the longest NetBIOS name of a domain.
const flatName = 15

// checkLogons warns of an account that several machines are shown, while nobody
// can tell a wrong password from a machine's own refusal: the first one that
// refuses then ends it for all.
func (l *loader) checkLogons(p *intent.Policy) {
	shown := map[string]int{}     // machines, by credential
	titles := map[string]string{} // of the way, by credential
	for _, v := range p.Vantages {
		for _, w := range v.Via {
			c, ok := p.Credential(w.Credential)
			domain, _, _ := strings.Cut(c.User, `\`)
			own := slices.ContainsFunc(p.WayNames(v, w), func(n string) bool { return domain == "." || strings.EqualFold(domain, firstLabel(n)) })
			if ok && slices.Contains(w.Implies.Shown, c.Kind) && !own {
				shown[c.Name]++
				titles[c.Name] = l.kinds.named(w.Kind).Title
			}
		}
	}
	for i, c := range p.Credentials {
		if shown[c.Name] < 2 {
			continue
		}
		at, user := l.credentials[i].at, c.User
		domain, _, flat := strings.Cut(user, `\`)
		if !flat {
			_, domain, _ = strings.Cut(user, "@")
		}
		domain = strings.ToLower(strings.TrimSuffix(domain, "."))
		switch {
		case domain == "":
			l.bad.warn(at, `credential %s is shown to %d machines by %s, and whose account %s is cannot be told, so the first refusal ends it for all; write DOMAIN\%s, or .\%s for the one of each machine itself`, c.Name, shown[c.Name], titles[c.Name], user, user, user)
		case !hasController(p, domain, flat):
			name := domain
			if !strings.Contains(name, ".") {
				name += ".example"
			}
			l.bad.warn(at, "credential %s is shown to %d machines by %s, and no domain controller of its domain is declared, so a wrong password cannot be told from a machine's own refusal and the first refusal ends it for all; "+
				"add forests: {%s: {directory: {urls: [ldaps://dc01.%s], credential: NAME}}}", c.Name, shown[c.Name], titles[c.Name], name, name)
		}
	}
}

// hasController reports whether a controller of a domain is declared. A NetBIOS
// name is taken for the first label of its domain's.
func hasController(p *intent.Policy, domain string, flat bool) bool {
	for _, f := range p.Forests {
		for _, u := range f.Directory.URLs {
			parsed, err := url.Parse(u)
			if err != nil {
				continue
			}
			_, of, ok := strings.Cut(strings.ToLower(parsed.Hostname()), ".")
			if !ok || net.ParseIP(parsed.Hostname()) != nil {
				of = strings.ToLower(f.Name)
			}
			first := firstLabel(of)
			if of == domain || flat && domain == first[:min(len(first), flatName)] {
				return true
			}
		}
	}
	return false
}

func firstLabel(name string) string {
	first, _, _ := strings.Cut(name, ".")
	return first
}

// forbidsNTLM says whether the file forbids NTLM. A word that is not known is
// told once, by what looks at the whole file.
func (l *loader) forbidsNTLM() bool { return l.main.NTLM.value == "forbid" }

// checkNTLM tells a word that is not known, and a directory that cannot be read with
// Kerberos alone where it has to be: Kerberos wants to know the domain of the account.
func (l *loader) checkNTLM(p *intent.Policy) {
	oneOf(l, "ntlm", l.main.NTLM, "allow")
	for _, f := range p.Directories() {
		because := "ntlm: forbid"
		if !p.ForbidNTLM {
			because = "controllers: all"
		}
		c, ok := p.Credential(f.Directory.Credential)
		if !p.ForbidNTLM && !f.Directory.AllControllers || !ok || len(f.Directory.URLs) == 0 || f.Directory.SYSVOL != "" || c.Kind != "password" || c.User == "" {
			continue
		}
		if !strings.ContainsAny(c.User, `\@`) {
			for _, own := range l.credentials {
				if own.name == c.Name {
					l.bad.add(own.at, "credential %s reads the SYSVOL of forest %s, with Kerberos alone because of %s, and that wants the account's domain; write DOMAIN\\%s, or a principal in place of user", c.Name, f.Name, because, c.User)
				}
			}
		}
	}
}
