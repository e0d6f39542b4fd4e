package socket

import (
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// NoSourcePort says that the system did not give a source port, and by which error.
func NoSourcePort(port uint16, err error) error {
	return reason.Wrap(vantage.ErrSourcePort, reason.SourcePortNotGiven, "port", port, "words", Words(err))
}
