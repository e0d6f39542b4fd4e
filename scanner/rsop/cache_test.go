package rsop

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

// TestMemory asks about machines of many kinds one after another, and about each
// of them alone: what is kept of one must say nothing of another.
func TestMemory(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	pick := func(all ...string) string { return all[r.IntN(len(all))] }
	f := forest()
	d := &f.Domains[0]
	d.GPOs = nil
	d.Filters = []run.WMIFilter{filterOf(1, `Version LIKE "10.%"`), filterOf(2, `ProductType = "1"`), filterOf(3, `BuildNumber > 14000 AND Caption LIKE "%LTSC%"`)}
	for i, security := range []string{
		only("AU"), only(group), only("ED"), only(domainSID + "-515"), only("S-1-5-32-545"), only(domainSID + "-1101"), only(domainSID + "-498"),
		only("AU") + "(OD;;CR;" + apply + ";;" + group + ")", "O:" + group + "G:SYD:P(OD;;CR;" + apply + ";;" + group + ")(A;;RPLCLORCCR;;;AU)",
		only("AU") + `(XD;;CR;;;WD;(Member_of {SID(BA)}))`, "O:SYG:SYD:P", "", "nothing that could be read",
	} {
		g := object(fmt.Sprintf("%X", i))
		g.Security, g.Filter = security, pick("", "[contoso.test;"+filterID(1)+";0]", "["+"contoso.test;"+filterID(2)+";0]", "[contoso.test;"+filterID(3)+";0]", "[contoso.test;"+filterID(9)+";0]")
		g.Extensions = pick(listed, listed, listed, "", "[{")
		d.GPOs = append(d.GPOs, g)
		d.Containers[0].Links = append(d.Containers[0].Links, link(fmt.Sprintf("%X", i)))
	}
	seen := map[tri.State]map[reason.Code]bool{tri.Yes: {}, tri.No: {}, tri.Unknown: {}}
	root := *f // of a child domain whose root was not read
	root.Name = "root.test"
	hidden := *f
	hidden.Problems = []run.Problem{{Aspect: run.AspectComputers, Where: dn, Why: reason.List{reason.Quote("they could not be read")}}}
	forests := []*run.Forest{f, &root, &hidden}
	shared := []*Directories{New(f), New(&root), New(&hidden)}
	for i := range 900 {
		s := Subject{Domain: "contoso.test", SID: pick("", domainSID+"-1101", domainSID+"-1102"), Machine: run.Machine{
			Container: pick(dn, "OU=Servers,"+dn), Controller: r.IntN(4) == 0, ReadOnly: r.IntN(4) == 0, PrimaryGroup: uint32(515 + r.IntN(2)),
			OS: pick("", "Windows 11 Enterprise", "Windows Server 2022 Standard", "Windows 10 Enterprise LTSC"), OSVersion: pick("", "10.0 (17763)", "10.0 (26100)", "6.1 (7601)"),
		}}
		for _, g := range []string{group, "S-1-5-32-545", domainSID + "-1105"} {
			if r.IntN(2) == 0 {
				s.Groups = append(s.Groups, g)
			}
		}
		got, want := shared[i%3].Apply(s), New(forests[i%3]).Apply(s)
		if diff := cmp.Diff(want, got, cmpopts.EquateComparable(), cmp.AllowUnexported(Outcome{})); diff != "" {
			t.Fatalf("%+v: alone (-) and after others (+):\n%s", s, diff)
		}
		for _, o := range got {
			code := reason.Code("")
			if len(o.Why) > 0 {
				code = o.Why[0].Code
			}
			seen[o.Applied][code] = true
		}
	}
	if len(seen[tri.Yes]) == 0 || len(seen[tri.No]) < 4 || len(seen[tri.Unknown]) < 2 {
		t.Errorf("these machines have too little of what can be: %v", seen)
	}
	if n, m := len(shared[0].admitted), len(shared[0].filtered); n == 0 || n > 200 || m == 0 || m > 200 {
		t.Errorf("%d answers of descriptors are kept and %d of filters", n, m)
	}
}

func filterID(i int) string { return fmt.Sprintf("{F0000000-0000-0000-0000-00000000000%d}", i) }

func filterOf(i int, where string) run.WMIFilter {
	q := "SELECT * FROM Win32_OperatingSystem WHERE " + where
	return run.WMIFilter{ID: filterID(i), Name: where, Query: fmt.Sprintf(`1;3;10;%d;WQL;root\CIMv2;%s;`, len(q), q)}
}
