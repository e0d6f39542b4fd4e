package udp

import (
	"github.com/kmsiso/kmsiso/scanner/vantage/local/socket"
)

// Exchanger sends datagrams, each from a connected socket of its own: only that one is
// told that a port is unreachable.
type Exchanger struct{ slots socket.Slots }

// New makes one that waits for a slot before each try.
func New(s socket.Slots) *Exchanger { return &Exchanger{slots: s} }
