package check

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/run"
)

var gpoCopiesAgree = Check{
	ID:         "gpo-copies-agree",
	Title:      "the copies of the GPO in several domains cover the same hosts and exemptions",
	Section:    "+",
	Confirmed:  "spec",
	Configured: true,
	Cells: func(p *policy.Policy) []run.CellID {
		if len(p.Directories()) == 0 || len(isolatedDomains(p)) < 2 {
			return nil
		}
		var ids []run.CellID
		for _, d := range isolatedDomains(p) {
			ids = append(ids, directoryCell("gpo-copies-agree", "domain:"+d))
		}
		return ids
	},
	Needs: directoryNeeds,
	Judge: judgeCopiesAgree,
}

// judgeCopiesAgree asks of the domain's copies what they cover, and holds that
// against what those of the other domains cover.
func judgeCopiesAgree(in *Input) run.Cell {
	domain := in.domain()
	if stopped, stop := in.unreadable(domain); stop {
		return stopped
	}
	own := in.copyOf(domain)
	if own == nil {
		return skip("the domain has no isolation GPO: see gpo-exists")
	}
	cell := run.Cell{Verdict: run.Pass, Intended: "the same hosts and exemptions as in the other domains", Configured: own.text()}
	var wrong []string
	for _, other := range isolatedDomains(in.Policy) {
		c := in.copyOf(other)
		if other == domain || c == nil {
			continue
		}
		for _, h := range c.hosts {
			if !slices.Contains(own.hosts, h) {
				wrong = appendNew(wrong, fmt.Sprintf("the copy in %s does not cover %s, that in %s does", domain, h, other))
			}
		}
		for _, x := range c.exempt {
			if !slices.Contains(own.exempt, x) {
				wrong = appendNew(wrong, fmt.Sprintf("the copy in %s does not exempt %s, that in %s does", domain, x, other))
			}
		}
	}
	if len(wrong) > 0 {
		cell.Verdict, cell.Reason = run.Fail, clauses(wrong)
		cell.Remedy = "GPMC: back the right copy up and import its settings into the other; PowerShell: Backup-GPO, then Import-GPO -BackupId ID -Path PATH -TargetName NAME -Domain " + domain
	}
	return cell
}

// gpoCopy is what the isolation GPOs of a domain cover and exempt.
type gpoCopy struct{ hosts, exempt []string }

func (c *gpoCopy) text() string {
	return fmt.Sprintf("covers %s; exempts %s", orElse(list(c.hosts), "nobody"), orElse(list(c.exempt), "nobody"))
}

// copyOf reads the GPOs that carry the isolation in a domain; nil without any.
func (in *Input) copyOf(domain string) *gpoCopy {
	gpos := append(in.directories.Assumed(domain, "hosts"), in.directories.Assumed(domain, "clients")...)
	if len(gpos) == 0 {
		return nil
	}
	told := in.directories.Assume(gpos...)
	c := &gpoCopy{}
	for i := range told.Policy.Rules {
		r := &told.Policy.Rules[i]
		if !r.Active || r.Tunnel {
			continue
		}
		if r.Action == consec.DoNotSecure {
			for _, side := range []consec.Addresses{r.EP1, r.EP2} {
				for _, x := range side.Ranges {
					if _, a := in.hostIn(x); !a.IsValid() {
						c.exempt = appendNew(c.exempt, x.String())
					}
				}
				for _, k := range side.Keywords {
					c.exempt = appendNew(c.exempt, k.Name)
				}
			}
			continue
		}
		for _, h := range in.Policy.Hosts {
			for _, a := range h.Addresses {
				if inSide(r.EP1, a) || inSide(r.EP2, a) || r.EP1.IsAny() && r.EP2.IsAny() {
					c.hosts = appendNew(c.hosts, a.String())
				}
			}
		}
	}
	slices.Sort(c.hosts)
	slices.Sort(c.exempt)
	return c
}

func inSide(side consec.Addresses, a netip.Addr) bool {
	return side.Covers(a, nil) == consec.Yes && !side.IsAny()
}
