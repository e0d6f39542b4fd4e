package estate

import (
	"fmt"

	"github.com/kmsiso/kmsiso/scanner/reason/catalog"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Gap is why something is not known of a machine or a domain. As an error it is
// one sentence without a full stop.
type Gap struct {
	Kind   GapKind
	Text   string
	Remedy string // what to do about it, "" where nothing is known
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

func (g *Gap) Error() string { return g.Text }

func gap(k GapKind, format string, args ...any) *Gap {
	return &Gap{Kind: k, Text: fmt.Sprintf(format, args...)}
}

// Unread says why a domain, or an aspect of it, is not known; nil where it is.
func (d *Deployment) Unread(domain string, aspects ...run.Aspect) *Gap {
	f := d.Forest(domain)
	if f == nil {
		for _, declared := range d.Policy.Directories() {
			if why := d.Failed[declared.Name]; why != "" && inForest(domain, declared.Name) {
				return gap(GapFailed, "%s", why)
			}
		}
		return gap(GapUndeclared, "domain %s was not read: none of the declared directories holds it", domain)
	}
	for _, a := range aspects {
		if why := f.Lost[a]; len(why) > 0 {
			return gap(GapSource, "%s", catalog.Text(why))
		}
		if why := d.Lost(domain, a); why != "" {
			return gap(GapFailed, "%s", why)
		}
	}
	return nil
}
