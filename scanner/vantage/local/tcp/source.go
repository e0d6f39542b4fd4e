package tcp

import (
	"context"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// DialFrom makes one connection from a source port. The error is
// [vantage.ErrSourcePort] where the system does not give it.
func (d *Dialer) DialFrom(ctx context.Context, q vantage.DialFromRequest) (r vantage.Reply, err error) {
	if q.From == 0 {
		return r, reason.Fail(reason.SourcePortZero)
	}
	err = d.dial(ctx, &q.Dial, q.From, &r)
	return r, err
}
