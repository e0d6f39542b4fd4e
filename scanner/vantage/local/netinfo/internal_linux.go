package netinfo

import (
	"net"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/kmsiso/kmsiso/scanner/run"
)

// cable are the kinds of interfaces that end in this machine: what a bridge has of them
// alone leads to containers and virtual machines, and to no wire.
var cable = map[string]bool{"veth": true, "tun": true, "dummy": true, "ifb": true}

// link is an interface as the kernel tells of it.
type link struct {
	kind   string // "" for hardware
	master int32  // the bridge that it is a port of, 0 for none
}

// tellApart marks the interfaces that are bridges without a wire. Whose an address is the
// kernel does not know: to it one of a cluster is like any other.
func tellApart(ifs []run.Interface) {
	links, err := readLinks()
	if err != nil {
		return // then none is known to be internal
	}
	inner := internal(links)
	for i := range ifs {
		if own, err := net.InterfaceByName(ifs[i].Name); err == nil {
			ifs[i].Internal = inner[int32(own.Index)] //nolint:gosec // the kernel's indexes are of 32 bits
		}
	}
}

// internal are the bridges whose ports all end in this machine.
func internal(links map[int32]link) map[int32]bool {
	inner := map[int32]bool{}
	for index, l := range links {
		if l.kind == "bridge" {
			inner[index] = true
		}
	}
	for _, l := range links {
		if inner[l.master] && !cable[l.kind] {
			inner[l.master] = false
		}
	}
	return inner
}

// readLinks asks the kernel for all interfaces (rtnetlink(7)).
func readLinks() (map[int32]link, error) {
	rib, err := syscall.NetlinkRIB(unix.RTM_GETLINK, unix.AF_UNSPEC)
	if err != nil {
		return nil, err
	}
	messages, err := syscall.ParseNetlinkMessage(rib)
	if err != nil {
		return nil, err
	}
	all := map[int32]link{}
	for _, m := range messages {
		if m.Header.Type != unix.RTM_NEWLINK || len(m.Data) < unix.SizeofIfInfomsg {
			continue
		}
		var l link
		attributes(m.Data[unix.SizeofIfInfomsg:], func(kind uint16, value []byte) {
			switch {
			case kind == unix.IFLA_MASTER && len(value) == 4:
				l.master = int32(native.Uint32(value)) //nolint:gosec // an index
			case kind == unix.IFLA_LINKINFO:
				attributes(value, func(kind uint16, value []byte) {
					if kind == unix.IFLA_INFO_KIND {
						l.kind = unix.ByteSliceToString(value)
					}
				})
			}
		})
		all[int32(native.Uint32(m.Data[4:]))] = l //nolint:gosec // ifi_index is of 32 bits
	}
	return all, nil
}
