package tcp

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
	"github.com/kmsiso/kmsiso/scanner/vantage/local/socket"
)

// stream is an open connection.
type stream interface {
	io.ReadWriter
	SetDeadline(time.Time) error
}

// checkFrame reports a frame that no answer could fit.
func checkFrame(q *vantage.DialRequest) error {
	if len(q.Send) == 0 {
		return nil
	}
	f := q.Frame
	if f.Length < 0 || f.Header < f.Length+2 || f.Max < f.Header || f.Max > 1<<20 {
		return socket.Unusable("connect", q.To, "frame", fmt.Sprintf("%d %d %d", f.Header, f.Length, f.Max))
	}
	return nil
}

// converse sends q.Send on s and reads one framed answer into r, which is that
// of the connect. It fails only where ended says that the caller gave up.
func converse(s stream, q *vantage.DialRequest, r *vantage.Reply, ended func() error) error {
	wait := q.Read
	if wait <= 0 {
		wait = q.Timeout
	}
	if err := s.SetDeadline(time.Now().Add(wait)); err != nil {
		return socket.Failed("connect", q.To, err)
	}
	// Who gives up sets a deadline in the past, which this one may have replaced.
	if err := ended(); err != nil {
		return err
	}
	cut := func(note string, err error) error {
		if gone := ended(); gone != nil {
			return gone
		}
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded):
			note += fmt.Sprintf(" within %v", wait)
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			note += ": the peer closed the connection"
		case err != nil:
			note += ": " + err.Error()
		}
		r.Class, r.Note = run.Cut, note
		return nil
	}
	if _, err := s.Write(q.Send); err != nil {
		return cut("the request could not be sent", err)
	}
	// An answer comes in one piece, as a rule.
	piece := make([]byte, max(q.Frame.Header, 512))
	n, err := io.ReadAtLeast(s, piece, q.Frame.Header)
	r.Data = piece[:min(n, q.Frame.Header)]
	if err != nil {
		return cut(fmt.Sprintf("%d octets of an answer came", n), err)
	}
	whole := int(binary.LittleEndian.Uint16(piece[q.Frame.Length:]))
	if whole < q.Frame.Header || whole > q.Frame.Max {
		return cut(fmt.Sprintf("the answer says that it is %d octets long; from %d to %d were expected", whole, q.Frame.Header, q.Frame.Max), nil)
	}
	r.Data = append(piece[:min(n, whole)], make([]byte, max(whole-n, 0))...)
	if m, err := io.ReadFull(s, r.Data[min(n, whole):]); err != nil {
		r.Data = r.Data[:n+m]
		return cut(fmt.Sprintf("%d of the %d octets of an answer came", n+m, whole), err)
	}
	return nil
}
