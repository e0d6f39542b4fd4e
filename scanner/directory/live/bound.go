package live

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
	// keptOfObject and keptOfSearch are what an object and a search count as
	// beside the texts that they bring.
	keptOfObject = 256
	keptOfSearch = 2048
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

// bound is what one server has taken of a reading. It is safe for concurrent
// use.
type bound struct {
	timeout time.Duration

	mu     sync.Mutex
	octets int64
	room   int64 // of what may be kept
	under  int   // calls under way
	since  time.Time
	spent  time.Duration // with at least one call under way, before since
}

func newBound(timeout time.Duration) *bound { return &bound{timeout: timeout, room: largestKept} }

// boundError is a limit that a server has hit. Nothing more is asked of it.
type boundError struct{ limit reason.Reason }

// Error is the code with its arguments, for a log.
func (e boundError) Error() string { return e.limit.Key() }

// Why is the reason.
func (e boundError) Why() reason.List { return reason.List{e.limit} }

func beyond(code reason.Code, args ...any) error { return boundError{reason.New(code, args...)} }

// begin and end are around each call; only the time between them counts, for a
// server is idle while another one is read.
func (b *bound) begin() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.under == 0 {
		b.since = time.Now()
	}
	b.under++
}

func (b *bound) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.under--; b.under == 0 {
		b.spent += time.Since(b.since)
	}
}

// took counts octets that arrived, and says when they are too many or came too
// slowly.
func (b *bound) took(octets int64) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.octets += octets
	if b.octets > largestReading {
		return beyond(reason.ReadingTooLarge, "mib", largestReading>>20)
	}
	spent := b.spent
	if b.under > 0 {
		spent += time.Since(b.since)
	}
	may := min(graceTimeouts*b.timeout+time.Duration(b.octets/slowest)*time.Second, longest)
	if spent > may {
		return beyond(reason.ServerTooSlow, "spent", spent.Round(time.Second), "kb", b.octets>>10)
	}
	return nil
}

// keep counts what a reading remembers.
func (b *bound) keep(octets int) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.room -= int64(octets); b.room < 0 {
		return beyond(reason.TooManyObjects, "mib", largestKept>>20)
	}
	return nil
}

// largestIdle is what may come over a metered connection between two steps
// forward: eight files are read at a time, 64 kB of each.
const largestIdle = 4 << 20

// metered is a connection whose octets are counted.
type metered struct {
	net.Conn

	bound *bound
	idle  atomic.Int64 // octets since the last step forward
}

// came is a step forward.
func (m *metered) came() { m.idle.Store(0) }

func (m *metered) Read(p []byte) (int, error) {
	n, err := m.Conn.Read(p)
	hit := m.bound.took(int64(n))
	if hit == nil && m.idle.Add(int64(n)) > largestIdle {
		hit = beyond(reason.UnaskedAnswer)
	}
	if hit != nil {
		_ = m.Close()
		return 0, hit
	}
	return n, err
}

func (m *metered) Write(p []byte) (int, error) {
	_ = m.SetWriteDeadline(time.Now().Add(m.bound.timeout))
	return m.Conn.Write(p)
}

// errLate is a server that left a call without an answer.
var errLate = reason.Fail(reason.AnswerLimit, "service", "directory")

// dialer opens connections: to LDAP, SMB and the KDC.
type dialer func(ctx context.Context, network, address string) (net.Conn, error)

// within dials for as long as one call may last.
func (d dialer) within(ctx context.Context, timeout time.Duration, address string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if d == nil {
		return new(net.Dialer).DialContext(ctx, "tcp", address)
	}
	return d(ctx, "tcp", address)
}
