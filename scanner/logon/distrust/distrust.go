// Package distrust remembers, for one run, which machines showed an identity that
// is not theirs: a changed host key, a certificate that is not the trusted one. To
// these no credential is shown any more, by whatever protocol, port or name.
package distrust

import (
	"net"
	"net/netip"
	"strings"
	"sync"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// Places are the machines that are distrusted. It is made for one run and shared
// by all that show credentials. A nil one remembers nothing.
type Places struct {
	mu    sync.Mutex
	known []place
}

type place struct {
	names     []string
	addresses []netip.Addr
	why       reason.Reason
}

// Error is a credential that was kept.
type Error struct {
	Host  string        // to which it was not shown
	Found reason.Reason // what was found there before
}

func (e *Error) Error() string {
	return e.Why().Key()
}

// Why is the reason, by code.
func (e *Error) Why() reason.List {
	return reason.One(reason.MachineDistrusted, "host", e.Host, "found", e.Found)
}

// Add notes that somebody else may answer in the place of a machine. The names are
// those it was asked by, addresses among them; remote is the far end of the
// connection, nil where it is not known. why is what was found there.
func (p *Places) Add(why reason.Reason, remote net.Addr, names ...string) {
	if p == nil {
		return
	}
	next := place{why: why}
	next.names, next.addresses = identify(remote, names)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.known = append(p.known, next)
}

// Check returns an [*Error] where the machine is distrusted. It is asked before
// each message that shows something of a secret.
func (p *Places) Check(remote net.Addr, names ...string) error {
	if p == nil {
		return nil
	}
	called, addresses := identify(remote, names)
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, k := range p.known {
		if k.is(called, addresses) {
			return &Error{Host: names[0], Found: k.why}
		}
	}
	return nil
}

// is reports whether the machine has one of the names or addresses.
func (k place) is(names []string, addresses []netip.Addr) bool {
	for _, a := range k.addresses {
		for _, b := range addresses {
			if a == b {
				return true
			}
		}
	}
	for _, a := range k.names {
		for _, b := range names {
			if same(a, b) {
				return true
			}
		}
	}
	return false
}

// same takes a short name for any longer one that begins with it: who shares a
// name with a distrusted machine loses a connection, not a secret.
func same(a, b string) bool {
	if a == b {
		return true
	}
	short, long := a, b
	if len(short) > len(long) {
		short, long = long, short
	}
	return !strings.Contains(short, ".") && strings.HasPrefix(long, short+".")
}

// identify sorts what is known of a machine into names and addresses.
func identify(remote net.Addr, all []string) (names []string, addresses []netip.Addr) {
	add := func(a netip.Addr) {
		if a = a.Unmap().WithZone(""); a.IsValid() && !a.IsUnspecified() {
			addresses = append(addresses, a)
		}
	}
	if t, ok := remote.(*net.TCPAddr); ok {
		a, _ := netip.AddrFromSlice(t.IP)
		add(a)
	}
	for _, n := range all {
		n = strings.ToLower(strings.TrimSuffix(strings.Trim(n, "[]"), "."))
		if a, err := netip.ParseAddr(n); err == nil {
			add(a)
		} else if n != "" {
			names = append(names, n)
		}
	}
	return names, addresses
}
