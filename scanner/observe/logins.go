package observe

import (
	"context"
	"net"
	"net/url"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/directory/live"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/logon"
	"github.com/kmsiso/kmsiso/scanner/logon/distrust"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// logins are the credentials of a policy before the gate of one run. All of them
// are made before any is used: which names are one account does not depend on who
// comes first.
type logins struct {
	gate   *logon.Gate
	forest map[string]*logon.Login   // by forest
	ways   map[string][]*logon.Login // by vantage, one for each way in; nil for one without
	ready  chan struct{}             // closed when the accounts were shown to their controllers
	// distrusted are the machines that get nothing in this run.
	distrusted *distrust.Places
}

func newLogins(p *intent.Policy, m *logon.Memory) *logins {
	l := &logins{gate: logon.NewGate(m, forests(p)), forest: map[string]*logon.Login{}, ways: map[string][]*logon.Login{}, ready: make(chan struct{}), distrusted: new(distrust.Places)}
	for _, f := range p.Directories() {
		if cred, ok := p.Credential(f.Directory.Credential); ok {
			l.forest[f.Name] = l.gate.For(cred.Name, credentialOf(cred).Account())
		}
	}
	for _, v := range p.Vantages {
		for _, w := range v.Via {
			var of *logon.Login
			if cred, ok := p.Credential(w.Credential); ok && len(w.Implies.Shown) > 0 {
				of = l.gate.For(cred.Name, cred.User, p.WayNames(v, w)...)
			}
			l.ways[v.Name] = append(l.ways[v.Name], of)
		}
	}
	return l
}

// credentials says which are held back.
func (l *logins) credentials() []run.Credential { return l.gate.Credentials() }

// forests are those declared, with the domains of their controllers.
func forests(p *intent.Policy) logon.Forests {
	var all logon.Forests
	for _, f := range p.Forests {
		forest := logon.Forest{Name: strings.ToLower(f.Name)}
		if strings.Contains(f.Name, ".") {
			forest.Domains = []string{forest.Name}
		}
		for _, u := range f.Directory.URLs {
			d := domainOf(f, u)
			if d != "" && !slices.Contains(forest.Domains, d) {
				forest.Domains = append(forest.Domains, d)
			}
			forest.Controlled = append(forest.Controlled, d)
		}
		all = append(all, forest)
	}
	return all
}

// domainOf is the domain of a declared controller: what follows its name, or that
// of the forest where it is declared by an address.
func domainOf(f intent.Forest, controller string) string {
	u, err := url.Parse(controller)
	if err != nil {
		return ""
	}
	_, domain, ok := strings.Cut(strings.ToLower(strings.TrimSuffix(u.Hostname(), ".")), ".")
	if !ok || net.ParseIP(u.Hostname()) != nil {
		return strings.ToLower(f.Name)
	}
	return domain
}

// secretOf reads the secret when it is needed.
func secretOf(c intent.Credential) func(context.Context) ([]byte, error) {
	return func(ctx context.Context) ([]byte, error) { return c.Password.Read(ctx) }
}

// credentialOf is a credential as a directory takes it.
func credentialOf(c intent.Credential) live.Credential {
	return live.Credential{Kind: live.Kind(c.Kind), User: c.User, Principal: c.Principal, File: c.File, Password: secretOf(c)}
}
