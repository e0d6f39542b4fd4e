package limits

import (
	"bytes"
	"io"
	"net"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// What no LDAP server sends is told by a code, before the library decodes it.
func TestMessagesThatCannotBe(t *testing.T) {
	ended := []byte{0x30, 5, 2, 1, 0, 0x65, 0}
	for name, c := range map[string]struct {
		sent []byte
		asks bool
		want reason.Reason
	}{
		"text":               {[]byte("HTTP/1.1 400 Bad Request"), true, reason.New(reason.NotLDAP)},
		"no length":          {[]byte{0x30, 0x80, 2, 1, 0}, true, reason.New(reason.MessageWithoutLength)},
		"a part too long":    {[]byte{0x30, 3, 2, 9, 0}, true, reason.New(reason.MessageMalformed)},
		"a long message":     {[]byte{0x30, 0x84, 0x7f, 0, 0, 0}, true, reason.New(reason.MessageTooLarge, "mib", largestEntry>>20)},
		"a long end":         {append([]byte{0x30, 0x83, 2, 0, 0, 2, 1, 0, 0x65}, make([]byte, 16)...), true, reason.New(reason.MessageTooLarge, "kb", 128)},
		"many messages":      {bytes.Repeat(ended, 4), true, reason.New(reason.AnswerTooLong, "messages", 3)},
		"messages unasked":   {bytes.Repeat(ended, mostUnasked+1), false, reason.New(reason.UnaskedAnswer)},
		"a notice unasked":   {ended, false, reason.Reason{}},
		"as many as allowed": {bytes.Repeat(ended, 3), true, reason.Reason{}},
	} {
		t.Run(name, func(t *testing.T) {
			near, far := net.Pipe()
			f := NewFrames(near, near, New(5*time.Second))
			f.End()
			if c.asks {
				if err := f.Begin(3); err != nil {
					t.Fatal(err)
				}
			}
			go func() {
				_, _ = far.Write(c.sent)
				_ = far.Close()
			}()
			_, err := io.Copy(io.Discard, f)
			if got := reason.Of(err); c.want.Code == "" && err != nil || c.want.Code != "" && !got.Equal(reason.List{c.want}) {
				t.Errorf("%s, want %s", got.Key(), c.want.Key())
			}
		})
	}
}
