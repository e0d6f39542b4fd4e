package ssh

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"

	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

func TestRefusalIsOnlyWhatTheServerCallsSo(t *testing.T) {
	for _, c := range []struct {
		reason  ssh.RejectionReason
		message string
		want    run.Class
	}{
		{ssh.ConnectionFailed, "Connection refused", run.Refused},
		{ssh.ConnectionFailed, "Connection timed out", run.Unknown},
		{ssh.ConnectionFailed, "No route to host", run.Unknown},
		{ssh.ConnectionFailed, "Network is unreachable", run.Unknown},
		{ssh.ConnectionFailed, "Permission denied", run.Unknown},
		{ssh.ConnectionFailed, "", run.Unknown},
		{ssh.ConnectionFailed, "Connection refused by administrator", run.Unknown},
		{ssh.RejectionReason(99), "Connection refused", run.Unknown},
	} {
		class, note := refusal(&ssh.OpenChannelError{Reason: c.reason, Message: c.message})
		if class != c.want || !strings.Contains(note, c.message) {
			t.Errorf("%v %q: %s with %q, want %s", c.reason, c.message, class, note, c.want)
		}
	}
}

// rpcFrame is that of a DCE/RPC connection-oriented PDU (C706 12.6.3.1).
var rpcFrame = vantage.Frame{Header: 16, Length: 8, Max: 5840}

func TestReadFrame(t *testing.T) {
	whole := append(bytes.Repeat([]byte{0}, 8), 20, 0, 0, 0, 0, 0, 0, 0, 'd', 'a', 't', 'a')
	for _, c := range []struct {
		name, in, want, err string
		frame               vantage.Frame
	}{
		{"whole", string(whole), string(whole), "", rpcFrame},
		{"more than whole", string(whole) + "more", string(whole), "", rpcFrame},
		{"half of the data", string(whole[:18]), string(whole[:18]), "after 18 of 20 octets", rpcFrame},
		{"half of the header", string(whole[:5]), string(whole[:5]), "after 5 octets", rpcFrame},
		{"nothing", "", "", "after 0 octets", rpcFrame},
		{"too long", string(whole[:8]) + "\xff\xff" + string(whole[10:16]), "", "at most 5840", rpcFrame},
		{"shorter than its header", string(whole[:8]) + "\x01\x00" + string(whole[10:16]), "", "at least 16", rpcFrame},
		{"no frame given", string(whole), "", "makes no sense", vantage.Frame{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := readFrame(strings.NewReader(c.in), c.frame)
			if c.err == "" && err != nil || c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)) {
				t.Errorf("error %v, want %q", err, c.err)
			}
			if c.want != "" && string(got) != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func FuzzReadFrame(f *testing.F) {
	f.Fuzz(func(t *testing.T, in []byte) {
		got, err := readFrame(bytes.NewReader(in), rpcFrame)
		if !bytes.HasPrefix(in, got) || len(got) > rpcFrame.Max {
			t.Errorf("%d octets that were not sent", len(got))
		}
		if err == nil && len(got) < rpcFrame.Header {
			t.Errorf("a whole answer of %d octets", len(got))
		}
	})
}
