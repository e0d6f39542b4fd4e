//go:build !linux

package local

import (
	"runtime"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// TestWhatOnlyLinuxDoes asks another system for it.
func TestWhatOnlyLinuxDoes(t *testing.T) {
	_, err := newSender()
	wants(t, err, reason.One(reason.RawUnsupported, "system", runtime.GOOS))
	_, err = newWatcher()
	wants(t, err, reason.One(reason.WatchUnsupported, "system", runtime.GOOS))
}
