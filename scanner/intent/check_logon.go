package intent

import (
	"net"
	"net/url"
	"slices"
	"strings"
)

// flatName is the longest NetBIOS name of a domain.
const flatName = 15

// checkLogons warns of an account that several machines are shown, while nobody
// can tell a wrong password from a machine's own refusal: the first one that
// refuses then ends it for all.
func (l *loader) checkLogons(p *Policy) {
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
		case !p.hasController(domain, flat):
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
func (p *Policy) hasController(domain string, flat bool) bool {
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
