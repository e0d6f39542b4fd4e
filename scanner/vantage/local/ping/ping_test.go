package ping

import (
	"errors"
	"runtime"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/catalogtest"
)

var errSocket = errors.New("operation not permitted")

// TestWithoutAnEchoSocket is a machine that lets nobody send echo requests.
func TestWithoutAnEchoSocket(t *testing.T) {
	catalogtest.Wants(t, noEcho(errSocket), reason.One(reason.EchoSocketMissing, "words", errSocket, "system", runtime.GOOS))
}
