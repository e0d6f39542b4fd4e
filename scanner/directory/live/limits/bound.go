package limits

import (
	"context"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// What one domain controller may take of a reading. A directory of 100,000
// computers sends 0.3 GB, of which 65 MB count as kept.
const (
	// largestEntry is one object. A security descriptor has 64 kB, a range of
	// members some 5,000 names at most ([MS-ADTS] 3.1.1.3.4.6, MaxValRange).
	largestEntry = 4 << 20
	// largestOther is any other message: the end of a page, an answer to a bind.
	largestOther = 64 << 10
	// Of one call, which is a page or a bind.
	largestPage   = 64 << 20
	mostElements  = 1 << 21 // BER elements; each costs the decoder 300 octets
	mostDepth     = 16
	mostInMessage = 1 << 16
	// Of a whole reading.
	largestReading = 2 << 30
	largestKept    = 384 << 20
	// KeptOfObject and KeptOfSearch are what an object and a search count as
	// beside the texts that they bring.
	KeptOfObject = 256
	KeptOfSearch = 2048
)

// Time: a call in which nothing whole arrives for one timeout is over. All calls
// to one server together may last graceTimeouts of them, and a second more for
// each slowest octets that came: 64 kB/s is a slow link, and less is a peer that
// plays for time. Nothing lasts longer than longest.
const (
	graceTimeouts = 15
	slowest       = 64 << 10
	longest       = 2 * time.Hour
)

// Bound is what one server has taken of a reading. Timeout is how long it may leave a
// call without a whole message. It is safe for concurrent use.
type Bound struct {
	Timeout time.Duration

	mu     sync.Mutex
	octets int64
	room   int64 // of what may be kept
	under  int   // calls under way
	since  time.Time
	spent  time.Duration // with at least one call under way, before since
}

// New is a bound of which nothing is taken yet.
func New(timeout time.Duration) *Bound { return &Bound{Timeout: timeout, room: largestKept} }

// Error is a limit that a server has hit. Nothing more is asked of it.
type Error struct{ limit reason.Reason }

// Error is the code with its arguments, for a log.
func (e Error) Error() string { return e.limit.Key() }

// Why is the reason.
func (e Error) Why() reason.List { return reason.List{e.limit} }

// Beyond is the error of a limit that was hit, by its code and arguments.
func Beyond(code reason.Code, args ...any) error { return Error{reason.New(code, args...)} }

// Begin and [Bound.End] are around each call; only the time between them counts, for a
// server is idle while another one is read.
func (b *Bound) Begin() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.under == 0 {
		b.since = time.Now()
	}
	b.under++
}

// End ends a call: see [Bound.Begin].
func (b *Bound) End() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.under--; b.under == 0 {
		b.spent += time.Since(b.since)
	}
}

// took counts octets that arrived, and says when they are too many or came too
// slowly.
func (b *Bound) took(octets int64) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.octets += octets
	if b.octets > largestReading {
		return Beyond(reason.ReadingTooLarge, "mib", largestReading>>20)
	}
	spent := b.spent
	if b.under > 0 {
		spent += time.Since(b.since)
	}
	may := min(graceTimeouts*b.Timeout+time.Duration(b.octets/slowest)*time.Second, longest)
	if spent > may {
		return Beyond(reason.ServerTooSlow, "spent", spent.Round(time.Second), "kb", b.octets>>10)
	}
	return nil
}

// Keep counts octets that a reading remembers, and fails when they are too many.
func (b *Bound) Keep(octets int) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.room -= int64(octets); b.room < 0 {
		return Beyond(reason.TooManyObjects, "mib", largestKept>>20)
	}
	return nil
}

// largestIdle is what may come over a metered connection between two steps
// forward: eight files are read at a time, 64 kB of each.
const largestIdle = 4 << 20

// Metered is a connection whose octets are counted by a bound. It is closed when a
// limit is hit.
type Metered struct {
	net.Conn

	Bound *Bound
	idle  atomic.Int64 // octets since the last step forward
}

// Came is a step forward.
func (m *Metered) Came() { m.idle.Store(0) }

// Read reads, and fails with an [Error] when a limit is hit.
func (m *Metered) Read(p []byte) (int, error) {
	n, err := m.Conn.Read(p)
	hit := m.Bound.took(int64(n))
	if hit == nil && m.idle.Add(int64(n)) > largestIdle {
		hit = Beyond(reason.UnaskedAnswer)
	}
	if hit != nil {
		_ = m.Close()
		return 0, hit
	}
	return n, err
}

// Write writes within the timeout of the bound.
func (m *Metered) Write(p []byte) (int, error) {
	_ = m.SetWriteDeadline(time.Now().Add(m.Bound.Timeout))
	return m.Conn.Write(p)
}

// ErrLate is a server that left a call without an answer.
var ErrLate = reason.Fail(reason.AnswerLimit, "service", "directory")

// Dialer opens connections: to LDAP, SMB and the KDC. Nil is that of package net.
type Dialer func(ctx context.Context, network, address string) (net.Conn, error)

// Within dials for as long as one call may last.
func (d Dialer) Within(ctx context.Context, timeout time.Duration, address string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if d == nil {
		return new(net.Dialer).DialContext(ctx, "tcp", address)
	}
	return d(ctx, "tcp", address)
}
