package ssh

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// through is the vantage that remains where no far end can run: TCP made by the
// SSH server (RFC 4254 7.2).
func through(l *link, none *noFarEndError) *vantage.Vantage {
	v := &vantage.Vantage{
		Offers:  vantage.Offering(vantage.TCP.By(forwarder{l}.Dial)),
		OS:      none.platform,
		Missing: map[vantage.Capability]reason.List{},
		Close:   func() error { l.close(); return nil },
	}
	for _, c := range vantage.Capabilities() {
		if c != vantage.CapTCP {
			v.Missing[c] = reason.List{none.why}
		}
	}
	return v
}

// forwarder dials through the SSH server. The server makes the connect and says
// in a word what became of it, so a try is answered, refused or unknown and never
// silent: a forwarded connect that fails proves nothing about silence.
type forwarder struct{ l *link }

// Dial makes one connection. RTT includes the way to the SSH server and back.
func (f forwarder) Dial(ctx context.Context, q vantage.DialRequest) (vantage.Reply, error) {
	connect, cancel := context.WithTimeout(ctx, q.Timeout)
	defer cancel()
	begin := time.Now()
	channel, err := f.open(connect, q)
	r := vantage.Reply{RTT: time.Since(begin)}
	var open *ssh.OpenChannelError
	switch {
	case err == nil:
		defer channel.Close() //nolint:errcheck // nothing more is wanted of it
		r.Class, r.From = run.Answered, q.To.Addr()
		if len(q.Send) > 0 {
			f.exchange(ctx, channel, q, &r)
		}
		return r, ctx.Err()
	case ctx.Err() != nil:
		return vantage.Reply{}, ctx.Err()
	case connect.Err() != nil:
		r.Class, r.Note = run.Unknown, "the SSH server has not said within "+q.Timeout.String()
		return r, nil
	case !errors.As(err, &open):
		return vantage.Reply{}, reason.Wrap(f.l.reason(err), reason.ForwardFailed, "to", q.To, "why", reason.Of(f.l.reason(err)))
	case open.Reason == ssh.Prohibited, open.Reason == ssh.UnknownChannelType, open.Reason == ssh.ResourceShortage:
		return vantage.Reply{}, reason.Wrap(err, reason.ForwardRefused, "to", q.To, "host", f.l.name, "words", err)
	}
	r.Class, r.Note = refusal(open)
	if r.Class == run.Refused {
		r.From = q.To.Addr()
	}
	return r, nil
}

// refusal reads why the server could not connect. OpenSSH gives the system's
// own words in English; only "Connection refused", alone, is a refusal. Which
// machine said no is not known: it may be a middlebox.
func refusal(e *ssh.OpenChannelError) (run.Class, string) {
	if e.Reason == ssh.ConnectionFailed && e.Message == "Connection refused" {
		return run.Refused, "the SSH server says: " + e.Message
	}
	return run.Unknown, fmt.Sprintf("the SSH server says: %.120s", strings.Join(strings.Fields(e.Message), " "))
}

// open opens the channel, or stops waiting when ctx ends; what opens later is
// closed.
func (f forwarder) open(ctx context.Context, q vantage.DialRequest) (ssh.Channel, error) {
	type opened struct {
		channel ssh.Channel
		err     error
	}
	wish := ssh.Marshal(struct {
		Host   string
		Port   uint32
		Origin string
		From   uint32
	}{q.To.Addr().String(), uint32(q.To.Port()), "127.0.0.1", 0})
	done := make(chan opened)
	err := f.l.begin(func() {
		channel, requests, err := f.l.far().OpenChannel("direct-tcpip", wish)
		if err == nil {
			f.l.calls.Go(func() { ssh.DiscardRequests(requests) })
		}
		select {
		case done <- opened{channel, err}:
		case <-ctx.Done():
			if err == nil {
				_ = channel.Close()
			}
		}
	})
	if err != nil {
		return nil, err
	}
	select {
	case o := <-done:
		return o.channel, o.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// exchange sends and reads one framed answer into r. What does not come whole
// is Cut.
func (f forwarder) exchange(ctx context.Context, channel ssh.Channel, q vantage.DialRequest, r *vantage.Reply) {
	ctx, cancel := context.WithTimeout(ctx, q.Read)
	defer cancel()
	type answer struct {
		data []byte
		err  error
	}
	done := make(chan answer, 1)
	err := f.l.begin(func() {
		if _, err := channel.Write(q.Send); err != nil {
			done <- answer{nil, err}
			return
		}
		data, err := readFrame(channel, q.Frame)
		done <- answer{data, err}
	})
	if err != nil {
		r.Class, r.Note = run.Cut, err.Error()
		return
	}
	select {
	case a := <-done:
		r.Data = a.data
		if a.err != nil {
			r.Class, r.Note = run.Cut, a.err.Error()
		}
	case <-ctx.Done():
		r.Class, r.Note = run.Cut, "no whole answer within "+q.Read.String()
	}
}

// readFrame reads one answer, its length taken from its header.
func readFrame(r io.Reader, f vantage.Frame) ([]byte, error) {
	if f.Length < 0 || f.Header < f.Length+2 || f.Max < f.Header {
		return nil, fmt.Errorf("frame of header %d, length at %d, at most %d makes no sense", f.Header, f.Length, f.Max)
	}
	data := make([]byte, f.Header, f.Max)
	if n, err := io.ReadFull(r, data); err != nil {
		return data[:n], fmt.Errorf("the answer ended after %d octets", n)
	}
	size := int(binary.LittleEndian.Uint16(data[f.Length:]))
	if size < f.Header || size > f.Max {
		return data, fmt.Errorf("the answer says it has %d octets, of at least %d and at most %d", size, f.Header, f.Max)
	}
	n, err := io.ReadFull(r, data[f.Header:size])
	if err != nil {
		return data[:f.Header+n], fmt.Errorf("the answer ended after %d of %d octets", f.Header+n, size)
	}
	return data[:size], nil
}
