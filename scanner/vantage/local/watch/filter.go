package watch

import (
	"encoding/binary"
	"net/netip"

	"github.com/kmsiso/kmsiso/scanner/vantage/frame"
	"golang.org/x/net/bpf"
)

// snapLength is how much of a frame a watch looks at, in octets: the link,
// some VLAN tags, an IP header with options and the first octets behind it.
const snapLength = 256

// maxFilter is how many instructions a filter may have: the kernel takes 4096.
const maxFilter = 4000

// watchFilter keeps IP and IPv6 frames with one end in hosts, and with own those
// that may ask or answer, of all ends. Where hosts are
// too many for the kernel it keeps every such frame, as it does with VLAN
// tags in front: the exact choice is made again above.
func watchFilter(hosts []netip.Addr, own bool) []bpf.Instruction {
	v4, v6 := keep4(hosts), keep6(hosts)
	if own {
		v4, v6 = append(v4, ask4()...), append(v6, ask6()...)
	} else {
		v4, v6 = append(v4, bpf.RetConstant{Val: 0}), append(v6, bpf.RetConstant{Val: 0})
	}
	if len(v4)+len(v6)+9 > maxFilter {
		v4, v6 = []bpf.Instruction{bpf.RetConstant{Val: snapLength}}, []bpf.Instruction{bpf.RetConstant{Val: snapLength}}
	}
	f := []bpf.Instruction{
		bpf.LoadAbsolute{Off: 12, Size: 2},
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: etherIPv4, SkipTrue: 4},
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: etherIPv6, SkipTrue: 4},
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: etherVLAN, SkipTrue: 1},
		bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: etherQinQ, SkipTrue: 3},
		bpf.RetConstant{Val: snapLength},
		bpf.Jump{Skip: 2},                   // to IPv4
		bpf.Jump{Skip: uint32(1 + len(v4))}, //nolint:gosec // to IPv6; bounded above
		bpf.RetConstant{Val: 0},
	}
	return append(append(f, v4...), v6...)
}

// keep4 keeps an IPv4 packet with one end in hosts; others go on behind it.
func keep4(hosts []netip.Addr) []bpf.Instruction {
	var f []bpf.Instruction
	for _, off := range []uint32{14 + 12, 14 + 16} {
		f = append(f, bpf.LoadAbsolute{Off: off, Size: 4})
		for _, h := range hosts {
			if h = h.Unmap(); h.Is4() {
				a := h.As4()
				f = append(f,
					bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: binary.BigEndian.Uint32(a[:]), SkipTrue: 1},
					bpf.RetConstant{Val: snapLength})
			}
		}
	}
	return f
}

// keep6 keeps an IPv6 packet with one end in hosts; others go on behind it.
func keep6(hosts []netip.Addr) []bpf.Instruction {
	var f []bpf.Instruction
	for _, off := range []uint32{14 + 8, 14 + 24} {
		for _, h := range hosts {
			if h = h.Unmap(); !h.Is6() {
				continue
			}
			a := h.As16()
			for word := range uint32(4) {
				f = append(f,
					bpf.LoadAbsolute{Off: off + 4*word, Size: 4},
					bpf.JumpIf{
						Cond: bpf.JumpNotEqual, Val: binary.BigEndian.Uint32(a[4*word:]),
						SkipTrue: uint8(7 - 2*word), //nolint:gosec // to the next host
					})
			}
			f = append(f, bpf.RetConstant{Val: snapLength})
		}
	}
	return f
}

// ask4 keeps the IPv4 packets that may ask or answer: ICMP, UDP, and the segments of
// TCP that open a connection or refuse one.
func ask4() []bpf.Instruction {
	return []bpf.Instruction{
		bpf.LoadAbsolute{Off: 14 + 9, Size: 1},
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: uint32(frame.ICMP), SkipTrue: 5},
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: uint32(frame.UDP), SkipTrue: 4},
		bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: uint32(frame.TCP), SkipTrue: 4},
		bpf.LoadMemShift{Off: 14},
		bpf.LoadIndirect{Off: 14 + frame.FlagsAt, Size: 1},
		bpf.JumpIf{Cond: bpf.JumpBitsNotSet, Val: frame.FlagSYN | frame.FlagRST, SkipTrue: 1},
		bpf.RetConstant{Val: snapLength},
		bpf.RetConstant{Val: 0},
	}
}

// ask6 does the same for IPv6. Packets with extension headers are all kept.
func ask6() []bpf.Instruction {
	f := []bpf.Instruction{bpf.LoadAbsolute{Off: 14 + 6, Size: 1}}
	keep := []uint32{uint32(frame.ICMPv6), uint32(frame.UDP), nextHopByHop, nextRouting, nextFragment, nextDestination}
	for i, p := range keep {
		f = append(f, bpf.JumpIf{Cond: bpf.JumpEqual, Val: p, SkipTrue: uint8(len(keep) - i + 2)}) //nolint:gosec // a few
	}
	return append(f,
		bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: uint32(frame.TCP), SkipTrue: 3},
		bpf.LoadAbsolute{Off: 14 + 40 + frame.FlagsAt, Size: 1},
		bpf.JumpIf{Cond: bpf.JumpBitsNotSet, Val: frame.FlagSYN | frame.FlagRST, SkipTrue: 1},
		bpf.RetConstant{Val: snapLength},
		bpf.RetConstant{Val: 0},
	)
}
