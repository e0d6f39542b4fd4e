package consec

import (
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

// Ports is a range of ports, both ends included.
type Ports struct{ First, Last uint16 }

func parsePorts(value string) (Ports, error) {
	first, last, ok := strings.Cut(value, "-")
	if !ok {
		last = first
	}
	a, ok1 := number(first, 65535)
	z, ok2 := number(last, 65535)
	if !ok1 || !ok2 || z < a {
		return Ports{}, reason.Fail(reason.WantPort)
	}
	return Ports{uint16(a), uint16(z)}, nil
}

func appendPorts(to *[]Ports, value string) error {
	p, err := parsePorts(value)
	if err == nil {
		*to = append(*to, p)
	}
	return err
}

// hasPort says whether a side's ports hold the port; any without ranges. This
// machine chooses a free port from the dynamic range of Windows Vista and
// later; a peer may have chosen any.
func hasPort(of []Ports, port int, local bool) tri.State {
	first, last := port, port
	switch {
	case len(of) == 0:
		return tri.Yes
	case port == unknownPort && local:
		first, last = 49152, 65535
	case port == unknownPort:
		first, last = 1, 65535
	}
	touched := tri.No
	for _, p := range of {
		if int(p.First) <= first && last <= int(p.Last) {
			return tri.Yes
		}
		if int(p.First) <= last && first <= int(p.Last) {
			touched = tri.Unknown
		}
	}
	return touched
}
