package sasl

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"slices"
	"strings"
	"testing"

	"github.com/jcmturner/gokrb5/v8/crypto"
	"github.com/jcmturner/gokrb5/v8/iana/etypeID"
	"github.com/jcmturner/gokrb5/v8/iana/keyusage"
	"github.com/jcmturner/gokrb5/v8/types"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// That Samba seals alike is shown by the tests with the lab. Here is what no
// server would send.

func sealedPair(t testing.TB) (*Conn, net.Conn) {
	t.Helper()
	near, far := net.Pipe()
	t.Cleanup(func() { _, _ = near.Close(), far.Close() })
	c := &Conn{Conn: near}
	key := types.EncryptionKey{KeyType: etypeID.AES256_CTS_HMAC_SHA1_96, KeyValue: bytes.Repeat([]byte{7}, 32)}
	if err := c.Seal(&Negotiator{key: key, heard: 40, largest: 256}); err != nil {
		t.Fatal(err)
	}
	return c, far
}

// asServer wraps a text as the other end does, turned right by some bytes.
func asServer(t testing.TB, c *Conn, number uint64, turn int, text string) []byte {
	t.Helper()
	header := []byte{5, 4, 7, 0xff, 0, 0, 0, 0}
	header = binary.BigEndian.AppendUint64(header, number)
	e, err := crypto.GetEtype(c.n.key.KeyType)
	if err != nil {
		t.Fatal(err)
	}
	_, body, err := e.EncryptMessage(c.n.key.KeyValue, slices.Concat([]byte(text), header), keyusage.GSSAPI_ACCEPTOR_SEAL)
	if err != nil {
		t.Fatal(err)
	}
	binary.BigEndian.PutUint16(header[6:], uint16(turn))
	at := len(body) - turn%len(body)
	message := slices.Concat(header, body[at:], body[:at])
	return append(binary.BigEndian.AppendUint32(nil, uint32(len(message))), message...)
}

func TestSealed(t *testing.T) {
	c, far := sealedPair(t)
	stream := slices.Concat(asServer(t, c, 41, 0, "one "), asServer(t, c, 42, 28, "two "), asServer(t, c, 43, 1000, "three"))
	go func() {
		for _, b := range stream { // however it comes in parts
			_, _ = far.Write([]byte{b})
		}
		_ = far.Close()
	}()
	got, err := io.ReadAll(c)
	if err != nil || string(got) != "one two three" {
		t.Errorf("read %q, %v", got, err)
	}
}

func TestSealedRefuses(t *testing.T) {
	for name, change := range map[string]func(*Conn) []byte{
		"a bit":       func(c *Conn) []byte { m := asServer(t, c, 41, 0, "text"); m[30] ^= 1; return m },
		"the header":  func(c *Conn) []byte { m := asServer(t, c, 41, 0, "text"); m[6] = 6; return m },
		"extra bytes": func(c *Conn) []byte { m := asServer(t, c, 41, 0, "text"); m[9] = 4; return m },
		"a replay": func(c *Conn) []byte {
			m := asServer(t, c, 41, 0, "text")
			return append(m, m...)
		},
		"a gap": func(c *Conn) []byte { return asServer(t, c, 42, 0, "text") },
		"our own": func(c *Conn) []byte {
			m, _ := c.wrap([]byte("text"))
			return append([]byte{0, 0, 0, byte(len(m))}, m...)
		},
		"clear text": func(*Conn) []byte {
			return []byte("0\x84\x00\x00\x00\x10\x02\x01\x01a\x84\x00\x00\x00\x07\x0a\x01")
		},
		"a small one": func(*Conn) []byte { return []byte{0, 0, 0, 3, 1, 2, 3} },
	} {
		t.Run(name, func(t *testing.T) {
			c, far := sealedPair(t)
			message := change(c)
			go func() {
				_, _ = far.Write(message)
				_ = far.Close()
			}()
			got, err := io.ReadAll(c)
			want := reason.One(reason.NotSealed)
			switch name {
			case "a small one":
				want = reason.One(reason.SealedSizeWrong, "octets", 3)
			case "clear text":
				want = reason.One(reason.SealedSizeWrong, "octets", 0x30840000)
			}
			if !reason.Of(err).Equal(want) || strings.Contains(string(got), "texttext") {
				t.Errorf("read %q, %v", got, err)
			}
		})
	}
}

// Nothing is sent where the other end's encryption or the size of its messages
// leaves no room for it.
func TestSealedCannotBe(t *testing.T) {
	for _, kind := range []int32{etypeID.RC4_HMAC, etypeID.DES3_CBC_SHA1_KD} {
		c := &Conn{}
		err := c.Seal(&Negotiator{key: types.EncryptionKey{KeyType: kind}})
		if !reason.Of(err).Equal(reason.One(reason.EncryptionTooOld, "type", kind)) {
			t.Errorf("type %d: %v", kind, err)
		}
	}
	c, _ := sealedPair(t)
	c.n.largest = 100
	if _, err := c.Write([]byte("text")); !reason.Of(err).Equal(reason.One(reason.MessagesTooSmall, "octets", 100)) {
		t.Error(err)
	}
}

// A long request is sent in messages that the server takes.
func TestSealedInParts(t *testing.T) {
	c, far := sealedPair(t)
	text := strings.Repeat("0123456789", 100)
	go func() {
		_, _ = c.Write([]byte(text))
		_ = c.Close()
	}()
	sent, err := io.ReadAll(far)
	if err != nil {
		t.Fatal(err)
	}
	var got []byte
	for n := uint64(2); len(sent) > 0; n++ {
		size := binary.BigEndian.Uint32(sent)
		message := sent[4 : 4+size]
		if size > 256 || binary.BigEndian.Uint64(message[8:]) != n {
			t.Fatalf("message %d: %d bytes, numbered %d", n, size, binary.BigEndian.Uint64(message[8:]))
		}
		plain, err := c.etype.DecryptMessage(c.n.key.KeyValue, message[headerSize:], keyusage.GSSAPI_INITIATOR_SEAL)
		if err != nil || !bytes.Equal(plain[len(plain)-headerSize:], message[:headerSize]) {
			t.Fatalf("message %d: %v", n, err)
		}
		got = append(got, plain[:len(plain)-headerSize]...)
		sent = sent[4+size:]
	}
	if string(got) != text {
		t.Errorf("%d bytes came, %d were sent", len(got), len(text))
	}
}

// Whatever comes, nothing that the server did not seal is taken for its word.
func FuzzSealed(f *testing.F) {
	c, _ := sealedPair(f)
	f.Add(asServer(f, c, 41, 0, "text"))
	f.Add(asServer(f, c, 41, 28, "text")[:50])
	f.Add([]byte{0, 0, 0, 60})
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0})
	genuine := asServer(f, c, 41, 0, "text")
	f.Fuzz(func(t *testing.T, b []byte) {
		c, _ := sealedPair(t)
		c.raw = slices.Clone(b)
		err := c.open()
		if len(c.plain) > 0 && string(c.plain) != "text" {
			t.Errorf("%q came out of %x, %v (genuine is %x)", c.plain, b, err, genuine)
		}
	})
}
