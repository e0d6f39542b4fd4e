package live

import (
	"encoding/binary"
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"
	"github.com/google/go-cmp/cmp"

	"github.com/kmsiso/kmsiso/scanner/directory"
	"github.com/kmsiso/kmsiso/scanner/gpo/security"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// binarySID is a SID as a directory has it ([MS-DTYP] 2.4.2.2).
func binarySID(t *testing.T, s string) string {
	t.Helper()
	parts := strings.Split(s, "-")[2:]
	b := []byte{1, byte(len(parts) - 1), 0, 0, 0, 0, 0, 0}
	for i, p := range parts {
		n, err := strconv.ParseUint(p, 10, 32)
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			b[7] = byte(n)
			continue
		}
		b = binary.LittleEndian.AppendUint32(b, uint32(n))
	}
	if got, err := security.ParseBinarySID(b); err != nil || string(got) != s {
		t.Fatalf("%s became %s, %v", s, got, err)
	}
	return string(b)
}

// grants is a binary descriptor with an entry for each of some SIDs.
func grants(t *testing.T, sids ...string) string {
	t.Helper()
	var aces []byte
	for _, s := range sids {
		sid := binarySID(t, s)
		aces = append(aces, 0, 0)
		aces = binary.LittleEndian.AppendUint16(aces, uint16(8+len(sid)))
		aces = binary.LittleEndian.AppendUint32(aces, 0x10)
		aces = append(aces, sid...)
	}
	b := []byte{1, 0, 0x04, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20, 0, 0, 0}
	b = append(b, 2, 0)
	b = binary.LittleEndian.AppendUint16(b, uint16(8+len(aces)))
	b = binary.LittleEndian.AppendUint16(b, uint16(len(sids)))
	return string(append(append(b, 0, 0), aces...))
}

const (
	rootDN  = "DC=contoso,DC=test"
	childDN = "DC=emea,DC=contoso,DC=test"
	rootSID = "S-1-5-21-1-2-3"
	kidSID  = "S-1-5-21-4-5-6"
)

// aDomain answers what every domain of the forest contoso.test answers, and nil
// to the rest.
func aDomain(t *testing.T, dn, sid string) func(asked) *found {
	list := func(e ...*ldap.Entry) *found { f := these(e...); return &f }
	return func(a asked) *found {
		switch {
		case a.base == "":
			return list(ldap.NewEntry("", map[string][]string{
				"supportedCapabilities": {"1.2.840.113556.1.4.800"}, "defaultNamingContext": {dn}, "rootDomainNamingContext": {rootDN},
				"configurationNamingContext": {"CN=Configuration," + rootDN}, "currentTime": {time.Now().UTC().Add(time.Hour).Format("20060102150405.0Z")},
			}))
		case strings.HasPrefix(a.base, "CN=Partitions,"):
			domain := func(dn, dns, flat, flags string) *ldap.Entry {
				return ldap.NewEntry("CN="+flat+","+a.base, map[string][]string{"nCName": {dn}, "dnsRoot": {dns}, "nETBIOSName": {flat}, "systemFlags": {flags}})
			}
			return list(domain(rootDN, "contoso.test", "CONTOSO", "3"), domain(childDN, "emea.contoso.test", "EMEA", "3"),
				domain("DC=asia,"+rootDN, "asia.contoso.test", "ASIA", "3"), domain("CN=Configuration,"+rootDN, "contoso.test", "X", "1"))
		case a.base == dn && a.wants("gPLink") && a.filter == "(objectClass=*)":
			return list(ldap.NewEntry(dn, map[string][]string{"objectSid": {binarySID(t, sid)}}))
		}
		return nil
	}
}

