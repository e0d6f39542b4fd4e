package vantage

import (
	"context"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

type fixedWay struct {
	name string
	v    *Vantage
	err  error
}

func (w fixedWay) String() string                         { return w.name }
func (w fixedWay) Open(context.Context) (*Vantage, error) { return w.v, w.err }
func (w fixedWay) Ping(context.Context, PingRequest) (Reply, error) {
	return Reply{Note: w.name}, nil
}

func TestJoin(t *testing.T) {
	closed := 0
	offering := func(name string) fixedWay {
		w := fixedWay{name: name}
		w.v = &Vantage{Offers: Offering(Ping.By(w.Ping)), Missing: map[Capability]reason.List{CapTCP: {reason.Quote("no TCP here")}}, Close: func() error { closed++; return nil }}
		return w
	}
	broken := fixedWay{name: "c", err: reason.Fail(reason.ConnectionRefused, "address", "c:22")}

	v, ways, err := Join(t.Context(), "x", []Way{offering("a"), offering("b")})
	if err != nil || len(ways) != 2 {
		t.Fatal(v, ways, err)
	}
	if r, _ := Ping.At(v)(t.Context(), PingRequest{}); r.Note != "a" || v.Via[CapPing] != "a" {
		t.Errorf("ping comes from %q", r.Note)
	}
	if !v.Missing[CapTCP].Equal(reason.List{reason.Quote("no TCP here")}) || len(v.Lost) != 0 {
		t.Errorf("missing %v, lost %v", v.Missing, v.Lost)
	}
	v.Close()
	if closed != 2 {
		t.Errorf("%d of 2 ways closed", closed)
	}

	v, ways, err = Join(t.Context(), "x", []Way{broken, offering("a")})
	if err != nil || !ways[0].Trouble.Has(reason.ConnectionRefused) || len(ways[1].Trouble) > 0 {
		t.Fatal(ways, err)
	}
	refused := reason.One(reason.ConnectionRefused, "address", "c:22")
	if !v.Lost[CapTCP].Equal(reason.One(reason.CapabilityLost, "vantage", "x", "capability", "tcp", "why", refused)) || v.Lost[CapPing] != nil {
		t.Errorf("what the broken way may have offered is not lost: %v", v.Lost)
	}

	if _, _, err = Join(t.Context(), "x", []Way{broken}); !reason.Of(err).Equal(reason.One(reason.NoWayIn, "vantage", "x", "why", refused)) {
		t.Errorf("no way in: %v", err)
	}
}
