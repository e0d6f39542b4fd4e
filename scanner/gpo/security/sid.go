package security

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// SID is a security identifier in its string form ([MS-DTYP] 2.4.2.1), upper
// case and without leading zeros: "S-1-5-11". [ParseSID] makes that form, so
// that parsed SIDs may be compared with == and be keys of a map. The empty SID
// stands for "none" or "not known".
type SID string

// SIDs that mean the same in every domain ([MS-DTYP] 2.4.2.4).
const (
	Everyone              SID = "S-1-1-0"
	CreatorOwner          SID = "S-1-3-0"
	OwnerRights           SID = "S-1-3-4"
	Network               SID = "S-1-5-2"
	EnterpriseControllers SID = "S-1-5-9" // in the tokens of writable domain controllers
	PrincipalSelf         SID = "S-1-5-10"
	AuthenticatedUsers    SID = "S-1-5-11"
	ThisOrganization      SID = "S-1-5-15"
	System                SID = "S-1-5-18"
	OtherOrganization     SID = "S-1-5-1000"
)

// Relative ids of a domain's groups ([MS-DTYP] 2.4.2.4). 498 and 519 exist in
// the root domain of a forest only.
const (
	RIDEnterpriseReadOnlyControllers uint32 = 498
	RIDDomainAdmins                  uint32 = 512
	RIDComputers                     uint32 = 515
	RIDControllers                   uint32 = 516
	RIDEnterpriseAdmins              uint32 = 519
	RIDReadOnlyControllers           uint32 = 521
)

// maxSubAuthorities is the most that a SID can have ([MS-DTYP] 2.4.2.2).
const maxSubAuthorities = 15

// ParseSID reads a SID in string form, in any case of letters.
func ParseSID(s string) (SID, error) {
	parts := strings.Split(s, "-")
	if len(parts) < 3 || !strings.EqualFold(parts[0], "S") || parts[1] != "1" {
		return "", malformed(reason.SIDMalformed, s)
	}
	if len(parts)-3 > maxSubAuthorities {
		return "", malformed(reason.SIDMalformed, s)
	}
	authority, err := parseAuthority(parts[2])
	if err != nil {
		return "", malformed(reason.SIDMalformed, s)
	}
	b := appendAuthority([]byte("S-1-"), authority)
	for _, p := range parts[3:] {
		v, err := parseDigits(p, 10, 32)
		if err != nil {
			return "", malformed(reason.SIDMalformed, s)
		}
		b = strconv.AppendUint(append(b, '-'), v, 10)
	}
	return SID(b), nil
}

func parseAuthority(s string) (uint64, error) {
	if len(s) > 2 && (s[:2] == "0x" || s[:2] == "0X") {
		return parseDigits(s[2:], 16, 48)
	}
	return parseDigits(s, 10, 48)
}

// parseDigits is [strconv.ParseUint] without its signs and underscores.
func parseDigits(s string, base, bits int) (uint64, error) {
	if strings.ContainsAny(s, "+-_") {
		return 0, strconv.ErrSyntax
	}
	return strconv.ParseUint(s, base, bits)
}

// appendAuthority writes an authority: decimal below 2^32, else hexadecimal.
func appendAuthority(b []byte, authority uint64) []byte {
	if authority < 1<<32 {
		return strconv.AppendUint(b, authority, 10)
	}
	return fmt.Appendf(b, "0x%012x", authority)
}

// binarySID reads a SID at the begin of b and says how many bytes it has; what
// may follow is left alone ([MS-DTYP] 2.4.2.2).
func binarySID(b []byte) (SID, int, error) {
	if len(b) < 8 {
		return "", 0, cutOff("SID", 8, len(b))
	}
	if b[0] != 1 {
		return "", 0, reason.Fail(reason.FieldRevision, "field", "SID", "found", b[0])
	}
	n := int(b[1])
	if n > maxSubAuthorities {
		return "", 0, reason.Fail(reason.SIDParts, "count", n, "most", maxSubAuthorities)
	}
	size := 8 + 4*n
	if len(b) < size {
		return "", 0, cutOff("SID", size, len(b))
	}
	authority := uint64(binary.BigEndian.Uint16(b[2:]))<<32 | uint64(binary.BigEndian.Uint32(b[4:]))
	s := appendAuthority([]byte("S-1-"), authority)
	for i := range n {
		s = strconv.AppendUint(append(s, '-'), uint64(binary.LittleEndian.Uint32(b[8+4*i:])), 10)
	}
	return SID(s), size, nil
}

// ParseBinarySID reads a SID in binary form, such as the attribute objectSid
// has it; nothing may follow it.
func ParseBinarySID(b []byte) (SID, error) {
	s, n, err := binarySID(b)
	if err == nil && n != len(b) {
		err = reason.Fail(reason.SIDTrailing, "left", len(b)-n)
	}
	if err != nil {
		return "", reason.Wrap(err, reason.SIDBytes, "octets", len(b), "why", reason.Of(err))
	}
	return s, nil
}

// Equal compares without regard to the case of letters.
func (s SID) Equal(o SID) bool { return strings.EqualFold(string(s), string(o)) }

// Domain is the SID without its last part, and that part: the domain and the
// relative id of an account or group. ok is false where there is no such part.
func (s SID) Domain() (domain SID, rid uint32, ok bool) {
	i := strings.LastIndexByte(string(s), '-')
	if i < 0 || strings.Count(string(s), "-") < 3 {
		return "", 0, false
	}
	v, err := parseDigits(string(s[i+1:]), 10, 32)
	return s[:i], uint32(v), err == nil
}

// Child is the account or group of a domain that has this relative id; of the
// empty SID it is the empty SID.
func (s SID) Child(rid uint32) SID {
	if s == "" {
		return ""
	}
	return s + "-" + SID(strconv.FormatUint(uint64(rid), 10))
}

// malformed is the error of a text that is not what it should be.
func malformed(code reason.Code, found string, args ...any) error {
	const room = 80
	if len(found) > room {
		found = found[:room] + "..."
	}
	return reason.Fail(code, append(args, "found", found)...)
}

// cutOff is the error of bytes that end within a field.
func cutOff(field string, want, left int) error {
	return reason.Fail(reason.FieldCut, "field", field, "want", want, "left", left)
}
