package sasl

import (
	"bytes"
	"encoding/binary"
	"net"
	"slices"
	"sync"

	"github.com/jcmturner/gokrb5/v8/crypto"
	"github.com/jcmturner/gokrb5/v8/crypto/etype"
	"github.com/jcmturner/gokrb5/v8/iana/keyusage"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// The header of a Wrap token: id, flags, filler, extra count, right rotation
// count, sequence number (RFC 4121 4.2.6.2).
const (
	headerSize           = 16
	flagAcceptor    byte = 1
	flagSealed      byte = 2
	flagSubkey      byte = 4
	confounderSize       = 16
	smallestMessage      = headerSize + confounderSize + headerSize + 12
)

// Conn is a connection whose bytes are sealed with Kerberos from [Conn.Seal] on:
// each message is a Wrap token after its length (RFC 4752 3.3, RFC 4121 4.2.4).
type Conn struct {
	net.Conn

	// n is nil as long as the bytes pass as they are. It is set between the end
	// of the bind and the next request, when nothing is under way.
	mu    sync.Mutex
	n     *Negotiator
	etype etype.EType
	sent  uint64

	// of the one reader
	buffer [32 << 10]byte
	raw    []byte // received, perhaps not whole
	plain  []byte // opened, not yet read
}

// Seal protects everything from now on, by what was agreed on. It fails for a key that
// is too old for it.
func (c *Conn) Seal(n *Negotiator) error {
	e, err := crypto.GetEtype(n.key.KeyType)
	if err != nil {
		return err
	}
	if e.GetConfounderByteSize() != confounderSize {
		return reason.Fail(reason.EncryptionTooOld, "type", n.key.KeyType)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n, c.etype, c.sent = n, e, 2
	return nil
}

func (c *Conn) sealing() (*Negotiator, etype.EType) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n, c.etype
}

// Write sends b in as many messages as the other end's limit asks for.
func (c *Conn) Write(b []byte) (int, error) {
	n, _ := c.sealing()
	if n == nil {
		return c.Conn.Write(b)
	}
	room := n.largest - 2*smallestMessage
	if room <= 0 {
		return 0, reason.Fail(reason.MessagesTooSmall, "octets", n.largest)
	}
	var out []byte
	for part := range slices.Chunk(b, room) {
		message, err := c.wrap(part)
		if err != nil {
			return 0, err
		}
		out = binary.BigEndian.AppendUint32(out, uint32(len(message)))
		out = append(out, message...)
	}
	if _, err := c.Conn.Write(out); err != nil {
		return 0, err
	}
	return len(b), nil
}

// wrap makes one Wrap token: header, then ciphertext of the text and the header.
func (c *Conn) wrap(text []byte) ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	header := make([]byte, headerSize)
	header[0], header[1], header[2], header[3] = 5, 4, flagSealed|flagSubkey, 0xff
	binary.BigEndian.PutUint64(header[8:], c.sent)
	c.sent++
	_, sealed, err := c.etype.EncryptMessage(c.n.key.KeyValue, slices.Concat(text, header), keyusage.GSSAPI_INITIATOR_SEAL)
	if err != nil {
		return nil, err
	}
	return append(header, sealed...), nil
}

// Read is for one reader at a time.
func (c *Conn) Read(p []byte) (int, error) {
	for {
		if len(c.plain) > 0 {
			n := copy(p, c.plain)
			c.plain = c.plain[n:]
			return n, nil
		}
		if len(p) == 0 {
			return 0, nil
		}
		got, err := c.Conn.Read(c.buffer[:])
		// Whether they are sealed is asked after they came: the reader waited for
		// them since before the bind was over.
		n, _ := c.sealing()
		if n == nil {
			c.plain = append(c.plain[:0], c.buffer[:got]...)
		} else {
			c.raw = append(c.raw, c.buffer[:got]...)
			if broken := c.open(); broken != nil {
				return 0, broken
			}
		}
		if err != nil && len(c.plain) == 0 {
			return 0, err
		}
	}
}

// open opens the whole messages among what was received.
func (c *Conn) open() error {
	for len(c.raw) >= 4 {
		size := binary.BigEndian.Uint32(c.raw)
		if size > largest || size < smallestMessage {
			return reason.Fail(reason.SealedSizeWrong, "octets", size)
		}
		if uint32(len(c.raw)-4) < size {
			return nil
		}
		text, err := c.unwrap(c.raw[4 : 4+size])
		if err != nil {
			return err
		}
		c.plain = append(c.plain, text...)
		c.raw = append(c.raw[:0], c.raw[4+size:]...)
	}
	return nil
}

var errForged = reason.Fail(reason.NotSealed)

// unwrap opens one Wrap token and looks that it is the next one.
func (c *Conn) unwrap(message []byte) ([]byte, error) {
	n, e := c.sealing()
	header, body := message[:headerSize], message[headerSize:]
	if header[0] != 5 || header[1] != 4 || header[2] != flagAcceptor|flagSealed|flagSubkey || header[3] != 0xff {
		return nil, errForged
	}
	if binary.BigEndian.Uint64(header[8:]) != n.heard+1 {
		return nil, errForged
	}
	// The body is rotated to the right; turn it back.
	turn := int(binary.BigEndian.Uint16(header[6:])) % len(body)
	body = slices.Concat(body[turn:], body[:turn])
	text, err := e.DecryptMessage(n.key.KeyValue, body, keyusage.GSSAPI_ACCEPTOR_SEAL)
	if err != nil {
		return nil, errForged
	}
	extra := int(binary.BigEndian.Uint16(header[4:]))
	end := len(text) - headerSize - extra
	if end < 0 {
		return nil, errForged
	}
	inner, outer := text[end+extra:], slices.Clone(header)
	outer[6], outer[7] = 0, 0 // the count is not known when the header is sealed
	if !bytes.Equal(inner, outer) {
		return nil, errForged
	}
	n.heard++
	return text[:end], nil
}
