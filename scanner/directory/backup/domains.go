package backup

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// lost says what no backup can tell.
func lost() map[run.Aspect]reason.List {
	all := map[run.Aspect]reason.List{}
	for _, a := range []run.Aspect{run.AspectLinks, run.AspectFilters, run.AspectComputers, run.AspectTrusts, run.AspectCopies, run.AspectActivation} {
		all[a] = reason.One(reason.NotInBackup, "aspect", a)
	}
	return all
}

// choose takes the newest backup of each GPO; it names the others in it.
func choose(all []saved) (newest []saved, problems []run.Problem) {
	slices.SortStableFunc(all, func(a, b saved) int {
		return cmp.Or(
			cmp.Compare(a.domain, b.domain), cmp.Compare(a.gpo.ID, b.gpo.ID),
			b.at.Compare(a.at), cmp.Compare(a.gpo.Path, b.gpo.Path))
	})
	for _, b := range all {
		if len(newest) == 0 || newest[len(newest)-1].domain != b.domain || newest[len(newest)-1].gpo.ID != b.gpo.ID {
			newest = append(newest, b)
			continue
		}
		first := &newest[len(newest)-1]
		if b.at.IsZero() || b.at.Equal(first.at) {
			// What is wrong with it may be the reason, and would be lost with it.
			problems = append(problems, b.gpo.Problems...)
			problems = append(problems, run.Problem{Aspect: run.AspectGPOs, Where: b.gpo.Path, Why: reason.One(reason.NewerBackupUnknown, "gpo", clip(b.gpo.Name), "other", first.gpo.Path)})
		}
		first.gpo.Older = append(first.gpo.Older, b.gpo.Path)
	}
	return newest, problems
}

// domains sorts the GPOs into the domains that they are of.
func domains(all []saved) []run.Domain {
	var out []run.Domain
	for _, b := range all {
		if len(out) == 0 || out[len(out)-1].Name != b.domain {
			out = append(out, run.Domain{Name: b.domain, DN: dnOf(b.domain)})
		}
		d := &out[len(out)-1]
		d.GPOs = append(d.GPOs, b.gpo)
		for _, g := range b.groups {
			if sid := domainSID.FindStringSubmatch(g.sid); sid != nil && strings.EqualFold(g.domain, d.Name) && d.SID == "" {
				d.SID, d.NetBIOS = sid[1], g.netbios
			}
		}
	}
	return out
}

// domainSID is the SID of an account or group of a domain: that of the domain
// and a relative id.
var domainSID = regexp.MustCompile(`^(S-1-5-21-\d{1,10}-\d{1,10}-\d{1,10})-\d{1,10}$`)

// dnOf is the DN of the domain of a DNS name ([MS-ADTS] 3.1.1.1.5).
func dnOf(domain string) string {
	return "DC=" + strings.ReplaceAll(domain, ".", ",DC=")
}
