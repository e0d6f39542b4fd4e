package local

import (
	"time"

	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
	"github.com/kmsiso/kmsiso/scanner/vantage/frame"
)

// Counter counts packets as a watch of this machine does. It is for wires that are
// not of this machine.
type Counter struct{ counts *counts }

// NewCounter is a counter of the packets that a watch was asked for.
func NewCounter(q *vantage.WatchRequest) *Counter { return &Counter{newCounts(q)} }

// Add counts a packet that passed an interface, at a time since the watch began.
func (c *Counter) Add(p *frame.Packet, on string, passage run.Passage, at time.Duration) {
	c.counts.add(p, on, passage, at)
}

// Seen is what was counted so far, on these interfaces.
func (c *Counter) Seen(interfaces ...run.WatchedInterface) *vantage.Seen {
	seen := c.counts.seen()
	for _, i := range interfaces {
		i.Out = c.counts.sent(i.Name)
		seen.Interfaces = append(seen.Interfaces, i)
	}
	return seen
}
