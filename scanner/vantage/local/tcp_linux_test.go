package local

import (
	"encoding/binary"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// pdu is an answer of n octets, with its length at octet 8 as in DCE/RPC.
func pdu(n int) []byte {
	b := make([]byte, n)
	binary.LittleEndian.PutUint16(b[8:], uint16(n))
	return b
}

func TestDialReadsOneWholeAnswer(t *testing.T) {
	v := here(t)
	for name, c := range map[string]struct {
		serve func(net.Conn)
		want  run.Class
		size  int
		note  string
	}{
		"whole":          {func(c net.Conn) { c.Write(pdu(60)) }, run.Answered, 60, ""},
		"in pieces":      {func(c net.Conn) { c.Write(pdu(60)[:5]); c.Write(pdu(60)[5:]) }, run.Answered, 60, ""},
		"more follows":   {func(c net.Conn) { c.Write(append(pdu(60), 1, 2, 3)) }, run.Answered, 60, ""},
		"header only":    {func(c net.Conn) { c.Write(pdu(16)) }, run.Answered, 16, ""},
		"half":           {func(c net.Conn) { c.Write(pdu(60)[:30]) }, run.Cut, 30, "30 of the 60 octets"},
		"half a header":  {func(c net.Conn) { c.Write(pdu(60)[:3]) }, run.Cut, 3, "3 octets"},
		"closed at once": {func(net.Conn) {}, run.Cut, 0, "closed the connection"},
		"too long":       {func(c net.Conn) { c.Write(pdu(5841)) }, run.Cut, 16, "5841"},
		"too short":      {func(c net.Conn) { c.Write(append(pdu(16)[:8], make([]byte, 8)...)) }, run.Cut, 16, "0 octets long"},
		"never": {func(c net.Conn) {
			for b := make([]byte, 10); ; { // until the other side has had enough
				if _, err := c.Read(b); err != nil {
					return
				}
			}
		}, run.Cut, 0, "within 100ms"},
	} {
		to := listen(t, loopbacks[0], func(conn net.Conn) {
			conn.Read(make([]byte, 4)) // unread data would turn the close into a reset
			c.serve(conn)
		})
		r, err := vantage.TCP.At(v)(t.Context(), vantage.DialRequest{
			To: to, Timeout: time.Second, Send: []byte("bind"), Read: 100 * time.Millisecond,
			Frame: vantage.Frame{Header: 16, Length: 8, Max: 5840},
		})
		if err != nil || r.Class != c.want || len(r.Data) != c.size || !strings.Contains(r.Note, c.note) {
			t.Errorf("%s: %s, %d octets, %q, %v; want %s, %d octets", name, r.Class, len(r.Data), r.Note, err, c.want, c.size)
		}
	}
}

func TestRequestsThatCannotBeMade(t *testing.T) {
	v := here(t)
	to := closedPort(t, loopbacks[0])
	for name, q := range map[string]vantage.DialRequest{
		"no address": {Timeout: time.Second},
		"no time":    {To: to},
		"no frame":   {To: to, Timeout: time.Second, Send: []byte("x")},
	} {
		if r, err := vantage.TCP.At(v)(t.Context(), q); err == nil {
			t.Errorf("%s: %+v", name, r)
		}
	}
}
