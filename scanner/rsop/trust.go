package rsop

import (
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
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
// the other forest from authenticating to those of the first by Kerberos. Whether trusts could be read is for the caller to ask.
func (e *Directories) Trust(trusting *run.Forest, trusted string) (here *run.Trust, wrong reason.List) {
	because := func(code reason.Code, args ...any) reason.Reason {
		return reason.New(code, append(args, "forest", trusting.Name, "trusted", trusted)...)
	}
	here = TrustTo(trusting, trusted)
	switch {
	case here == nil:
		return nil, reason.List{because(reason.TrustMissing)}
	case here.Direction == 0:
		return here, reason.List{because(reason.TrustDisabled)}
	case here.Direction&TrustOutbound == 0:
		return here, reason.List{because(reason.TrustReversed)}
	}
	if here.Attributes&(TrustForest|TrustWithinForest) == 0 {
		wrong = append(wrong, because(reason.TrustNotTransitive))
	}
	other := e.Forest(trusted)
	if other == nil || len(e.Lost(trusted, run.AspectTrusts)) > 0 {
		return here, wrong
	}
	switch there := TrustTo(other, trusting.Name); {
	case there == nil:
		wrong = append(wrong, because(reason.TrustOneSided))
	case there.Direction&TrustInbound == 0:
		wrong = append(wrong, because(reason.TrustSidesDiffer, "direction", there.Direction))
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
