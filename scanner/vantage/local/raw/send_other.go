//go:build !linux

package raw

import (
	"context"
	"runtime"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// Sender is what sends raw datagrams, where there is one.
type Sender struct {
	Send func(context.Context, vantage.SendRequest) (vantage.Reply, error)
}

// New fails: only Linux lets a program send datagrams of any protocol
// and nothing else.
func New() (*Sender, error) {
	return nil, reason.Fail(reason.RawUnsupported, "system", runtime.GOOS)
}

// Close has nothing to close.
func (*Sender) Close() error { return nil }
