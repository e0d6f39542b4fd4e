package explain

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/nearmiss"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

// The names of those who are in no policy. A declared name comes before them.
const (
	nameOutsider = "outsider" // a member of nothing
	nameClient   = "client"   // a computer that gets what is declared for clients
)

// split cuts NAME@ADDRESS:PORT, where the address and the port may be missing
// and an IPv6 address before a port stands in brackets.
func split(text string) (name string, addr netip.Addr, port uint16, err error) {
	rest := text
	if at := strings.LastIndexByte(text, '@'); at >= 0 {
		name, rest = text[:at], text[at+1:]
		if name == "" {
			return "", addr, 0, errors.New("there is no name before the @")
		}
	}
	rest, port, err = cutPort(rest)
	if err != nil {
		return "", addr, 0, err
	}
	if name == "" {
		if rest == "" {
			return "", addr, 0, errors.New("it is empty")
		}
		return rest, addr, port, nil
	}
	if addr, err = netip.ParseAddr(rest); err != nil {
		return "", addr, 0, fmt.Errorf("%q behind the @ is no address", rest)
	}
	return name, addr.Unmap().WithZone(""), port, nil
}

// cutPort cuts the port off a name or an address.
func cutPort(text string) (string, uint16, error) {
	if _, err := netip.ParseAddr(text); err == nil {
		return text, 0, nil
	}
	at := strings.LastIndexByte(text, ':')
	if at < 0 || strings.Contains(text[:at], ":") && !strings.HasSuffix(text[:at], "]") {
		return strings.Trim(text, "[]"), 0, nil
	}
	n, err := strconv.ParseUint(text[at+1:], 10, 16)
	if err != nil || n == 0 {
		return "", 0, fmt.Errorf("%q is no port; want 1 to 65535", text[at+1:])
	}
	return strings.Trim(text[:at], "[]"), uint16(n), nil
}

// find finds who is meant by a name or an address.
func (x *Explainer) find(name string) (*simulate.Endpoint, error) {
	if addr, err := netip.ParseAddr(name); err == nil {
		return x.atAddress(addr.Unmap().WithZone("")), nil
	}
	for _, h := range x.Policy.Hosts {
		if h.Name == name || h.FQDN != "" && strings.EqualFold(h.FQDN, strings.TrimSuffix(name, ".")) {
			return x.sim.Host(h), nil
		}
	}
	if v, ok := x.Policy.Vantage(name); ok {
		return x.sim.Vantage(v), nil
	}
	for _, e := range x.Policy.Exemptions {
		if e.Name == name {
			return x.sim.Exemption(e), nil
		}
	}
	switch name {
	case nameOutsider:
		return simulate.Outsider(nameOutsider), nil
	case nameClient:
		return x.sim.AnyClient(nameClient)
	}
	p, err := x.sim.Computer(name)
	if p != nil || err != nil {
		return p, err
	}
	return nil, x.unknown(name)
}

// atAddress is whoever has an address.
func (x *Explainer) atAddress(a netip.Addr) *simulate.Endpoint {
	if e := x.sim.Holder(a); e != nil {
		return e
	}
	return simulate.Nobody(a.String(), reason.One(reason.AddressOfNobody, "address", a), a)
}

// mostHinted is how many of many names a person is told who named nobody.
const mostHinted = 12

// unknown says that nobody has the name, and who was perhaps meant.
func (x *Explainer) unknown(name string) error {
	names := []string{nameOutsider, nameClient}
	for _, h := range x.Policy.Hosts {
		names = append(names, h.Name)
	}
	for _, v := range x.Policy.Vantages {
		names = append(names, v.Name)
	}
	for _, e := range x.Policy.Exemptions {
		names = append(names, e.Name)
	}
	var lost reason.List
	declared := len(names)
	for _, f := range x.Forests {
		lost = lost.Add(f.Lost[run.AspectComputers]...)
		for i := range f.Domains {
			for j := range f.Domains[i].Computers {
				names = append(names, f.Domains[i].Computers[j].Names...)
			}
		}
	}
	code := reason.NameUnknown
	args := []any{"why", lost}
	if len(lost) > 0 {
		code = reason.NameUndeclared
	}
	most := declared
	if declared > mostHinted+2 {
		most = mostHinted
	}
	switch near := nearmiss.Of(name, names); {
	case near != "":
		args = append(args, "near", near)
	case most < declared:
		args = append(args, "names", names[:most], "more", declared-most)
	default:
		args = append(args, "names", names[:most])
	}
	return reason.Fail(code, args...)
}
