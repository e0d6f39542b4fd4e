package ping

import (
	"runtime"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// noEcho is why no echo requests can be sent.
func noEcho(err error) error {
	return reason.Wrap(err, reason.EchoSocketMissing, "words", err, "system", runtime.GOOS)
}
