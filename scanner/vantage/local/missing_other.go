//go:build !linux

package local

import (
	"runtime"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// sender is what sends raw datagrams, where there is one.
type sender struct{ vantage.Sender }

// newSender fails: only Linux lets a program send datagrams of any protocol
// and nothing else.
func newSender() (*sender, error) {
	return nil, reason.Fail(reason.RawUnsupported, "system", runtime.GOOS)
}

func (*sender) close() error { return nil }

// newWatcher fails: watching the wire needs a driver or a privilege that is
// not asked for here.
func newWatcher() (vantage.Watcher, error) {
	return nil, reason.Fail(reason.WatchUnsupported, "system", runtime.GOOS)
}
