package farend

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"strings"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// Protocol is the number of the protocol. Two ends must also be of the same
// version: the number only makes the error clearer.
const Protocol = 3

// The limits of the stream, in octets, calls and elements. A request holds one
// datagram at most, and so does a reply; the answer to a registry or flows call
// may hold a registry key with everything below it, or the flows of a wire.
const (
	maxRequest = 1 << 20
	maxReply   = 1 << 20
	maxAnswer  = 32 << 20
	maxHello   = 64 << 10
	maxCalls   = 1 << 16
	maxItems   = 1 << 18 // registry values or flows of one answer
	maxWords   = 4 << 10 // of an error or a note; the rest is cut off
)

// The two sides of the hello, so that a program which only echoes is not taken
// for a far end.
const (
	sideController = "controller"
	sideFarEnd     = "far-end"
)

// hello is the first message of each side.
type hello struct {
	Kmsiso   string `json:"kmsiso"` // the side that speaks
	Protocol int    `json:"protocol"`
	Version  string `json:"version"`
	// What follows is set by the far end only.
	OS        string                             `json:"os,omitempty"`
	Has       []vantage.Capability               `json:"has,omitempty"`
	Missing   map[vantage.Capability]reason.List `json:"missing,omitempty"`
	Addresses []netip.Addr                       `json:"addresses,omitempty"`
	Resolvers []netip.AddrPort                   `json:"resolvers,omitempty"`

	Interfaces []run.Interface `json:"interfaces,omitempty"`
	Gateways   []netip.Addr    `json:"gateways,omitempty"`
}

// request is one message to the far end: a call with a number of its own, or
// the wish to cancel the call of that number. Exactly one of the others is set.
type request struct {
	ID       uint64                   `json:"id"`
	Ping     *vantage.PingRequest     `json:"ping,omitempty"`
	TCP      *vantage.DialRequest     `json:"tcp,omitempty"`
	UDP      *vantage.DatagramRequest `json:"udp,omitempty"`
	Raw      *vantage.SendRequest     `json:"raw,omitempty"`
	Watch    *vantage.WatchRequest    `json:"watch,omitempty"`
	Registry string                   `json:"registry,omitempty"` // a key
	Flows    uint64                   `json:"flows,omitempty"`    // the number of the watch call
	Unwatch  uint64                   `json:"unwatch,omitempty"`  // the same
	Cancel   bool                     `json:"cancel,omitempty"`
	Alive    bool                     `json:"alive,omitempty"` // answered at once, by who reads the requests
}

// kind says which field of an answer a call wants.
type kind int

const (
	wantReply kind = iota
	wantNothing
	wantFlows
	wantValues
)

// check reports what is wrong with a request.
func (q *request) check() error {
	n := 0
	for _, set := range [...]bool{
		q.Ping != nil, q.TCP != nil, q.UDP != nil, q.Raw != nil, q.Watch != nil,
		q.Registry != "", q.Flows != 0, q.Unwatch != 0, q.Cancel, q.Alive,
	} {
		if set {
			n++
		}
	}
	switch {
	case q.ID == 0:
		return errors.New("a request without a number")
	case n != 1:
		return fmt.Errorf("request %d asks for %d things, not one", q.ID, n)
	}
	return nil
}

// kind is the kind of answer that q wants.
func (q *request) kind() kind {
	switch {
	case q.Watch != nil, q.Unwatch != 0, q.Alive:
		return wantNothing
	case q.Flows != 0:
		return wantFlows
	case q.Registry != "":
		return wantValues
	}
	return wantReply
}

// large reports whether the answer may be longer than one reply.
func (q *request) large() bool { return q.Registry != "" || q.Flows != 0 }

// ownTime is how long the call may take by what it asks for. What names no time
// of its own is done in a moment, but for a registry key with everything below.
func (q *request) ownTime() time.Duration {
	switch {
	case q.Ping != nil:
		return max(0, q.Ping.Timeout)
	case q.TCP != nil:
		return max(0, q.TCP.Timeout) + max(0, q.TCP.Read)
	case q.UDP != nil:
		return max(0, q.UDP.Timeout)
	case q.Registry != "":
		return registryTime
	}
	return 0
}

// answer is one message from the far end: the outcome of the call of that
// number, or its error.
type answer struct {
	ID     uint64                   `json:"id"`
	Reply  *vantage.Reply           `json:"reply,omitempty"`
	Seen   *seen                    `json:"seen,omitempty"` // by a watch
	Values items[run.RegistryValue] `json:"values,omitempty"`
	Error  reason.List              `json:"error,omitempty"`
	NoKey  bool                     `json:"noKey,omitempty"` // the error wraps vantage.ErrNoKey
}

// items is a list of at most maxItems, those within its elements included. An empty
// object takes two octets on the wire and many times that in memory, so octets alone
// are no bound.
type items[T any] []T

