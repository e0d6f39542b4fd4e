package ntlm

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"strings"
	"testing"
	"time"
)

func octets(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The values of [MS-NLMP] 4.2.1 and 4.2.4: account, nonces and keys of its
// NTLMv2 example.
var (
	exampleLogon  = Logon{User: "User", Domain: "Domain", Password: "Password"}
	exampleNonce  = [8]byte{0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef}
	exampleClient = [8]byte{0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa}
	exampleKey    = bytes.Repeat([]byte{0x55}, 16)
)

func TestKnownAnswersOfNTLMv2(t *testing.T) {
	info := octets(t, "02000c00 44006f006d00610069006e00 01000c00 530065007200760065007200 00000000")
	key := responseKey(exampleLogon)
	response, base := respond(key, exampleNonce, exampleClient, 0, info)
	session := newSession(exampleKey)
	sealed, signature := session.Seal(wide("Plaintext"))
	for _, tc := range []struct {
		what string
		got  []byte
		want string
	}{
		{"NTOWFv2, 4.2.4.1.1", key, "0c868a403bfd7a93a3001ef22ef02e3f"},
		{"session base key, 4.2.4.1.2", base, "8de40ccadbc14a82f15cb0ad0de95ca3"},
		{"proof of the response, 4.2.4.2.2", response[:16], "68cd0ab851e51c96aabc927bebef6a1c"},
		{"encrypted session key, 4.2.4.2.3", crypt(base, exampleKey), "c5dad2544fc9799094ce1ce90bc9d03e"},
		{"signing key, 4.2.4.4", session.out.signing, "4788dc861b4782f35d43fd98fe1a2d39"},
		{"sealed message, 4.2.4.4", sealed, "54e50165bf1936dc996020c1811b0f06fb5f"},
		{"its signature, 4.2.4.4", signature, "010000007fb38ec5c55d497600000000"},
	} {
		if want := octets(t, tc.want); !bytes.Equal(tc.got, want) {
			t.Errorf("%s: %x, want %x", tc.what, tc.got, want)
		}
	}
}

// challengeOf is a challenge with these flags and target information.
func challengeOf(flags uint32, info []byte) []byte {
	b := []byte(signature)
	b = binary.LittleEndian.AppendUint32(b, typeChallenge)
	b = append(b, make([]byte, 8)...)
	b = binary.LittleEndian.AppendUint32(b, flags)
	b = append(b, exampleNonce[:]...)
	b = append(b, make([]byte, 8)...)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(info)))
	b = binary.LittleEndian.AppendUint16(b, uint16(len(info)))
	b = binary.LittleEndian.AppendUint32(b, challengeLen)
	return append(b, info...)
}

// sentPairs reads the list of AV_PAIRs that an AUTHENTICATE_MESSAGE carries.
func sentPairs(t *testing.T, m []byte) map[uint16][]byte {
	t.Helper()
	n, at := binary.LittleEndian.Uint16(m[20:]), binary.LittleEndian.Uint32(m[24:])
	response := m[at : at+uint32(n)]
	all, err := readPairs(response[16+28 : len(response)-4])
	if err != nil {
		t.Fatal(err)
	}
	found := map[uint16][]byte{}
	for _, p := range all {
		if _, twice := found[p.id]; twice {
			t.Errorf("AV_PAIR %d is there twice", p.id)
		}
		found[p.id] = p.value
	}
	return found
}

func TestTheMessageNamesItsServiceAndItsConnection(t *testing.T) {
	when := []byte{1, 2, 3, 4, 5, 6, 7, 8}
	own := []byte{9, 0, 4, 0, 'x', 0, 'y', 0, 10, 0, 2, 0, 1, 1, 6, 0, 4, 0, 1, 0, 0, 0, 7, 0, 8, 0}
	own = append(append(own, when...), 0, 0, 0, 0)
	binding := []byte("tls-server-end-point:0123")
	for name, tc := range map[string]struct {
		info, binding, flags, when []byte
	}{
		"the peer tells nothing":               {nil, nil, []byte{2, 0, 0, 0}, nil},
		"the peer names another service first": {own, binding, []byte{3, 0, 0, 0}, when},
	} {
		t.Run(name, func(t *testing.T) {
			raw := challengeOf(flagsAsked, tc.info)
			c, err := ReadChallenge(raw)
			if err != nil {
				t.Fatal(err)
			}
			l := exampleLogon
			l.Target, l.Binding = "HTTP/client1.contoso.test", tc.binding
			m, s, err := c.authenticate(l, randomness{challenge: exampleClient, key: [16]byte(exampleKey), now: time.Unix(0, 0)})
			if err != nil || s == nil {
				t.Fatalf("session %v, %v", s, err)
			}
			sent := sentPairs(t, m)
			for id, want := range map[uint16][]byte{
				avTargetName: wide(l.Target), avChannelBindings: bindingHash(tc.binding), avFlags: tc.flags, avTimestamp: tc.when,
			} {
				if !bytes.Equal(sent[id], want) {
					t.Errorf("AV_PAIR %d is %x, want %x", id, sent[id], want)
				}
			}
			if tc.binding == nil && !bytes.Equal(sent[avChannelBindings], make([]byte, 16)) {
				t.Errorf("without TLS the binding is %x", sent[avChannelBindings])
			}
			got := append([]byte(nil), m[offsetMIC:offsetPayload]...)
			clear(m[offsetMIC:offsetPayload])
			if want := mac(exampleKey, Negotiate(), raw, m); !bytes.Equal(got, want) {
				t.Errorf("MIC %x, want %x", got, want)
			}
			if lm := m[offsetPayload : offsetPayload+24]; !bytes.Equal(lm, make([]byte, 24)) {
				t.Errorf("an LM response is sent: %x", lm)
			}
			if bytes.Contains(m, wide(l.Password)) || bytes.Contains(m, []byte(l.Password)) {
				t.Error("the message holds the password")
			}
		})
	}
}

