package security

import (
	"encoding/binary"
	"encoding/hex"
	"strings"

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
	if len(t) != 36 || t[8] != '-' || t[13] != '-' || t[18] != '-' || t[23] != '-' {
		return g, malformed(reason.GUIDMalformed, s)
	}
	b, err := hex.DecodeString(t[:8] + t[9:13] + t[14:18] + t[19:23] + t[24:])
	if err != nil {
		return g, malformed(reason.GUIDMalformed, s)
	}
	binary.LittleEndian.PutUint32(g[0:], binary.BigEndian.Uint32(b[0:]))
	binary.LittleEndian.PutUint16(g[4:], binary.BigEndian.Uint16(b[4:]))
	binary.LittleEndian.PutUint16(g[6:], binary.BigEndian.Uint16(b[6:]))
	copy(g[8:], b[8:])
	return g, nil
}

func mustGUID(s string) GUID {
	g, err := ParseGUID(s)
	if err != nil {
		panic(err)
	}
	return g
}

// String is the form 8-4-4-4-12 in lower case, without braces.
func (g GUID) String() string {
	b := make([]byte, 0, 36)
	b = append(hex.AppendEncode(b, []byte{g[3], g[2], g[1], g[0]}), '-')
	b = append(hex.AppendEncode(b, []byte{g[5], g[4]}), '-')
	b = append(hex.AppendEncode(b, []byte{g[7], g[6]}), '-')
	b = append(hex.AppendEncode(b, g[8:10]), '-')
	return string(hex.AppendEncode(b, g[10:]))
}
