package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"time"
)

// How long somebody at the other end of a FIFO, a socket or a device may take: to
// be there, and to read on.
const (
	readerTime = 10 * time.Second
	readOnTime = time.Minute
)

// toSpecial writes to what is no regular file.
func toSpecial(p place, write func(io.Writer) error) error {
	var w interface {
		io.WriteCloser
		SetWriteDeadline(time.Time) error
	}
	if p.info.Mode()&fs.ModeSocket != 0 {
		ctx, cancel := context.WithTimeout(context.Background(), readerTime)
		defer cancel()
		c, err := new(net.Dialer).DialContext(ctx, "unix", p.path)
		if err != nil {
			return err
		}
		w = c
	} else {
		f, err := openSpecial(p)
		if err != nil {
			return err
		}
		w = f
	}
	err := write(patient{w, w.SetWriteDeadline})
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = fmt.Errorf("whoever reads %s has read nothing for %s", p.path, readOnTime)
	}
	return errors.Join(err, w.Close())
}

// patient gives each piece of a text time of its own: a slow reader is no reader
// that is gone.
type patient struct {
	io.Writer
	deadline func(time.Time) error
}

const piece = 32 << 10 // octets

func (p patient) Write(b []byte) (n int, err error) {
	for len(b) > 0 && err == nil {
		// What knows no deadline does not wait, or is a terminal.
		if bad := p.deadline(time.Now().Add(readOnTime)); bad != nil && !errors.Is(bad, os.ErrNoDeadline) {
			return n, bad
		}
		var m int
		m, err = p.Writer.Write(b[:min(len(b), piece)])
		n, b = n+m, b[m:]
	}
	return n, err
}