// UnmarshalJSON reads the list element by element and stops at the bound.
func (l *items[T]) UnmarshalJSON(b []byte) error {
	*l = nil
	if string(b) == "null" {
		return nil
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if open, err := dec.Token(); err != nil || open != json.Delim('[') {
		return errors.New("a list was expected")
	}
	all, within := items[T]{}, 0
	for dec.More() {
		if len(all)+within >= maxItems {
			return fmt.Errorf("a list of more than %d elements", maxItems)
		}
		var one T
		if err := dec.Decode(&one); err != nil {
			return err
		}
		if f, ok := any(&one).(*flow); ok {
			within += len(f.Packets)
		}
		all = append(all, one)
	}
	*l = all
	return nil
}

// classes are all that may cross as a class.
var classes = map[run.Class]bool{
	run.Answered: true, run.Refused: true, run.Unreachable: true, run.Silent: true, run.NoRoute: true,
	run.Name: true, run.NotPermitted: true, run.Exhausted: true, run.Cut: true, run.Sent: true,
}

// odd is an answer of which a field cannot be.
func (a *answer) odd(field, is string) error {
	return reason.Fail(reason.FarEndAnswerOdd, "call", a.ID, "field", field, "value", is)
}

// check reports what is wrong with an answer to a call that wants k.
func (a *answer) check(k kind) error {
	if len(a.Error) > 0 {
		if a.Reply != nil || a.Seen != nil || a.Values != nil {
			return a.odd("error", "beside an outcome")
		}
		return nil
	}
	switch {
	case a.NoKey:
		return a.odd("noKey", "true")
	case (a.Reply != nil) != (k == wantReply), (a.Seen != nil) != (k == wantFlows), a.Values != nil && k != wantValues:
		return a.odd("kind", "another")
	case a.Reply != nil && !classes[a.Reply.Class]:
		return a.odd("class", clean([]byte(a.Reply.Class), 40))
	case a.Reply != nil && (a.Reply.TTL < 0 || a.Reply.TTL > 255 || a.Reply.RTT < 0):
		return a.odd("ttl", fmt.Sprint(a.Reply.TTL, " ", a.Reply.RTT))
	case a.Reply != nil && (a.Reply.Sent < 0 || a.Reply.Answered < 0 || a.Reply.Answered > a.Reply.Sent):
		return a.odd("answered", fmt.Sprint(a.Reply.Answered, " of ", a.Reply.Sent))
	case a.Reply != nil && a.Reply.ICMP != run.ICMP{} && a.Reply.Class != run.Refused && a.Reply.Class != run.Unreachable:
		return a.odd("icmp", string(a.Reply.Class))
	case a.Seen != nil:
		return a.checkSeen()
	}
	return nil
}

// words cuts what the far end says in words to a length that a report can bear.
func words(s string) string {
	if len(s) <= maxWords {
		return s
	}
	return strings.ToValidUTF8(s[:maxWords], "") + " ..."
}

// foreign makes the reasons of a far end fit for a report: their words have at
// most n octets each, and all of them together not many more. What is no form of
// ours is quoted.
func foreign(l reason.List, n int) reason.List {
	l = l.Mapped(func(s string) string { return clean([]byte(s), n) })
	known := true
	for r := range l.All {
		known = known && name.MatchString(string(r.Code))
		for _, a := range r.Args {
			known = known && name.MatchString(a.Name)
		}
	}
	if key := l.Key(); !known || len(key) > 4*max(n, 1024) {
		return reason.List{reason.Quote(clean([]byte(key), n))}
	}
	return l
}

// name is what codes and arguments are called.
var name = regexp.MustCompile(`^[a-zA-Z0-9-]{1,40}$`)

// farError is an error of the far end.
type farError struct {
	why   reason.List
	noKey bool
}

func (e *farError) Error() string { return e.why.Key() }

// Why is what the far end says.
func (e *farError) Why() reason.List { return e.why }

// Unwrap keeps the one error that callers tell apart.
func (e *farError) Unwrap() error {
	if e.noKey {
		return vantage.ErrNoKey
	}
	return nil
}

// failed is the answer that carries err.
func failed(id uint64, err error) *answer {
	return &answer{ID: id, Error: reason.Of(err), NoKey: errors.Is(err, vantage.ErrNoKey)}
}

// parseHello reads the first line of the other side, which must be of side.
func parseHello(line []byte, side string) (*hello, error) {
	var h hello
	if err := json.Unmarshal(line, &h); err != nil || h.Kmsiso != side || h.Protocol == 0 || h.Version == "" {
		return nil, fmt.Errorf("the other side is no kmsiso %s: its first line is %q", side, clean(line, 200))
	}
	return &h, nil
}
