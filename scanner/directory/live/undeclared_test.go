package live

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"

	"github.com/kmsiso/kmsiso/scanner/directory"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// replicating is a domain with controllers of some names; "localhost" is the one that
// answers. Each has an account, but for those that begin with "left".
func replicating(t *testing.T, m *mock, names ...string) {
	t.Helper()
	of := aDomain(t, rootDN, rootSID)
	const sites = "CN=Sites,CN=Configuration," + rootDN
	server := func(i int) string { return fmt.Sprintf("CN=S%d,CN=Servers,CN=Default,%s", i, sites) }
	m.search = func(a asked) found {
		switch {
		case a.base == "":
			f := *of(a)
			e := f.at(0)
			e.Attributes = append(e.Attributes, ldap.NewEntryAttribute("dnsHostName", []string{"localhost"}))
			return these(e)
		case a.filter == "(objectClass=nTDSDSA)":
			return found{n: len(names), at: func(i int) *ldap.Entry { return ldap.NewEntry("CN=NTDS Settings,"+server(i), nil) }}
		case a.filter == "(objectClass=server)":
			// One more is no controller.
			return found{n: len(names) + 1, at: func(i int) *ldap.Entry {
				name := slices.Concat(names, []string{"demoted.contoso.test"})[i]
				attrs := map[string][]string{"serverReference": {"CN=X,OU=Domain Controllers," + rootDN}}
				if name != "" {
					attrs["dNSHostName"] = []string{name}
				}
				return ldap.NewEntry(server(i), attrs)
			}}
		case a.filter == machineAccount:
			return found{n: len(names), at: func(i int) *ldap.Entry {
				kind := fmt.Sprint(serverTrust)
				if strings.HasPrefix(names[i], "left") {
					kind = "4096" // of a member, which has the name by now
				}
				return ldap.NewEntry(fmt.Sprintf("CN=C%d,%s", i, rootDN), map[string][]string{
					userAccount: {kind}, dnsHostName: {names[i]}, "objectSid": {binarySID(t, fmt.Sprintf("%s-%d", rootSID, 2000+i))},
				})
			}}
		}
		if f := of(a); f != nil {
			return *f
		}
		return found{}
	}
}

// dialed reads a mock whose password is shown by a simple bind, and returns the
// forest and where connections went but to the mock itself.
func dialed(t *testing.T, m *mock, user string) (*run.Forest, []string) {
	t.Helper()
	t.Setenv("KRB5_CONFIG", "")
	url := m.serve("ldaps")
	var mu sync.Mutex
	var all []string
	s, err := New(Options{
		URLs: []string{url}, CA: m.ca, Timeout: 2 * time.Second, AllControllers: true, ForbidNTLM: false,
		Credential: Credential{Kind: Password, User: user, Password: told(secret)},
		Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
			if "ldaps://"+address == url {
				return new(net.Dialer).DialContext(ctx, network, address)
			}
			mu.Lock()
			defer mu.Unlock()
			all = append(all, address)
			return nil, &net.OpError{Op: "dial", Err: net.ErrClosed}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	f, err := s.Read(t.Context(), directory.Ask{Forest: "contoso.test"})
	if err != nil {
		t.Fatal(err)
	}
	return f, all
}

// A controller that nobody declares gets tickets or nothing: no password and no NTLM.
// Here no KDC answers, so nothing goes to it at all. What is no name in the declared
// domains is not asked in any way, and neither is one whose account is no controller's.
func TestUndeclaredControllersGetTicketsAlone(t *testing.T) {
	noLeak(t)
	m := newMock(t)
	odd := []string{"", "dc03.elsewhere.test", "contoso.test", "dc04.contoso.test.", "192.0.2.7", "dc 5.contoso.test", "dc6..contoso.test", ".contoso.test", "xcontoso.test"}
	replicating(t, m, append(odd, "localhost", "left.contoso.test", "DC02.contoso.test")...)
	f, all := dialed(t, m, `reader@CONTOSO.TEST`)
	if m.bound() != 1 {
		t.Errorf("the password was shown %d times", m.bound())
	}
	for _, at := range all {
		if !strings.HasPrefix(at, "127.0.0.1:") {
			t.Errorf("it was connected to %s", at)
		}
	}
	d := f.Domains[0]
	if slices.Contains(d.Servers, "demoted.contoso.test") || len(d.Unasked()) > 1 {
		t.Errorf("controllers %v, not asked %v", d.Servers, d.Unasked())
	}
	foreign, left := 0, 0
	for _, c := range d.Copies[1:] {
		switch {
		case c.Error.Has(reason.ControllerNameForeign):
			foreign++
		case c.Server == "left.contoso.test" && c.Error.Has(reason.ControllerAccountMissing):
			left++
		case c.Server != "dc02.contoso.test" || !c.Error.Names(reason.KDCSilent):
			t.Errorf("%s: %s", c.Server, c.Error.Key())
		}
	}
	if foreign != len(odd) || left != 1 || len(d.Copies) != len(odd)+3 {
		t.Errorf("of %d copies %d are of foreign names, %d of one without an account: %+v", len(d.Copies), foreign, left, d.Copies)
	}
}

// An account whose domain is not known gets no ticket, so nobody is asked; and of many
// controllers only so many are.
func TestUndeclaredControllersAreBounded(t *testing.T) {
	noLeak(t)
	m := newMock(t)
	names := []string{"localhost"}
	for i := range mostControllers + 3 {
		names = append(names, fmt.Sprintf("dc%04d.contoso.test", i))
	}
	replicating(t, m, names...)
	f, _ := dialed(t, m, "reader")
	count := map[reason.Code]int{}
	for _, c := range f.Domains[0].Copies[1:] {
		count[c.Error[0].Code]++
	}
	if count[reason.ControllersTooMany] != 3 || count[reason.AccountDomainUnknown] != mostControllers || len(count) != 2 {
		t.Errorf("copies %v", count)
	}
}

// A list of controllers that lacks the one that tells it is no list.
func TestControllersThatAreNotKnown(t *testing.T) {
	noLeak(t)
	for name, names := range map[string][]string{"none": nil, "not itself": {"dc02.contoso.test"}} {
		m := newMock(t)
		replicating(t, m, names...)
		f, _ := dialed(t, m, `reader@CONTOSO.TEST`)
		if !slices.ContainsFunc(f.Problems, func(p run.Problem) bool { return p.Aspect == run.AspectCopies && p.Why.Has(reason.ControllersUnlisted) }) {
			t.Errorf("%s: %+v", name, f.Problems)
		}
	}
	m := newMock(t)
	replicating(t, m)
	whole := m.search
	m.search = func(a asked) found {
		if a.filter == "(objectClass=nTDSDSA)" {
			return found{code: ldap.LDAPResultBusy}
		}
		return whole(a)
	}
	f, _ := dialed(t, m, `reader@CONTOSO.TEST`)
	if !slices.ContainsFunc(f.Problems, func(p run.Problem) bool {
		return p.Why.Has(reason.ControllersUnlisted) && p.Why.Names(reason.ServerSaid)
	}) {
		t.Errorf("busy: %+v", f.Problems)
	}
}
