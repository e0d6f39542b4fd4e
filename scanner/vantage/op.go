package vantage

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Offer is what a vantage offers for one capability: an implementation of it, made by
// [Op.By] or [Holding.By].
type Offer struct {
	name   Capability
	call   any
	inTurn bool
}

// InTurn is the same offer of a place that makes one call after the other, as one that
// runs a command for each.
func (o Offer) InTurn() Offer {
	o.inTurn = true
	return o
}

// Offers are what a vantage offers.
type Offers map[Capability]Offer

// Offering gathers offers.
func Offering(all ...Offer) Offers {
	o := Offers{}
	o.Add(all...)
	return o
}

// Add adds offers.
func (o Offers) Add(all ...Offer) {
	for _, one := range all {
		o[one.name] = one
	}
}

// InTurn reports whether calls of a capability are made one after the other.
func (o Offers) InTurn(c Capability) bool { return o[c].inTurn }

// Op is a capability of one answer to each call: Q is what is asked, R what is
// answered. Both can be written as JSON and read again.
type Op[Q, R any] struct {
	name Capability
	// takes is how long a call may take by what it asks. One that is nil is done in a
	// moment.
	takes func(*Q) time.Duration
	// large says that an answer may be longer than one datagram.
	large bool
	// vet says what is wrong with the answer of a far end.
	vet func(*R) error
	// errors are those that callers tell apart, by the word that a far end says.
	errors map[string]error
}

// By is the offer of a vantage that makes the call so.
func (o *Op[Q, R]) By(call func(context.Context, Q) (R, error)) Offer {
	return Offer{name: o.name, call: call}
}

// At is the call at a vantage, nil where it does not offer it.
func (o *Op[Q, R]) At(v *Vantage) func(context.Context, Q) (R, error) {
	call, _ := v.Offers[o.name].call.(func(context.Context, Q) (R, error))
	return call
}

// Capability is the name.
func (o *Op[Q, R]) Capability() Capability { return o.name }

// Errors are those that callers tell apart, by the word that a far end says.
func (o *Op[Q, R]) Errors() map[string]error { return o.errors }

// Served is the call of one question, at a far end. A call that is not offered is an
// error.
func (o *Op[Q, R]) Served(v *Vantage, decode func(any) error) (Served, error) {
	var q Q
	if err := decode(&q); err != nil {
		return nil, err
	}
	call := o.At(v)
	if call == nil {
		return nil, notOffered(o.name)
	}
	return func(ctx context.Context) (any, Held, error) {
		r, err := call(ctx, q)
		return &r, nil, err
	}, nil
}

// Over is the offer of a vantage whose calls go to a far end.
func (o *Op[Q, R]) Over(c Caller) Offer {
	return o.By(func(ctx context.Context, q Q) (R, error) {
		var r R
		ask := question(o.name, o.large, o.vet, &q, &r)
		ask.Errors = o.errors
		if o.takes != nil {
			ask.Takes = max(0, o.takes(&q))
		}
		if _, err := c.Call(ctx, ask); err != nil {
			var none R
			return none, err
		}
		return r, nil
	})
}

// Handle is something at a vantage that goes on until it is closed.
type Handle[R any] interface {
	Read(context.Context) (R, error)
	Close() error
}

// Holding is a capability whose call begins something that goes on: Q is what is
// asked, R what is read of it.
type Holding[Q, R any] struct {
	name  Capability
	large bool // what is read may be longer than one datagram
	// vet says what is wrong with what a far end reads.
	vet func(*R) error
}

// By is the offer of a vantage that begins it so.
func (h *Holding[Q, R]) By(begin func(context.Context, Q) (Handle[R], error)) Offer {
	return Offer{name: h.name, call: begin}
}

// At begins it at a vantage. It is nil where that does not offer it.
func (h *Holding[Q, R]) At(v *Vantage) func(context.Context, Q) (Handle[R], error) {
	begin, _ := v.Offers[h.name].call.(func(context.Context, Q) (Handle[R], error))
	return begin
}