func TestADamagedChallengeIsAnError(t *testing.T) {
	whole := challengeOf(flagsAsked, []byte{7, 0, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0})
	if _, err := ReadChallenge(whole); err != nil {
		t.Fatal(err)
	}
	for n := range whole {
		if _, err := ReadChallenge(whole[:n]); err == nil {
			t.Errorf("its first %d octets are taken", n)
		}
	}
	for name, damage := range map[string]func(b []byte){
		"another signature":       func(b []byte) { b[0] = 'X' },
		"another type":            func(b []byte) { b[8] = 3 },
		"no Unicode":              func(b []byte) { b[20] &^= flagUnicode },
		"an offset past the end":  func(b []byte) { binary.LittleEndian.PutUint32(b[44:], 1<<32-1) },
		"a length past the end":   func(b []byte) { binary.LittleEndian.PutUint16(b[40:], 1<<16-1) },
		"a pair past the end":     func(b []byte) { b[50] = 200 },
		"a short time":            func(b []byte) { b[50] = 4 },
		"no end of the pair list": func(b []byte) { b[60] = 1 },
	} {
		b := append([]byte(nil), whole...)
		damage(b)
		if _, err := ReadChallenge(b); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

func TestThereIsNoSessionWithoutAllThatSealingNeeds(t *testing.T) {
	for _, missing := range []uint32{flagSign, flagSeal, flagExtended, flag128, flagKeyExchange} {
		c, err := ReadChallenge(challengeOf(flagsAsked&^missing, nil))
		if err != nil {
			t.Fatal(err)
		}
		m, s, err := c.Authenticate(exampleLogon)
		if err != nil || len(m) == 0 || s != nil || c.CanSeal() == nil {
			t.Errorf("without %08x: %d octets, session %v, %v", missing, len(m), s, err)
		}
	}
}

func TestAnAlteredMessageIsNotOpened(t *testing.T) {
	there := func() *Session { // what the peer holds of the same keys
		s := newSession(exampleKey)
		return &Session{out: s.in, in: s.out}
	}
	us, peer := newSession(exampleKey), there()
	for _, text := range []string{"first", "", "third"} {
		if got, err := peer.Unseal(us.Seal([]byte(text))); err != nil || string(got) != text {
			t.Fatalf("%q came as %q, %v", text, got, err)
		}
		if got, err := us.Unseal(peer.Seal([]byte(text))); err != nil || string(got) != text {
			t.Fatalf("%q came back as %q, %v", text, got, err)
		}
	}
	for name, alter := range map[string]func(sealed, signature []byte) ([]byte, []byte){
		"a bit of the message":   func(m, s []byte) ([]byte, []byte) { m[0] ^= 1; return m, s },
		"a bit of the checksum":  func(m, s []byte) ([]byte, []byte) { s[5] ^= 1; return m, s },
		"a number of the past":   func(m, s []byte) ([]byte, []byte) { s[12] ^= 1; return m, s },
		"another version":        func(m, s []byte) ([]byte, []byte) { s[0] = 2; return m, s },
		"a short signature":      func(m, s []byte) ([]byte, []byte) { return m, s[:12] },
		"a message that is cut":  func(m, s []byte) ([]byte, []byte) { return m[:3], s },
		"a message that is late": func(_, _ []byte) ([]byte, []byte) { return there().Seal([]byte("again")) },
	} {
		us, peer := newSession(exampleKey), there()
		_, _ = us.Unseal(peer.Seal([]byte("before")))
		if got, err := us.Unseal(alter(peer.Seal([]byte("message")))); err == nil {
			t.Errorf("%s: opened as %q", name, got)
		}
	}
}

func TestWhatCannotBeSentIsAnError(t *testing.T) {
	c, err := ReadChallenge(challengeOf(flagsAsked, nil))
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"\xff\xfep", strings.Repeat("x", maxName+1)} {
		for name, l := range map[string]Logon{
			"user": {User: bad}, "domain": {Domain: bad}, "password": {Password: bad}, "target": {Target: bad},
		} {
			if _, _, err := c.Authenticate(l); err == nil || !strings.Contains(err.Error(), name) || strings.Contains(err.Error(), bad) {
				t.Errorf("%s %.8q: %v", name, bad, err)
			}
		}
	}
}

func FuzzChallenge(f *testing.F) {
	f.Add(challengeOf(flagsAsked, []byte{7, 0, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0}))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := ReadChallenge(b)
		if err != nil {
			return
		}
		_, s, err := c.Authenticate(exampleLogon)
		if err == nil && (s != nil) != (c.CanSeal() == nil) {
			t.Errorf("session %v of flags %08x", s, c.flags)
		}
	})
}
