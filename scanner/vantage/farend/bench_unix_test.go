//go:build unix

package farend

import (
	"net/netip"
	"syscall"
	"testing"
	"time"
)

var anAddrPort = netip.AddrPortFrom(anAddr, 1688)

func usage(b *testing.B, who int) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(who, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// cpu is the processor time that this process has used.
func cpu(b *testing.B) time.Duration { return usage(b, syscall.RUSAGE_SELF) }

// children is what the processes have used that it waited for.
func children(b *testing.B) time.Duration { return usage(b, syscall.RUSAGE_CHILDREN) }
