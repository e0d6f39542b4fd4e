package security

import (
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// GUID in the byte order of the wire ([MS-DTYP] 2.3.4.2). The zero GUID stands
// for none.
type GUID [16]byte

// GUIDs of the rights that are asked for here ([MS-ADTS] 5.1.3.2.1).
var (
	ApplyGroupPolicyRight      = mustGUID("edacfd8f-ffb3-11d1-b41d-00a0c968f939")
	AllowedToAuthenticateRight = mustGUID("68b1d179-0d15-4d4f-ab71-46152e79a7bc")
)

// ParseGUID reads the form 8-4-4-4-12, with or without braces.
func ParseGUID(s string) (GUID, error) {
	var g GUID
	t := s
	if strings.HasPrefix(t, "{") && strings.HasSuffix(t, "}") {
		t = t[1 : len(t)-1]
	}
	u, err := uuid.Parse(t)
	if err != nil || len(t) != 36 { // the package reads other forms as well
		return g, malformed(reason.GUIDMalformed, s)
	}
	return swapped(u), nil
}

// swapped changes between the byte order of the wire and that of the text: the first
// three fields are little-endian on the wire.
func swapped(b [16]byte) [16]byte {
	slices.Reverse(b[0:4])
	slices.Reverse(b[4:6])
	slices.Reverse(b[6:8])
	return b
}

func mustGUID(s string) GUID {
	g, err := ParseGUID(s)
	if err != nil {
		panic(err)
	}
	return g
}

// String is the form 8-4-4-4-12 in lower case, without braces.
func (g GUID) String() string { return uuid.UUID(swapped(g)).String() }
