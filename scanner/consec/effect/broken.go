package effect

import (
	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/reason"
)

// ofAll reports whether a broken thing may be for any packet, whatever is asked
// of it: not a rule or a set, but what a policy as a whole says.
func ofAll(b *consec.Broken) bool {
	switch b.What {
	case consec.KindRule, consec.KindFirewall, consec.KindMainMode, consec.KindSet:
		return false
	}
	return true
}

// brokenOf is the first broken thing of a kind, none where there is none.
func brokenOf(p *consec.Policy, what string) reason.List {
	for i := range p.Broken {
		if p.Broken[i].What == what {
			return reason.List{p.Broken[i].Reason()}
		}
	}
	return nil
}
