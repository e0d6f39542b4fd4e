package live

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"

	"github.com/kmsiso/kmsiso/scanner/logon"
	"github.com/kmsiso/kmsiso/scanner/reason"
)

// filetimeOf writes a moment as a directory does.
func filetimeOf(t time.Time) string { return fmt.Sprint(t.UnixNano()/100 + 116444736000000000) }

// counting is a domain whose PDC emulator is dc02, with an account and the
// policies that are in force for it.
type counting struct {
	account map[string][]string
	pso     map[string][]string // nil where the reader may not see it
	head    map[string][]string
	nobody  bool // has the account
	hidden  bool // which controller is the PDC emulator
}

func (c counting) search(host string) func(asked) found {
	const settings = "CN=NTDS Settings,CN=DC02,CN=Servers,CN=Sites"
	return func(a asked) found {
		switch {
		case a.base == "":
			return these(ldap.NewEntry("", map[string][]string{
				"supportedCapabilities": {"1.2.840.113556.1.4.800"}, "defaultNamingContext": {rootDN}, "rootDomainNamingContext": {rootDN},
				"configurationNamingContext": {"CN=Configuration," + rootDN}, "currentTime": {"20261126120000.0Z"}, "dnsHostName": {host},
			}))
		case a.base == rootDN && a.wants("fSMORoleOwner"):
			return these(ldap.NewEntry(rootDN, map[string][]string{"fSMORoleOwner": {settings}}))
		case a.base == "CN=DC02,CN=Servers,CN=Sites" && !c.hidden:
			return these(ldap.NewEntry(a.base, map[string][]string{"dNSHostName": {"DC02.contoso.test"}}))
		case a.base == rootDN && a.wants("badPwdCount") && c.nobody:
			return these()
		case a.base == rootDN && a.wants("badPwdCount") && host == "dc02.contoso.test":
			return these(ldap.NewEntry("CN=admin,"+rootDN, c.account))
		case a.base == rootDN && a.wants("lockoutThreshold"):
			return these(ldap.NewEntry(rootDN, c.head))
		case strings.HasPrefix(a.base, "CN=PSO") && c.pso != nil:
			return these(ldap.NewEntry(a.base, c.pso))
		}
		return found{code: ldap.LDAPResultNoSuchObject}
	}
}

func TestLimit(t *testing.T) {
	const window = "-18000000000" // 30 min
	head := map[string][]string{"lockoutThreshold": {"5"}, "lockOutObservationWindow": {window}}
	counted := func(n string, ago time.Duration) map[string][]string {
		return map[string][]string{"badPwdCount": {n}, "badPasswordTime": {filetimeOf(time.Now().Add(-ago))}}
	}
	with := func(m map[string][]string, key, value string) map[string][]string {
		m[key] = []string{value}
		return m
	}
	own := map[string][]string{"msDS-LockoutThreshold": {"3"}, "msDS-LockoutObservationWindow": {window}}
	for name, c := range map[string]struct {
		counting
		alone bool // the PDC emulator is not declared
		want  logon.Limit
		why   reason.List
	}{
		"counted":             {counting: counting{account: counted("2", time.Minute), head: head}, want: logon.Limit{Known: true, Threshold: 5, Count: 2}},
		"older than counts":   {counting: counting{account: counted("2", time.Hour), head: head}, want: logon.Limit{Known: true, Threshold: 5}},
		"never":               {counting: counting{account: map[string][]string{}, head: head}, want: logon.Limit{Known: true, Threshold: 5}},
		"no limit":            {counting: counting{account: counted("9", time.Minute), head: map[string][]string{"lockoutThreshold": {"0"}}}, want: logon.Limit{Known: true, Count: 9}},
		"a policy of its own": {counting: counting{account: with(counted("1", time.Minute), "msDS-ResultantPSO", "CN=PSO1"), head: head, pso: own}, want: logon.Limit{Known: true, Threshold: 3, Count: 1}},
		"which is hidden":     {counting: counting{account: with(counted("1", time.Minute), "msDS-ResultantPSO", "CN=PSO1"), head: head}, why: reason.One(reason.LockoutPolicyUnread, "policy", "CN=PSO1")},
		"no PDC emulator":     {counting: counting{account: counted("1", time.Minute), head: head}, alone: true, why: reason.One(reason.PDCUndeclared, "pdc", "dc02.contoso.test")},
		"nobody":              {counting: counting{nobody: true, head: head}, why: reason.One(reason.AccountNotOne, "count", 0, "pdc", "dc02.contoso.test")},
		"no policy":           {counting: counting{account: counted("1", time.Minute), head: map[string][]string{}}, why: reason.One(reason.LockoutPolicyUnread, "policy", rootDN)},
	} {
		t.Run(name, func(t *testing.T) {
			noLeak(t)
			one, two := newMock(t), newMock(t)
			two.pair, two.ca = one.pair, one.ca
			one.search, two.search = c.search("dc01.contoso.test"), c.search("dc02.contoso.test")
			urls := []string{one.serve("ldaps")}
			if !c.alone {
				urls = append(urls, two.serve("ldaps"))
			}
			s, err := New(Options{URLs: urls, CA: one.ca, Timeout: 5 * time.Second, Credential: Credential{Kind: Password, User: "u", Password: told("p")}})
			if err != nil {
				t.Fatal(err)
			}
			got := s.Limit(t.Context(), logon.ParseAccount(`CONTOSO\admin`))
			if got.Known != c.want.Known || got.Threshold != c.want.Threshold || got.Count != c.want.Count || !got.Why.Equal(c.why) {
				t.Errorf("it is %+v", got)
			}
		})
	}
}

// Where the PDC emulator is not told, the count is not known.
func TestLimitWithoutAPDC(t *testing.T) {
	noLeak(t)
	m := newMock(t)
	m.search = counting{hidden: true}.search("dc01.contoso.test")
	s, err := New(Options{URLs: []string{m.serve("ldaps")}, CA: m.ca, Timeout: 5 * time.Second, Credential: Credential{Kind: Password, User: "u", Password: told("p")}})
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Limit(t.Context(), logon.ParseAccount(`CONTOSO\admin`)); got.Known || !got.Why.Has(reason.PDCUnread) {
		t.Errorf("it is %+v", got)
	}
}
