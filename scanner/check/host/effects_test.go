package host

import (
	"net/netip"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/consec/effect"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// A rule that lets everybody in fails whatever else is not known.
func TestAnonymousBesideAnUnknownPacket(t *testing.T) {
	l := check.Ledger{Claims: []reason.Code{reason.ClaimEqual}}
	equal := l.Of(reason.ClaimEqual)
	s := effects{Entry: equal, wrong: &equal.Exposed, right: []effect.Verdict{effect.Require}}
	s.packet(netip.MustParseAddr("198.18.30.9"), "one", effect.Effect{Security: effect.Decision{Verdict: effect.Require, Rule: "R"}, Weak: []string{"Anonymous"}})
	s.packet(netip.MustParseAddr("198.18.30.9"), "two", effect.Effect{Security: effect.Decision{Verdict: effect.Unknown}})
	s.enter(&l, []*run.Observation{{ID: "o1"}})
	if got := l.Support(reason.ClaimEqual); got.Level() != run.Exposure || !got.Why().Has(reason.AnonymousAccepted) || len(l.Findings) != 1 {
		t.Errorf("%s: %s", got.Level(), got.Why().Key())
	}
}
