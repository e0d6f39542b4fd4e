package observe

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/kmsiso/kmsiso/scanner/belt"
	"github.com/kmsiso/kmsiso/scanner/directory/live"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/logon"
	"github.com/kmsiso/kmsiso/scanner/reason"
)

// showing is an account of a domain that machines will be shown. It is shown to a
// domain controller first: a machine that refuses it then does so for itself, and
// a wrong password costs one attempt.
type showing struct {
	credential intent.Credential
	forest     intent.Forest
	urls       []string // of the controllers of its domain; none is declared where empty
	who        logon.Account
	vantage    string // a way that it is for
	way        int
}

// showings lists them: each credential of a domain that a machine is shown.
func showings(p *intent.Policy) []showing {
	var all []showing
	declared := forests(p)
	for _, v := range p.Vantages {
		for i, w := range v.Via {
			cred, ok := p.Credential(w.Credential)
			who := logon.ParseAccount(cred.User, p.WayNames(v, w)...)
			if !ok || !slices.Contains(w.Implies.Shown, cred.Kind) || who.Machine != "" ||
				slices.ContainsFunc(all, func(s showing) bool { return s.credential.Name == cred.Name }) {
				continue
			}
			s := showing{credential: cred, who: who, vantage: v.Name, way: i}
			domain := declared.Domain(who)
			for _, f := range p.Forests {
				for _, u := range f.Directory.URLs {
					if domain != "" && domainOf(f, u) == domain {
						s.forest, s.urls = f, append(s.urls, u)
					}
				}
			}
			all = append(all, s)
		}
	}
	return all
}

// Showings are the lines of a plan that say which account is shown to which domain
// controllers before any host.
func Showings(p *intent.Policy) (lines []string) {
	for _, s := range showings(p) {
		lines = append(lines, s.says())
	}
	return lines
}

// says is the line of a plan.
func (s showing) says() string {
	if len(s.urls) == 0 {
		return fmt.Sprintf("account %s: no domain controller of its domain is declared, so the first host is shown it alone", s.credential.User)
	}
	var servers []string
	for _, u := range s.urls {
		if parsed, err := url.Parse(u); err == nil {
			servers = append(servers, parsed.Hostname())
		}
	}
	reads := ""
	if s.forest.Directory.Credential != "" && s.forest.Directory.Credential != s.credential.Name {
		reads = fmt.Sprintf("; reads as %s how near it is to being locked out", s.forest.Directory.Credential)
	}
	return fmt.Sprintf("account %s: shown once by LDAP to %s, before any host%s", s.credential.User, strings.Join(servers, ", or "), reads)
}

// show shows them, each within the time that a vantage has to be entered. What
// comes of it is known to the gate.
func (l *logins) show(ctx context.Context, p *intent.Policy) {
	defer close(l.ready)
	var all sync.WaitGroup
	for _, s := range showings(p) {
		if len(s.urls) == 0 {
			continue
		}
		all.Go(func() {
			ctx, cancel := context.WithTimeout(ctx, p.Limits.Connect)
			defer cancel()
			// The ways in say why they are not tried.
			_, _ = belt.Do(ctx, belt.Call{Name: "account " + s.credential.User}, func(ctx context.Context) error {
				return l.showOne(ctx, p, s)
			}, nil)
		})
	}
	all.Wait()
}

func (l *logins) showOne(ctx context.Context, p *intent.Policy, s showing) error {
	login := l.ways[s.vantage][s.way]
	d := s.forest.Directory
	if reader := l.forest[s.forest.Name]; reader != nil && !reader.Same(login) {
		login.SetLimit(l.limit(ctx, p, s, reader))
	}
	source, err := live.New(live.Options{URLs: s.urls, CA: d.CA, Credential: credentialOf(s.credential), Login: login, Distrusted: l.distrusted, Timeout: p.Limits.Connect})
	if err != nil {
		return err
	}
	return source.Show(ctx)
}

// limit asks, as the account that reads the directory, how near another is to
// being locked out.
func (l *logins) limit(ctx context.Context, p *intent.Policy, s showing, reader *logon.Login) logon.Limit {
	cred, _ := p.Credential(s.forest.Directory.Credential)
	source, err := live.New(live.Options{URLs: s.urls, CA: s.forest.Directory.CA, Credential: credentialOf(cred), Login: reader, Distrusted: l.distrusted, Timeout: p.Limits.Connect})
	if err != nil {
		return logon.Limit{Why: reason.Of(err)}
	}
	return source.Limit(ctx, s.who)
}
