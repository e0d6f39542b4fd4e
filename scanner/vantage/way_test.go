package vantage

import (
	"context"
	"errors"
	"strings"
	"testing"
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
		w.v = &Vantage{Ping: w, Missing: map[Capability]string{CapTCP: "no TCP here"}, Close: func() error { closed++; return nil }}
		return w
	}
	broken := fixedWay{name: "c", err: errors.New("c: refused")}

	v, ways, err := Join(t.Context(), "x", []Way{offering("a"), offering("b")})
	if err != nil || len(ways) != 2 {
		t.Fatal(v, ways, err)
	}
	if r, _ := v.Ping.Ping(t.Context(), PingRequest{}); r.Note != "a" || v.Via[CapPing] != "a" {
		t.Errorf("ping comes from %q", r.Note)
	}
	if v.Missing[CapTCP] != "no TCP here" || len(v.Lost) != 0 {
		t.Errorf("missing %v, lost %v", v.Missing, v.Lost)
	}
	v.Close()
	if closed != 2 {
		t.Errorf("%d of 2 ways closed", closed)
	}

	v, ways, err = Join(t.Context(), "x", []Way{broken, offering("a")})
	if err != nil || ways[0].Error == "" || ways[1].Error != "" {
		t.Fatal(ways, err)
	}
	if !strings.Contains(v.Lost[CapTCP], "c: refused") || v.Lost[CapPing] != "" {
		t.Errorf("what the broken way may have offered is not lost: %v", v.Lost)
	}

	if _, _, err = Join(t.Context(), "x", []Way{broken}); err == nil || !strings.Contains(err.Error(), "c: refused") {
		t.Errorf("no way in: %v", err)
	}
}
