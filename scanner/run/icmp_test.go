package run

import (
	"testing"
)

// All types and codes, of which few are a prohibition: RFC 792 and RFC 1122 code 9
// and 10, RFC 1812 code 13, RFC 4443 code 1, 5 and 6.
func TestProhibited(t *testing.T) {
	four := map[ICMP]bool{{3, 9}: true, {3, 10}: true, {3, 13}: true}
	six := map[ICMP]bool{{1, 1}: true, {1, 5}: true, {1, 6}: true}
	for typ := range 256 {
		for code := range 256 {
			i := ICMP{uint8(typ), uint8(code)}
			if i.Prohibited(false) != four[i] || i.Prohibited(true) != six[i] {
				t.Errorf("type %d code %d: %v over IPv4, %v over IPv6", typ, code, i.Prohibited(false), i.Prohibited(true))
			}
		}
	}
}
