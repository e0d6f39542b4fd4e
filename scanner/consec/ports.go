package consec

import (
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
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
