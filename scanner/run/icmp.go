package run

// ICMP is the type and code of an ICMP error, or of an ICMPv6 error where the
// address that was tried is an IPv6 one. The zero value is that none came, or
// that its numbers are not known: type 0 is an echo reply and never an error.
type ICMP struct {
	Type uint8 `json:"type"`
	Code uint8 `json:"code"`
}

// Prohibited reports whether whoever sent the error says that a filter forbids the
// packet: destination unreachable with code 9, 10 or 13 (RFC 1122 3.2.2.1,
// RFC 1812 5.2.7.1), or with six in ICMPv6 with code 1, 5 or 6 (RFC 4443 3.1).
func (i ICMP) Prohibited(six bool) bool {
	if six {
		return i.Type == 1 && (i.Code == 1 || i.Code == 5 || i.Code == 6)
	}
	return i.Type == 3 && (i.Code == 9 || i.Code == 10 || i.Code == 13)
}
