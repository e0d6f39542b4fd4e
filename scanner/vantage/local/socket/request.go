package socket

import (
	"fmt"
	"net/netip"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// CheckTry fails for a try ("ping", "connect" or "send") that has no address to send
// to, or no time to wait.
func CheckTry(try string, to netip.Addr, timeout time.Duration) error {
	switch {
	case !to.IsValid():
		return reason.Fail(reason.RequestUnusable, "try", try, "field", "address")
	case to.IsUnspecified(), to.IsMulticast(), to == netip.AddrFrom4([4]byte{255, 255, 255, 255}):
		return Unusable(try, to, "address", to)
	case timeout <= 0:
		return Unusable(try, to, "time", timeout)
	}
	return nil
}

// Unusable is the error of a request in which a field has a value that cannot be.
func Unusable(try string, to fmt.Stringer, field string, is any) error {
	return reason.Fail(reason.RequestUnusable, "try", try, "to", to, "field", field, "value", is)
}

// Failed is the error of a try at which the system failed with err: "ping", "connect", "send" or
// "receive".
func Failed(try string, to fmt.Stringer, err error) error {
	return reason.Wrap(err, reason.TryFailed, "try", try, "to", to, "words", err)
}

// Past is a deadline that has gone by: who sets it ends what a socket waits for.
var Past = time.Unix(1, 0)
