//go:build !linux

package local

import (
	"context"
	"runtime"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// sender is what sends raw datagrams, where there is one.
type sender struct {
	Send func(context.Context, vantage.SendRequest) (vantage.Reply, error)
}

// newSender fails: only Linux lets a program send datagrams of any protocol
// and nothing else.
func newSender() (*sender, error) {
	return nil, reason.Fail(reason.RawUnsupported, "system", runtime.GOOS)
}

func (*sender) close() error { return nil }

// watcher is what watches the wire, where there is one.
type watcher struct {
	Watch func(context.Context, vantage.WatchRequest) (vantage.Watching, error)
}

// newWatcher fails: watching the wire needs a driver or a privilege that is
// not asked for here.
func newWatcher() (*watcher, error) {
	return nil, reason.Fail(reason.WatchUnsupported, "system", runtime.GOOS)
}
