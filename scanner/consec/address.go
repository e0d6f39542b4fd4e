package consec

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"go4.org/netipx"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

// Range is a range of addresses of one family, both ends included.
type Range struct{ First, Last netip.Addr }

// Contains reports whether the range holds the address.
func (r Range) Contains(a netip.Addr) bool {
	return a.BitLen() == r.First.BitLen() && !a.Less(r.First) && !r.Last.Less(a)
}

// String is the range for people: one address, a subnet, or its two ends.
func (r Range) String() string {
	if r.First == r.Last {
		return r.First.String()
	}
	both := netipx.IPRangeFrom(r.First, r.Last)
	if p, ok := both.Prefix(); ok {
		return p.String()
	}
	return both.String()
}

// Addresses is one endpoint of a rule: the union of ranges and keywords. With
// neither it is any address of either family.
type Addresses struct {
	Ranges []Range
	// Keywords stand for addresses that each machine finds out for itself
	// ([MS-FASP] 2.2.21), so nobody else can say what they cover.
	Keywords []Keyword
}

// Keyword of an endpoint, and the families of addresses it is given for.
type Keyword struct {
	Name   string // LocalSubnet, ...
	V4, V6 bool
}

// keywords of [MS-GPFAS] 2.2.2.13.
var keywords = []string{
	"LocalSubnet", "DNS", "DHCP", "WINS", "DefaultGateway",
	"IntrAnet", "IntErnet", "Ply2Renders", "RmtIntrAnet", "CaptivePortal",
}

// IsAny reports whether the endpoint is any address.
func (a *Addresses) IsAny() bool { return len(a.Ranges)+len(a.Keywords) == 0 }

// Covers says whether the endpoint holds an address: Maybe where a keyword
// might, and known does not say what the keyword stands for.
func (a *Addresses) Covers(addr netip.Addr, known map[string][]Range) tri.State {
	if a.IsAny() {
		return tri.Yes
	}
	for i := range a.Ranges {
		if a.Ranges[i].Contains(addr) {
			return tri.Yes
		}
	}
	answer := tri.No
	for _, k := range a.Keywords {
		if addr.Is4() && !k.V4 || !addr.Is4() && !k.V6 {
			continue
		}
		ranges, ok := lookUp(known, k.Name)
		if !ok {
			answer = tri.Unknown
		}
		for _, r := range ranges {
			if r.Contains(addr) {
				return tri.Yes
			}
		}
	}
	return answer
}

// lookUp finds what a keyword stands for, whatever the case of its name.
func lookUp(known map[string][]Range, name string) ([]Range, bool) {
	if ranges, ok := known[name]; ok {
		return ranges, true
	}
	for k, ranges := range known {
		if strings.EqualFold(k, name) {
			return ranges, true
		}
	}
	return nil, false
}

func (a *Addresses) add(value string, v4 bool) error {
	if value == "" || value[0] > '9' || value[0] < '0' {
		if word, err := oneOf(value, keywords...); err == nil {
			a.addKeyword(word, v4)
			return nil
		}
	}
	r, err := parseRange(value)
	if err != nil {
		return err
	}
	if r.First.Is4() != v4 {
		return reason.Fail(reason.OtherFamily)
	}
	a.Ranges = append(a.Ranges, r)
	return nil
}

func (a *Addresses) addKeyword(word string, v4 bool) {
	i := slices.IndexFunc(a.Keywords, func(k Keyword) bool { return k.Name == word })
	if i < 0 {
		i = len(a.Keywords)
		a.Keywords = append(a.Keywords, Keyword{Name: word})
	}
	a.Keywords[i].V4 = a.Keywords[i].V4 || v4
	a.Keywords[i].V6 = a.Keywords[i].V6 || !v4
}

// parseRange reads a single address, a range, or a subnet with a length or a
// mask.
func parseRange(value string) (Range, error) {
	if net, size, ok := strings.Cut(value, "/"); ok {
		return parseSubnet(net, size)
	}
	first, last, ok := strings.Cut(value, "-")
	if !ok {
		last = first
	}
	a, err := parseAddr(first)
	if err != nil {
		return Range{}, err
	}
	z, err := parseAddr(last)
	if err != nil {
		return Range{}, err
	}
	if a.BitLen() != z.BitLen() || z.Less(a) {
		return Range{}, reason.Fail(reason.RangeBackwards)
	}
	return Range{a, z}, nil
}

func parseSubnet(net, size string) (Range, error) {
	a, err := parseAddr(net)
	if err != nil {
		return Range{}, err
	}
	bits, err := strconv.Atoi(size)
	if err != nil {
		if bits, err = maskBits(size); err != nil {
			return Range{}, err
		}
		if !a.Is4() {
			return Range{}, reason.Fail(reason.MaskOfIPv6)
		}
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return Range{}, reason.Fail(reason.SubnetLength, "most", a.BitLen())
	}
	return Range{p.Addr(), netipx.PrefixLastIP(p)}, nil
}

// maskBits counts the ones of a dotted mask.
func maskBits(mask string) (int, error) {
	m, err := netip.ParseAddr(mask)
	if err != nil || !m.Is4() {
		return 0, reason.Fail(reason.SubnetMask, "mask", Short(mask))
	}
	b := m.As4()
	n := uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
	bits := 0
	for n&0x80000000 != 0 {
		bits++
		n <<= 1
	}
	if n != 0 {
		return 0, reason.Fail(reason.MaskHole, "mask", mask)
	}
	return bits, nil
}

func parseAddr(s string) (netip.Addr, error) {
	a, err := netip.ParseAddr(s)
	if err != nil || a.Zone() != "" || a.Is4In6() {
		return netip.Addr{}, reason.Fail(reason.WantAddress, "value", Short(s))
	}
	return a, nil
}
