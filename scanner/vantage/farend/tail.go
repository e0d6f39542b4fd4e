package farend

import (
	"strings"
	"sync"
	"unicode"
)

// tailSize is how much of a stream a [Tail] keeps, in octets.
const tailSize = 2048

// Tail keeps the end of what is written to it, for an error sentence: a far
// end's standard error. It may be written and read at the same time.
type Tail struct {
	mu  sync.Mutex
	buf []byte
}

// Write keeps the end of p. It never fails.
func (t *Tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf = append(t.buf, p[max(0, len(p)-tailSize):]...)
	if over := len(t.buf) - tailSize; over > 0 {
		t.buf = append(t.buf[:0], t.buf[over:]...)
	}
	return len(p), nil
}

// String is what was kept, on one line and without control characters.
func (t *Tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return clean(t.buf, tailSize)
}

// clean makes foreign octets fit for a sentence: one line, at most n octets of
// them, nothing that a terminal would obey.
func clean(b []byte, n int) string {
	cut := len(b) > n
	if cut {
		b = b[:n]
	}
	s := strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return ' '
		}
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(string(b), ""))
	s = strings.Join(strings.Fields(s), " ")
	if cut {
		s += " ..."
	}
	return s
}
