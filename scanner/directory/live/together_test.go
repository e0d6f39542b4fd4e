package live

import (
	"sync/atomic"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/belt"
	"github.com/kmsiso/kmsiso/scanner/belt/belttest"
)

// What breaks beside the others breaks the reading, where it is caught: it does
// not end the program.
func TestAPanicSideBySideIsCaught(t *testing.T) {
	belttest.Recover(t)
	for _, n := range []int{0, 1, 100} {
		var done atomic.Int32
		err := belt.Catch("reading", func() {
			together(n, func(i int) {
				if done.Add(1); i == 42 {
					panic("hostile octets")
				}
			})
		})
		if (err != nil) != (n > 42) || n <= 42 && int(done.Load()) != n {
			t.Errorf("%d: %v, %d done", n, err, done.Load())
		}
	}
}
