package local

import (
	"runtime"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/catalogtest"
	"github.com/kmsiso/kmsiso/scanner/vantage/local/raw"
	"github.com/kmsiso/kmsiso/scanner/vantage/local/watch"
	"golang.org/x/sys/unix"
)

// TestWithoutCapabilities opens sockets as a user may who is not root.
func TestWithoutCapabilities(t *testing.T) {
	type failures struct{ raw, watch error }
	got := make(chan failures)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine, for it has lost its rights
		none := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
		var nothing [2]unix.CapUserData
		if err := unix.Capset(&none, &nothing[0]); err != nil {
			got <- failures{err, err}
			return
		}
		var f failures
		_, f.raw = raw.New()
		_, f.watch = watch.New()
		got <- f
	}()
	f := <-got
	if why := reason.Of(f.raw); !why.Has(reason.RawSocketMissing) || why[0].Word("words") == "" {
		t.Errorf("raw: %s", why.Key())
	}
	catalogtest.Wants(t, f.watch, reason.One(reason.WatchSocketMissing, "words", unix.EPERM))
}
