package estate

import (
	"fmt"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/run"
)

// Bits of trustDirection and trustAttributes, [MS-ADTS] 6.1.6.7.12 and 6.1.6.7.9.
const (
	TrustInbound      = 0x1 // they trust us
	TrustOutbound     = 0x2 // we trust them
	TrustForest       = 0x8
	TrustSelective    = 0x10
	TrustWithinForest = 0x20
)

// Trust looks at the trust of one forest towards another, from both sides where
// both were read: the trust itself, nil without one, and what keeps computers of
// the other forest from authenticating to those of the first by Kerberos, one
// sentence each. Whether trusts could be read is for the caller to ask.
func (e *Estate) Trust(trusting *run.Forest, trusted string) (here *run.Trust, wrong []string) {
	here = TrustTo(trusting, trusted)
	switch {
	case here == nil:
		return nil, []string{fmt.Sprintf("%s has no trust with %s: Kerberos gives its computers no ticket", trusting.Name, trusted)}
	case here.Direction == 0:
		return here, []string{fmt.Sprintf("the trust between %s and %s is disabled (its direction is 0)", trusting.Name, trusted)}
	case here.Direction&TrustOutbound == 0:
		return here, []string{fmt.Sprintf("the trust between %s and %s is one-way the wrong way: %s is trusted by %s and does not trust it",
			trusting.Name, trusted, trusting.Name, trusted)}
	}
	if here.Attributes&(TrustForest|TrustWithinForest) == 0 {
		wrong = append(wrong, fmt.Sprintf("the trust of %s in %s is not forest-transitive: it takes in one domain only, and gives no Kerberos tickets across forests", trusting.Name, trusted))
	}
	other := e.Forest(trusted)
	if other == nil || e.Lost(trusted, run.AspectTrusts) != "" {
		return here, wrong
	}
	switch there := TrustTo(other, trusting.Name); {
	case there == nil:
		wrong = append(wrong, fmt.Sprintf("%s says it trusts %s, and %s knows of no such trust: one side was deleted", trusting.Name, trusted, trusted))
	case there.Direction&TrustInbound == 0:
		wrong = append(wrong, fmt.Sprintf("%s says it trusts %s, and in %s the trust has the other direction (%d): the two sides differ", trusting.Name, trusted, trusted, there.Direction))
	}
	return here, wrong
}

// TrustTo is the trust that a forest has with another, nil without one.
func TrustTo(f *run.Forest, partner string) *run.Trust {
	for i := range f.Domains {
		for j := range f.Domains[i].Trusts {
			if t := &f.Domains[i].Trusts[j]; strings.EqualFold(t.Partner, partner) {
				return t
			}
		}
	}
	return nil
}
