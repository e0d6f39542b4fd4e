package limits

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// The library decodes a message before anybody can look at it, and keeps some
// forty octets for each that came. What frames let pass is smaller; this is for
// what is decoded from within a message.
func init() {
	ber.MaxPacketLengthBytes = largestEntry
	ber.MaxNestingDepth = 2 * mostDepth
}

// Frames is an LDAP connection that hands on whole messages only, and only such
// as can be (RFC 4511 5.1): of definite length, neither too large nor too deep,
// and no more of them than the call under way may bring.
type Frames struct {
	net.Conn
	raw   net.Conn // below it
	Bound *Bound

	// of the one reader
	r       *bufio.Reader
	message bytes.Buffer
	rest    []byte // of the message, not yet handed on

	mu       sync.Mutex
	calling  bool
	most     int // messages of this call
	messages int
	octets   int
	elements int
	err      error
}

// NewFrames reads and writes over a connection, and closes raw, which is below it, when
// a limit of b is hit.
func NewFrames(over, raw net.Conn, b *Bound) *Frames {
	return &Frames{Conn: over, raw: raw, Bound: b, r: bufio.NewReaderSize(over, 32<<10)}
}

// Begin is a call that may bring so many messages; [Frames.End] is its end. The server's
// time runs from when it is asked something. It fails where a limit was hit before.
func (f *Frames) Begin(most int) error {
	f.Bound.Begin()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calling, f.most, f.messages, f.octets, f.elements = true, most, 0, 0, 0
	return f.err
}

// End ends a call: see [Frames.Begin].
func (f *Frames) End() {
	f.Bound.End()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calling, f.most, f.messages, f.octets, f.elements = false, mostUnasked, 0, 0, 0
	_ = f.SetReadDeadline(time.Time{})
}

// mostUnasked is how many messages may come while nothing is asked: a notice that
// the server is about to disconnect is one (RFC 4511 4.4.1).
const mostUnasked = 16

// wait gives the server one timeout more. The lock is held.
func (f *Frames) wait() {
	if f.calling {
		_ = f.SetReadDeadline(time.Now().Add(f.Bound.Timeout))
	}
}

// Failure is the limit that was hit, nil where it is none.
func (f *Frames) Failure() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.err
}

// Write sends a request, and gives the server one timeout to answer.
func (f *Frames) Write(p []byte) (int, error) {
	_ = f.SetWriteDeadline(time.Now().Add(f.Bound.Timeout))
	n, err := f.Conn.Write(p)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		_ = f.fail(ErrLate)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.wait()
	return n, err
}

// fail ends the connection, so that nobody waits for a peer that does not read.
func (f *Frames) fail(err error) error {
	defer func() { _ = f.raw.Close() }()
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil {
		f.err = err
	}
	return f.err
}

// Read is for one reader at a time.
func (f *Frames) Read(p []byte) (int, error) {
	if len(f.rest) == 0 {
		if err := f.next(); err != nil {
			var limit Error
			switch {
			case errors.Is(err, os.ErrDeadlineExceeded):
				err = f.fail(ErrLate)
			case errors.As(err, &limit):
				err = f.fail(err)
			}
			return 0, err
		}
	}
	n := copy(p, f.rest)
	f.rest = f.rest[n:]
	return n, nil
}

// next receives a message.
func (f *Frames) next() error {
	f.message.Reset()
	size, err := f.header()
	if err != nil {
		return err
	}
	// Room is made for what came, not for what is announced.
	for left := size; left > 0; {
		part := min(left, 256<<10)
		if _, err := io.CopyN(&f.message, f.r, int64(part)); err != nil {
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return err
		}
		if left -= part; left > 0 {
			f.mu.Lock()
			f.wait()
			f.mu.Unlock()
		}
	}
	b := f.message.Bytes()
	elements := 1
	if err := walk(b[len(b)-size:], 1, &elements); err != nil {
		return err
	}
	f.rest = b
	if err := f.Bound.took(int64(len(b))); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.messages++
	f.octets += len(b)
	f.elements += elements
	switch {
	case !f.calling && f.messages > mostUnasked:
		return Beyond(reason.UnaskedAnswer)
	case !f.calling:
		return nil
	case f.messages > f.most:
		return Beyond(reason.AnswerTooLong, "messages", f.most)
	case f.octets > largestPage:
		return Beyond(reason.AnswerTooLong, "mib", largestPage>>20)
	case f.elements > mostElements:
		return Beyond(reason.AnswerTooLong, "values", mostElements)
	}
	f.wait()
	return nil
}

// header receives the tag and the length of a message, and as much of it as
// tells an object from the rest: message id and operation.
func (f *Frames) header() (size int, err error) {
	take := func() (b byte) {
		if err == nil {
			if b, err = f.r.ReadByte(); err == nil {
				f.message.WriteByte(b)
			}
		}
		return b
	}
	tag, length := take(), take()
	if err != nil {
		return 0, err
	}
	if tag != 0x30 {
		return 0, Beyond(reason.NotLDAP)
	}
	size = int(length)
	if length >= 0x80 {
		n := int(length & 0x7f)
		if n == 0 || n > 8 {
			return 0, Beyond(reason.MessageWithoutLength)
		}
		size = 0
		for range n {
			b := take()
			if size = size<<8 | int(b); size > largestEntry {
				return 0, Beyond(reason.MessageTooLarge, "mib", largestEntry>>20)
			}
		}
		if err != nil {
			return 0, err
		}
	}
	if size > largestOther {
		head, err := f.r.Peek(16)
		if err != nil {
			return 0, err
		}
		if !isEntry(head) {
			return 0, Beyond(reason.MessageTooLarge, "kb", size>>10)
		}
	}
	return size, nil
}

// isEntry says whether a message, after its length, is an object.
func isEntry(head []byte) bool {
	if head[0] != byte(ber.TagInteger) || head[1] > 8 {
		return false
	}
	return head[2+head[1]] == byte(ber.ClassApplication)|byte(ber.TypeConstructed)|ldap.ApplicationSearchResultEntry
}

// walk looks that elements are of definite length and inside one another, and
// counts them.
func walk(b []byte, depth int, elements *int) error {
	if depth > mostDepth {
		return Beyond(reason.MessageTooLarge, "depth", mostDepth)
	}
	for len(b) > 0 {
		if *elements++; *elements > mostInMessage {
			return Beyond(reason.MessageTooLarge, "values", mostInMessage)
		}
		if len(b) < 2 || b[0]&0x1f == 0x1f {
			return errBroken
		}
		size, at := int(b[1]), 2
		if b[1] >= 0x80 {
			n := int(b[1] & 0x7f)
			if n == 0 || n > 8 || len(b) < 2+n {
				return errBroken
			}
			size, at = 0, 2+n
			for _, o := range b[2:at] {
				if size = size<<8 | int(o); size > len(b) {
					return errBroken
				}
			}
		}
		if size > len(b)-at {
			return errBroken
		}
		if b[0]&byte(ber.TypeConstructed) != 0 {
			if err := walk(b[at:at+size], depth+1, elements); err != nil {
				return err
			}
		}
		b = b[at+size:]
	}
	return nil
}

var errBroken = Beyond(reason.MessageMalformed)
