//go:build !linux

package local

import (
	"runtime"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/catalogtest"
	"github.com/kmsiso/kmsiso/scanner/vantage/local/raw"
	"github.com/kmsiso/kmsiso/scanner/vantage/local/watch"
)

// TestWhatOnlyLinuxDoes asks another system for it.
func TestWhatOnlyLinuxDoes(t *testing.T) {
	_, err := raw.New()
	catalogtest.Wants(t, err, reason.One(reason.RawUnsupported, "system", runtime.GOOS))
	_, err = watch.New()
	catalogtest.Wants(t, err, reason.One(reason.WatchUnsupported, "system", runtime.GOOS))
}