// Capability is the name.
func (h *Holding[Q, R]) Capability() Capability { return h.name }

// Errors are none.
func (h *Holding[Q, R]) Errors() map[string]error { return nil }

// Served is the call of one question, at a far end.
func (h *Holding[Q, R]) Served(v *Vantage, decode func(any) error) (Served, error) {
	var q Q
	if err := decode(&q); err != nil {
		return nil, err
	}
	begin := h.At(v)
	if begin == nil {
		return nil, notOffered(h.name)
	}
	return func(ctx context.Context) (any, Held, error) {
		handle, err := begin(ctx, q)
		if err != nil {
			return nil, nil, err
		}
		return nil, held[R]{handle}, nil
	}, nil
}

// Over is the offer of a vantage whose calls go to a far end.
func (h *Holding[Q, R]) Over(c Caller) Offer {
	return h.By(func(ctx context.Context, q Q) (Handle[R], error) {
		far, err := c.Call(ctx, &Question{Capability: h.name, Ask: &q, Holds: true})
		if err != nil {
			return nil, err
		}
		return &remote[Q, R]{h, far}, nil
	})
}

// held is what goes on at a far end.
type held[R any] struct{ Handle[R] }

func (h held[R]) Read(ctx context.Context) (any, error) { return h.Handle.Read(ctx) }

// remote is what goes on at a far end, from here.
type remote[Q, R any] struct {
	of  *Holding[Q, R]
	far Remote
}

func (r *remote[Q, R]) Read(ctx context.Context) (R, error) {
	var got R
	if err := r.far.Read(ctx, question[Q](r.of.name, r.of.large, r.of.vet, nil, &got)); err != nil {
		var none R
		return none, err
	}
	return got, nil
}

func (r *remote[Q, R]) Close() error { return r.far.Close() }

// Question is a call to a far end, for whoever carries it.
type Question struct {
	Capability Capability
	Ask        any          // is written as JSON
	Answer     any          // what the answer is read into, nil for none
	Vet        func() error // says what is wrong with the answer, nil for none
	Takes      time.Duration
	Large      bool // the answer may be longer than one datagram
	Holds      bool // what is begun goes on until it is closed
	Errors     map[string]error
}

func question[Q, R any](name Capability, large bool, vet func(*R) error, ask *Q, answer *R) *Question {
	q := &Question{Capability: name, Ask: ask, Answer: answer, Large: large}
	if vet != nil {
		q.Vet = func() error { return vet(answer) }
	}
	return q
}

// Caller carries calls to a far end. The remote is that of what goes on, else nil.
type Caller interface {
	Call(context.Context, *Question) (Remote, error)
}

// Remote is what goes on at a far end.
type Remote interface {
	Read(context.Context, *Question) error
	Close() error
}

// Served is one call at a far end. What is held goes on until it is closed.
type Served func(context.Context) (answer any, held Held, err error)

// Held is what goes on at a far end.
type Held interface {
	Read(context.Context) (any, error)
	Close() error
}

// Operation is a capability without its types, for whoever carries its calls.
type Operation interface {
	Capability() Capability
	Errors() map[string]error
	Served(v *Vantage, decode func(any) error) (Served, error)
	Over(Caller) Offer
}

var operations = map[Capability]Operation{}

// declare adds a capability to the list of all.
func declare[O Operation](o O) O {
	operations[o.Capability()] = o
	return o
}

// Named is a capability by its name, nil where there is none.
func Named(c Capability) Operation { return operations[c] }

// Capabilities lists the names of all capabilities, sorted.
func Capabilities() []Capability { return slices.Sorted(maps.Keys(operations)) }

func notOffered(c Capability) error {
	return fmt.Errorf("the far end was asked for %s, which it said it cannot do", c)
}

// Odd is an answer of a far end of which a field cannot be.
type Odd struct{ Field, Value string }

func (o *Odd) Error() string { return o.Field + " is " + o.Value }
