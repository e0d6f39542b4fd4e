package live

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cloudsoda/go-smb2"
	"github.com/go-ldap/ldap/v3"

	"github.com/kmsiso/kmsiso/scanner/directory"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// busyForest is a forest of two domains in which everything is asked for, and what
// it answers but for the searches that meet their fault.
func busyForest(t *testing.T, fault func(asked) *found) []*mock {
	t.Helper()
	const group, member = "CN=G,CN=Users," + rootDN, "CN=PC1,CN=Computers," + childDN
	answer := func(dn, sid string) func(asked) found {
		of := aDomain(t, dn, sid)
		computer := map[string][]string{
			"objectClass": {"computer"}, "objectSid": {binarySID(t, sid+"-1201")}, "dNSHostName": {"pc1.contoso.test"},
			"userAccountControl": {"4096"}, "primaryGroupID": {"515"}, "servicePrincipalName": {"host/pc1"},
		}
		return func(a asked) found {
			if f := fault(a); f != nil {
				return *f
			}
			if f := of(a); f != nil {
				return *f
			}
			switch {
			case a.base == "CN=Policies,CN=System,"+dn:
				return these(ldap.NewEntry("CN={00000001-0000-4000-8000-000000000000},"+a.base, map[string][]string{
					"objectClass": {"groupPolicyContainer"}, "displayName": {"P"}, "nTSecurityDescriptor": {grants(t, rootSID+"-1000")},
				}))
			case strings.HasPrefix(a.base, "CN=Sites,"):
				return these(ldap.NewEntry("CN=S,"+a.base, nil))
			case strings.Contains(a.filter, "(objectSid=") && dn == rootDN:
				return these(ldap.NewEntry(group, map[string][]string{"objectSid": {binarySID(t, rootSID+"-1000")}}))
			case a.wants("member;range=0-*"):
				return these(ldap.NewEntry(group, map[string][]string{"member;range=0-*": {member}}))
			case strings.Contains(a.filter, "(objectCategory=computer)"):
				return these(ldap.NewEntry(member, computer))
			}
			return found{}
		}
	}
	root, child := newMock(t), newMock(t)
	root.search, child.search = answer(rootDN, rootSID), answer(childDN, kidSID)
	return []*mock{root, child}
}

// Each part of a directory that cannot be read is told by a code of its own.
func TestPartsThatCannotBeRead(t *testing.T) {
	filter := func(part string) func(asked) bool {
		return func(a asked) bool { return strings.Contains(a.filter, part) }
	}
	base := func(part string) func(asked) bool {
		return func(a asked) bool { return strings.HasPrefix(a.base, part) }
	}
	busy := found{code: ldap.LDAPResultBusy}
	bare := func(dn string, more map[string][]string) found { return these(ldap.NewEntry(dn, more)) }
	for code, c := range map[reason.Code]struct {
		where func(asked) bool
		finds found
	}{
		reason.UnitsUnread:           {filter("organizationalUnit"), busy},
		reason.SitesUnread:           {base("CN=Sites,"), busy},
		reason.SubnetsUnread:         {base("CN=Subnets,"), busy},
		reason.MachinesUnread:        {filter("(&(objectCategory=computer)"), busy},
		reason.ComputersUnread:       {func(a asked) bool { return a.filter == "(objectCategory=computer)" }, busy},
		reason.SharersUnread:         {filter("(servicePrincipalName="), busy},
		reason.FilteringGroupsUnread: {filter("(objectSid="), busy},
		reason.NestedGroupsUnread:    {filter("(memberOf="), busy},
		reason.MembersUnread:         {func(a asked) bool { return a.wants("member;range=0-*") }, busy},
		reason.ForeignMembersUnread:  {filter("(distinguishedName="), busy},
		reason.ComputersHidden:       {func(a asked) bool { return a.filter == "(objectCategory=computer)" }, bare("CN=H,"+rootDN, nil)},
		reason.AttributeUnread:       {filter("(&(objectCategory=computer)"), bare("CN=H,"+rootDN, nil)},
		reason.ObjectMissing:         {func(a asked) bool { return a.base == rootDN && a.wants("gPLink") && a.filter == "(objectClass=*)" }, found{}},
		reason.SubnetMalformed: {base("CN=Subnets,"), bare("CN=x", map[string][]string{
			"cn": {"x"}, "siteObject": {"CN=S,CN=Sites,CN=Configuration," + rootDN},
		})},
	} {
		t.Run(string(code), func(t *testing.T) {
			mocks := busyForest(t, func(a asked) *found {
				if c.where(a) {
					return &c.finds
				}
				return nil
			})
			f := readForest(t, directory.Ask{Forest: "contoso.test", Machines: []string{"pc1.contoso.test"}}, mocks...)
			if !f.Lost[run.AspectCopies].Has(reason.CopiesNotCompared) {
				t.Errorf("of copies it says %s", f.Lost[run.AspectCopies].Key())
			}
			i := slices.IndexFunc(f.Problems, func(p run.Problem) bool { return p.Why.Has(code) })
			if i < 0 {
				t.Fatalf("it is not among %+v", f.Problems)
			}
			if c.finds.code != 0 && (!f.Problems[i].Unread || !f.Problems[i].Why.Names(reason.ServerSaid)) {
				t.Errorf("what the server said is lost: %+v", f.Problems[i])
			}
		})
	}
}

