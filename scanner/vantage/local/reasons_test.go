package local

import (
	"errors"
	"net/netip"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/catalogtest"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
	"github.com/kmsiso/kmsiso/scanner/vantage/local/netinfo"
)

var errSystem = errors.New("operation not permitted")

// TestWhatAMachineDoesNotTell is a machine of which the network is not known.
func TestWhatAMachineDoesNotTell(t *testing.T) {
	none := func() ([]run.Interface, error) { return nil, errSystem }
	catalogtest.Wants(t, learn(new(vantage.Vantage), none, netinfo.Resolvers), reason.One(reason.AddressesUnread, "words", errSystem))
	catalogtest.Wants(t, learn(new(vantage.Vantage), netinfo.Interfaces, func() ([]netip.AddrPort, error) { return nil, errSystem }), reason.One(reason.ResolversUnread, "words", errSystem))
}
