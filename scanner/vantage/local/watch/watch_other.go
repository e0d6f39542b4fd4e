//go:build !linux

package watch

import (
	"context"
	"runtime"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// Watcher is what watches the wire, where there is one.
type Watcher struct {
	Watch func(context.Context, vantage.WatchRequest) (vantage.Watching, error)
}

// New fails: watching the wire needs a driver or a privilege that is
// not asked for here.
func New() (*Watcher, error) {
	return nil, reason.Fail(reason.WatchUnsupported, "system", runtime.GOOS)
}
