package distrust

import (
	"errors"
	"net"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

func at(ip string) net.Addr { return &net.TCPAddr{IP: net.ParseIP(ip), Port: 5986} }

func TestWhoIsTheDistrustedMachine(t *testing.T) {
	for name, tc := range map[string]struct {
		remote net.Addr
		names  []string
		kept   bool
	}{
		"the same name":                   {nil, []string{"client1.contoso.test"}, true},
		"in capitals, with a dot":         {nil, []string{"CLIENT1.contoso.test."}, true},
		"its short name":                  {nil, []string{"client1"}, true},
		"another name, the same address":  {at("198.18.10.7"), []string{"other.contoso.test"}, true},
		"the address as a name":           {nil, []string{"198.18.10.7"}, true},
		"the address inside IPv6":         {nil, []string{"[::ffff:198.18.10.7]"}, true},
		"another machine":                 {at("198.18.10.8"), []string{"client2.contoso.test"}, false},
		"a name that begins alike":        {nil, []string{"client11.contoso.test"}, false},
		"its name in another domain":      {nil, []string{"client1.fabrikam.test"}, false},
		"behind a jump, by another name":  {at("0.0.0.0"), []string{"client2"}, false},
		"the alias it was also asked by":  {nil, []string{"guest"}, true},
		"a machine of which nothing says": {nil, []string{""}, false},
	} {
		p := new(Places)
		p.Add(reason.Quote("a changed host key"), at("198.18.10.7"), "client1.contoso.test", "guest")
		p.Add(reason.Quote("behind a jump"), at("0.0.0.0"), "far.contoso.test")
		var kept *Error
		if err := p.Check(tc.remote, tc.names...); errors.As(err, &kept) != tc.kept {
			t.Errorf("%s: %v", name, err)
		}
	}
	var none *Places
	none.Add(reason.Quote("x"), nil, "a")
	if err := none.Check(nil, "a"); err != nil {
		t.Error(err)
	}
}
