package farend

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"strconv"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// Protocol is the number of the protocol. Two ends must also be of the same
// version: the number only makes the error clearer.
const Protocol = 4

// The limits of the stream, in octets, calls and elements. A request holds one
// datagram at most, and so does a reply; a large answer may hold a registry key with
// everything below it, or the flows of a wire.
const (
	maxRequest = 1 << 20
	maxReply   = 1 << 20
	maxAnswer  = 32 << 20
	maxHello   = 64 << 10
	maxCalls   = 1 << 16
	maxItems   = 1 << 18 // objects, lists and nulls of one message
	maxWords   = 4 << 10 // of an error; the rest is cut off
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

// A message is a line: the number of a call, a word, and what goes with the word. A
// request has the name of a capability as its word, and the question as JSON; or one of
// the words below.
const (
	wordRead   = "read"   // reads what is held; a number: of the call that began it
	wordClose  = "close"  // ends what is held; the same
	wordCancel = "cancel" // ends the call of this number
	wordAlive  = "alive"  // is answered at once, by who reads the requests
)

// An answer has one of these words. What is held is answered without JSON.
const (
	wordOK     = "ok"     // and the answer as JSON, if the call has one
	wordFailed = "failed" // and a failure as JSON
)

// message is one line of either side.
type message struct {
	id   uint64
	word string
	body []byte
}

// errForm says that a line is no message.
var errForm = errors.New("a message is a number, a word and what goes with it")

// parse reads a line.
func (m *message) parse(line []byte) (err error) {
	id, rest, ok := bytes.Cut(line, space)
	word, body, _ := bytes.Cut(rest, space)
	if m.id, err = strconv.ParseUint(string(id), 10, 64); err != nil || !ok || m.id == 0 || len(word) == 0 {
		return fmt.Errorf("%w: %q", errForm, clean(line, 200))
	}
	m.word, m.body = string(word), body
	return nil
}

var space = []byte(" ")

// target is the number of the call whose holding a request is about.
func (m *message) target() (uint64, error) {
	id, err := strconv.ParseUint(string(m.body), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%w: %s of %q", errForm, m.word, clean(m.body, 40))
	}
	return id, nil
}

// failure is the error of a call.
type failure struct {
	Why reason.List `json:"why"`
	// Is is the word of an error that callers tell apart.
	Is string `json:"is,omitempty"`
}

// failed is what a far end says of err.
func failed(err error, known map[string]error) *failure {
	f := &failure{Why: reason.Of(err)}
	for word, e := range known {
		if errors.Is(err, e) {
			f.Is = word
		}
	}
	return f
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

// odd is an answer of which a field cannot be.
func odd(id uint64, field, is string) error {
	return reason.Fail(reason.FarEndAnswerOdd, "call", id, "field", field, "value", clean([]byte(is), 60))
}

// farError is an error of the far end.
type farError struct {
	why reason.List
	is  error // the one that callers tell apart, nil for others
}

func (e *farError) Error() string { return e.why.Key() }

// Why is what the far end says.
func (e *farError) Why() reason.List { return e.why }

// Unwrap keeps the errors that callers tell apart.
func (e *farError) Unwrap() error { return e.is }

// parseHello reads the first line of the other side, which must be of side.
func parseHello(line []byte, side string) (*hello, error) {
	var h hello
	if err := json.Unmarshal(line, &h); err != nil || h.Kmsiso != side || h.Protocol == 0 || h.Version == "" {
		return nil, fmt.Errorf("the other side is no kmsiso %s: its first line is %q", side, clean(line, 200))
	}
	return &h, nil
}