func readForest(t *testing.T, ask directory.Ask, mocks ...*mock) *run.Forest {
	t.Helper()
	o := Options{CA: mocks[0].ca, SYSVOL: t.TempDir(), Timeout: 20 * time.Second, Credential: Credential{Kind: Password, User: "u", Password: told("p")}}
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

// The lab has one domain in each forest. So the groups that reach from one domain
// into another, and the domain that nobody declares, are mocks.
func TestForestOfSeveralDomains(t *testing.T) {
	noLeak(t)
	root, child := newMock(t), newMock(t)
	const (
		universal = "CN=Universal,CN=Users," + rootDN // in a GPO of the root; has Kids of the child
		kids      = "CN=Kids,CN=Users," + childDN     // has a computer of the child
		pc1       = "CN=PC1,CN=Computers," + childDN
		pc2       = "CN=PC2,CN=Computers," + childDN // directly in Universal
		id        = "{00000001-0000-4000-8000-000000000000}"
	)
	var ranges atomic.Int32
	of := aDomain(t, rootDN, rootSID)
	root.search = func(a asked) found {
		if f := of(a); f != nil {
			return *f
		}
		switch {
		case a.base == "CN=Policies,CN=System,"+rootDN:
			return these(ldap.NewEntry("CN="+id+","+a.base, map[string][]string{
				"objectClass": {"top", "groupPolicyContainer"}, "displayName": {"P"},
				"nTSecurityDescriptor": {grants(t, rootSID+"-1000", "S-1-5-21-7-8-9-1000", "S-1-5-21-7-8-9-519")},
			}))
		case strings.Contains(a.filter, "(objectSid="):
			return these(ldap.NewEntry(universal, map[string][]string{"objectSid": {binarySID(t, rootSID+"-1000")}}))
		case strings.EqualFold(a.base, universal):
			// In two ranges, as a directory does with many.
			ranges.Add(1)
			if a.wants("member;range=0-*") {
				return these(ldap.NewEntry(universal, map[string][]string{"member;range=0-1": {kids, "CN=PC9,CN=Computers," + rootDN}}))
			}
			return these(ldap.NewEntry(universal, map[string][]string{"member;range=2-*": {pc2}}))
		}
		return found{}
	}
	inChild := aDomain(t, childDN, kidSID)
	child.search = func(a asked) found {
		if f := inChild(a); f != nil {
			return *f
		}
		group := ldap.NewEntry(kids, map[string][]string{"objectClass": {"group"}, "objectSid": {binarySID(t, kidSID+"-1100")}})
		computer := func(dn, name string, rid int, groups ...string) *ldap.Entry {
			e := map[string][]string{
				"objectClass": {"computer"}, "objectSid": {binarySID(t, fmt.Sprintf("%s-%d", kidSID, rid))}, "dNSHostName": {name + ".emea.contoso.test"},
				"userAccountControl": {"4096"}, "primaryGroupID": {"515"},
			}
			if len(groups) > 0 {
				e["memberOf"] = groups
			}
			return ldap.NewEntry(dn, e)
		}
		switch {
		case strings.EqualFold(a.base, kids):
			return these(ldap.NewEntry(kids, map[string][]string{"member;range=0-*": {pc1}}))
		case strings.Contains(a.filter, "(distinguishedName="):
			return these(group, computer(pc2, "pc2", 1202))
		case a.filter == "(objectCategory=computer)":
			return these(computer(pc1, "pc1", 1201, kids), computer(pc2, "pc2", 1202), computer("CN=PC3,CN=Computers,"+childDN, "pc3", 1203))
		case strings.Contains(a.filter, "(&(objectCategory=computer)"):
			if !strings.Contains(a.filter, "sAMAccountName=pc1$") {
				t.Errorf("the machine of the domain is asked for by %s", a.filter)
			}
			return these(computer(pc1, "pc1", 1201, kids))
		}
		return found{}
	}
	f := readForest(t, directory.Ask{Forest: "contoso.test", Machines: []string{"PC1.emea.contoso.test"}}, root, child)
	if len(f.Domains) != 2 || f.Domains[1].Name != "emea.contoso.test" || f.Domains[1].NetBIOS != "EMEA" || f.Domains[0].SID != rootSID {
		t.Fatalf("domains %+v", f.Domains)
	}
	in := run.Machine{Container: "CN=Computers," + childDN, PrimaryGroup: 515, Groups: []string{rootSID + "-1000"}}
	out := in
	out.Groups = nil
	want := []run.Computers{{Machine: in, Names: []string{"pc1.emea.contoso.test", "pc2.emea.contoso.test"}}, {Machine: out, Names: []string{"pc3.emea.contoso.test"}}}
	if diff := cmp.Diff(want, f.Domains[1].Computers); diff != "" {
		t.Error(diff)
	}
	if got := f.Domains[1].Accounts; len(got) != 1 || !cmp.Equal(got[0].Machine, in) {
		t.Errorf("accounts %+v", got)
	}
	if n := ranges.Load(); n != 2 {
		t.Errorf("%d ranges of members were read", n)
	}
	if *f.Skew < 59*time.Minute || *f.Skew > 61*time.Minute {
		t.Errorf("skew %s", f.Skew)
	}
	if f.SkewWithin < time.Second || f.SkewWithin > time.Minute {
		t.Errorf("the skew is known to %s", f.SkewWithin)
	}
	for _, d := range f.Domains {
		if len(d.GPOs) > 0 && len(d.GPOs[0].Problems) > 0 {
			t.Errorf("for want of a SYSVOL the GPO is called broken: %+v", d.GPOs[0].Problems)
		}
	}
	var said []string
	for _, p := range f.Problems {
		if p.Aspect == run.AspectSettings {
			p.Where = "SYSVOL"
		}
		if !p.Unread {
			t.Errorf("what is not known is told as what is wrong: %+v", p)
		}
		said = append(said, string(p.Aspect)+" "+p.Where+": "+p.Why.Key())
	}
	if diff := cmp.Diff([]string{
		"gpos asia.contoso.test: " + reason.One(reason.DomainUnread, "domain", "asia.contoso.test", "why", reason.One(reason.ControllerUndeclared)).Key(),
		"computers S-1-5-21-7-8-9-1000: " + reason.One(reason.GroupDomainUnread).Key(),
		"settings SYSVOL: " + reason.One(reason.SYSVOLFolderWrong, "domain", "contoso.test", "why", reason.Quote("file does not exist")).Key(),
		"computers " + pc1 + ": " + reason.One(reason.DescriptorUnread, "why", reason.One(reason.NotPermitted)).Key(),
		"settings SYSVOL: " + reason.One(reason.SYSVOLFolderWrong, "domain", "emea.contoso.test", "why", reason.Quote("file does not exist")).Key(),
	}, said); diff != "" {
		t.Error(diff)
	}
}

// A directory of 10,000 computers, as it comes over the wire.
func TestManyComputers(t *testing.T) {
	const many, kinds = 10_000, 40
	m := newMock(t)
	of := aDomain(t, rootDN, rootSID)
	m.search = func(a asked) found {
		if f := of(a); f != nil {
			return *f
		}
		if a.filter != "(objectCategory=computer)" {
			return found{}
		}
		return found{n: many, at: func(i int) *ldap.Entry {
			return ldap.NewEntry(fmt.Sprintf("CN=PC%d,OU=U%d,%s", i, i%kinds, rootDN), map[string][]string{
				"objectSid": {binarySID(t, fmt.Sprintf("%s-%d", rootSID, 2000+i))}, "dNSHostName": {fmt.Sprintf("pc%d.contoso.test", i)},
				"sAMAccountName": {fmt.Sprintf("PC%d$", i)}, "userAccountControl": {"4096"}, "primaryGroupID": {"515"},
				"operatingSystem": {"Windows 11 Enterprise"}, "operatingSystemVersion": {"10.0 (26100)"},
				"memberOf":    {"CN=A,CN=Users," + rootDN, "CN=B,CN=Users," + rootDN, "CN=C,CN=Users," + rootDN},
				"whenCreated": {"20200101000000.0Z"}, "lastLogonTimestamp": {"134000000000000000"},
			})
		}}
	}
	var (
		peak atomic.Uint64
		stop = make(chan struct{})
		done = make(chan struct{})
		old  runtime.MemStats // what other tests left behind
	)
	runtime.GC()
	runtime.ReadMemStats(&old)
	go func() {
		defer close(done)
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
				var s runtime.MemStats
				runtime.ReadMemStats(&s)
				peak.Store(max(peak.Load(), s.HeapAlloc-min(old.HeapAlloc, s.HeapAlloc)))
			}
		}
	}()
	f := readForest(t, directory.Ask{Forest: "contoso.test"}, m)
	close(stop)
	<-done
	n := 0
	for _, c := range f.Domains[0].Computers {
		n += len(c.Names)
	}
	if n != many || len(f.Domains[0].Computers) != kinds {
		t.Errorf("%d computers of %d kinds", n, len(f.Domains[0].Computers))
	}
	t.Logf("the heap had at most %d MB, the mock's own share with it", peak.Load()>>20)
	if peak.Load() > 32<<20 {
		t.Errorf("the heap had %d MB: pages are kept", peak.Load()>>20)
	}
}