// What one of two controllers says of itself or of the GPOs is told beside what the
// other says; of an only one it is why nothing was read.
func TestControllersThatCannotBeRead(t *testing.T) {
	root := func(change map[string][]string) func(asked) *found {
		return func(a asked) *found {
			if a.base != "" {
				return nil
			}
			e := (*aDomain(t, rootDN, rootSID)(a)).at(0)
			for name, values := range change {
				for _, attr := range e.Attributes {
					if attr.Name == name {
						attr.Values = values
					}
				}
			}
			f := these(e)
			return &f
		}
	}
	for code, fault := range map[reason.Code]func(asked) *found{
		reason.RootUnread: func(a asked) *found {
			if a.base == "" {
				return &found{code: ldap.LDAPResultBusy}
			}
			return nil
		},
		reason.ClockUnreadable: root(map[string][]string{"currentTime": {"noon"}}),
		reason.OtherForest:     root(map[string][]string{"rootDomainNamingContext": {"DC=fabrikam,DC=test"}}),
		reason.VersionsUnread: func(a asked) *found {
			if strings.Contains(a.filter, "(cn=") {
				return &found{code: ldap.LDAPResultBusy}
			}
			return nil
		},
	} {
		t.Run(string(code), func(t *testing.T) {
			good, bad := busyForest(t, func(asked) *found { return nil })[0], busyForest(t, fault)[0]
			f := readFiles(t, directory.Ask{Forest: "contoso.test", GPOs: []string{"P"}}, good, bad)
			all := run.Forest{Problems: f.Problems}
			for _, c := range f.Domains[0].Copies {
				all.Problems = append(all.Problems, run.Problem{Where: c.Server, Why: c.Error})
			}
			if !slices.ContainsFunc(all.Problems, func(p run.Problem) bool { return p.Why.Names(code) }) {
				t.Errorf("it is not among %+v", all.Problems)
			}
			for _, p := range f.Problems {
				if p.Why.Has(reason.ServerUnread) && p.Why[0].Word("server") == p.Where {
					t.Errorf("the place is named twice: %+v", p)
				}
			}
		})
	}
	only := busyForest(t, func(a asked) *found {
		if strings.HasPrefix(a.base, "CN=Partitions,") {
			return &found{code: ldap.LDAPResultBusy}
		}
		return nil
	})[0]
	if l := reason.Of(readMock(t, only, only.serve("ldaps"))); !l.Has(reason.PartitionsUnread) {
		t.Errorf("without the partitions: %s", l.Key())
	}
	f := readForest(t, directory.Ask{Forest: "fabrikam.test"}, busyForest(t, func(asked) *found { return nil })...)
	if !slices.ContainsFunc(f.Problems, func(p run.Problem) bool { return p.Why.Has(reason.ForestMisnamed) }) {
		t.Errorf("a forest of another name: %+v", f.Problems)
	}
}

// readFiles reads a forest whose SYSVOL is to be read over SMB, which nothing
// serves here.
func readFiles(t *testing.T, ask directory.Ask, mocks ...*mock) *run.Forest {
	t.Helper()
	o := Options{CA: mocks[0].ca, Timeout: 5 * time.Second, Credential: Credential{Kind: Password, User: "u@contoso.test", Password: told("p")}}
	for _, m := range mocks {
		m.pair = mocks[0].pair
		o.URLs = append(o.URLs, m.serve("ldaps"))
	}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	f, err := s.Read(t.Context(), ask)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// Where neither Kerberos nor NTLM opens a SYSVOL, both are told.
func TestNeitherKerberosNorNTLM(t *testing.T) {
	f := readFiles(t, directory.Ask{Forest: "contoso.test"}, busyForest(t, func(asked) *found { return nil })[0])
	i := slices.IndexFunc(f.Problems, func(p run.Problem) bool { return p.Aspect == run.AspectSettings })
	if i < 0 || !f.Problems[i].Unread || !f.Problems[i].Why.Has(reason.SYSVOLUnread, reason.WithKerberos) || !f.Problems[i].Why.Names(reason.KerberosFailed) {
		t.Errorf("problems %+v", f.Problems)
	}
}

// Why a SYSVOL could not be opened, by what SMB says.
func TestSYSVOLThatCannotBeOpened(t *testing.T) {
	l := &login{Credential: Credential{Kind: Password, User: "reader"}, timeout: time.Second}
	m := &member{server: server{host: "dc01.contoso.test"}}
	const logonFailure, badNetworkName = 0xC000006D, 0xC00000CC
	for want, err := range map[reason.Code]error{
		reason.NotPermitted: fs.ErrPermission,
		reason.ShareMissing: &smb2.ResponseError{Code: badNetworkName},
		reason.LogonRefused: &smb2.ResponseError{Code: logonFailure},
		reason.Quoted:       errors.New("something new"),
		// The connection may be late a moment before its context is.
		reason.NoAnswerWithin: &net.OpError{Op: "dial", Err: os.ErrDeadlineExceeded},
		reason.NameUnresolved: &net.DNSError{Name: m.host, IsTimeout: true},
	} {
		got := reason.Of(l.explainSMB(t.Context(), m, err))
		if !got.Has(reason.SYSVOLUnread) || got[0].Word("server") != m.host || !got[0].Because("why").Has(want) {
			t.Errorf("%v: %s, want %s", err, got.Key(), want)
		}
	}
	late, cancel := context.WithTimeout(t.Context(), 0)
	defer cancel()
	if got := reason.Of(l.explainSMB(late, m, late.Err())); !got.Names(reason.NoAnswerWithin) {
		t.Errorf("what is late: %s", got.Key())
	}
}
