package rsop

import (
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Gap is why something is not known of a machine or a domain. It is an error that
// carries its reasons.
type Gap struct {
	Kind    GapKind
	Reasons reason.List
}

// GapKind is the kind of a [Gap].
type GapKind int

// The kinds of gaps.
const (
	GapFailed     GapKind = iota // it should have been read, and could not be
	GapUndeclared                // no declared directory holds it
	GapSource                    // this kind of source cannot tell it
	GapAccount                   // all accounts were read, and the machine has none
	GapSystem                    // the machine's system knows no such rules
	GapNone                      // there is nothing of the kind
)

// Error gives the codes, for logs.
func (g *Gap) Error() string { return g.Reasons.Key() }

// Why is what [reason.Of] takes of the error.
func (g *Gap) Why() reason.List { return g.Reasons }

func gap(k GapKind, code reason.Code, args ...any) *Gap {
	return &Gap{Kind: k, Reasons: reason.One(code, args...)}
}

// Unread says why a domain, or an aspect of it, is not known; nil where it is.
func (d *Deployment) Unread(domain string, aspects ...run.Aspect) *Gap {
	f := d.Forest(domain)
	if f == nil {
		for _, declared := range d.Policy.Directories() {
			if why := d.Failed[declared.Name]; len(why) > 0 && inForest(domain, declared.Name) {
				return &Gap{GapFailed, why}
			}
		}
		return gap(GapUndeclared, reason.NoDirectoryOfDomain, "domain", domain)
	}
	for _, a := range aspects {
		if why := f.Lost[a]; len(why) > 0 {
			return &Gap{GapSource, why}
		}
		if why := d.Lost(domain, a); len(why) > 0 {
			return &Gap{GapFailed, why}
		}
	}
	return nil
}
