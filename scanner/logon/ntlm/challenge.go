package ntlm

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Challenge is the second message of a log-on, as the peer sent it.
type Challenge struct {
	raw    []byte
	flags  uint32
	nonce  [8]byte
	target []pair
}

// pair is one AV_PAIR, [MS-NLMP] 2.2.2.1.
type pair struct {
	id    uint16
	value []byte
}

// Kinds of AV_PAIR, [MS-NLMP] 2.2.2.1.
const (
	avEOL             = 0
	avFlags           = 6
	avTimestamp       = 7
	avTargetName      = 9
	avChannelBindings = 10
)

// challengeLen is where the fixed fields of a challenge end. The version after
// them is optional and tells nothing that is used.
const challengeLen = 48

// ReadChallenge reads a CHALLENGE_MESSAGE, [MS-NLMP] 2.2.1.2. Everything in it is
// the peer's word; what is not well-formed is an error.
func ReadChallenge(b []byte) (*Challenge, error) {
	if len(b) < 12 || string(b[:8]) != signature || binary.LittleEndian.Uint32(b[8:]) != typeChallenge {
		return nil, errors.New("it is no NTLM challenge")
	}
	if len(b) < challengeLen {
		return nil, fmt.Errorf("the NTLM challenge is cut: %d octets", len(b))
	}
	c := &Challenge{raw: append([]byte(nil), b...), flags: binary.LittleEndian.Uint32(b[20:])}
	copy(c.nonce[:], b[24:])
	if c.flags&flagUnicode == 0 {
		return nil, fmt.Errorf("the NTLM challenge does not take Unicode (flags %08x)", c.flags)
	}
	if c.flags&flagTargetInfo == 0 {
		return c, nil
	}
	n, at := int(binary.LittleEndian.Uint16(b[40:])), uint64(binary.LittleEndian.Uint32(b[44:]))
	if at > uint64(len(b)) || uint64(n) > uint64(len(b))-at {
		return nil, fmt.Errorf("the NTLM challenge is cut: %d octets of target information at %d, in %d", n, at, len(b))
	}
	var err error
	c.target, err = readPairs(b[at : at+uint64(n)])
	return c, err
}

// readPairs reads a list of AV_PAIRs, which MsvAvEOL ends. An empty list may lack it.
func readPairs(b []byte) ([]pair, error) {
	if len(b) == 0 {
		return nil, nil
	}
	var all []pair
	for {
		if len(b) < 4 {
			return nil, errors.New("the target information of the NTLM challenge has no end")
		}
		id, n := binary.LittleEndian.Uint16(b), int(binary.LittleEndian.Uint16(b[2:]))
		if b = b[4:]; id == avEOL {
			return all, nil
		}
		if n > len(b) {
			return nil, fmt.Errorf("the target information of the NTLM challenge is cut: %d of %d octets", len(b), n)
		}
		if id == avTimestamp && n != 8 {
			return nil, fmt.Errorf("the time in the NTLM challenge has %d octets, not 8", n)
		}
		all = append(all, pair{id, append([]byte(nil), b[:n]...)})
		b = b[n:]
	}
}

// timestamp is the peer's time as a FILETIME; ok is false where it told none.
func (c *Challenge) timestamp() (t uint64, ok bool) {
	for _, p := range c.target {
		if p.id == avTimestamp {
			return binary.LittleEndian.Uint64(p.value), true
		}
	}
	return 0, false
}

// CanSeal fails unless the peer agrees to sign and seal messages with 128 bits, a
// key of their own and extended session security. Without that there is no Session.
func (c *Challenge) CanSeal() error {
	if c.flags&flagsSealing != flagsSealing {
		return fmt.Errorf("refuses to seal messages (NTLM flags %08x)", c.flags)
	}
	return nil
}
