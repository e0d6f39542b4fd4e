package ssh

import (
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"
)

// said is what a command prints and how it ends.
type said struct {
	out, err string
	status   uint32
}

// server is an SSH server that answers commands as it is told, the
// first row whose begin fits. A command of no row ends well and prints nothing.
type server struct {
	key      ssh.Signer
	commands []struct {
		begin string
		said
	}
	noKeys     bool // it takes none
	noCommands bool
	forward    *ssh.OpenChannelError // what it says to a connection for others
	hangUp     string                // the command at which it ends everything
}

func (s *server) on(begin string, a said) *server {
	s.commands = append(s.commands, struct {
		begin string
		said
	}{begin, a})
	return s
}

func (s *server) serve(c net.Conn) {
	defer c.Close()
	config := &ssh.ServerConfig{PublicKeyCallback: func(ssh.ConnMetadata, ssh.PublicKey) (*ssh.Permissions, error) {
		if s.noKeys {
			return nil, io.EOF
		}
		return nil, nil
	}}
	config.AddHostKey(s.key)
	conn, channels, requests, err := ssh.NewServerConn(c, config)
	if err != nil {
		return
	}
	go ssh.DiscardRequests(requests)
	for n := range channels {
		switch {
		case n.ChannelType() == "direct-tcpip" && s.forward != nil:
			_ = n.Reject(s.forward.Reason, s.forward.Message)
		case n.ChannelType() != "session":
			_ = n.Reject(ssh.UnknownChannelType, "none here")
		case s.noCommands:
			_ = n.Reject(ssh.Prohibited, "no sessions")
		default:
			if ch, asked, err := n.Accept(); err == nil {
				go s.session(conn, ch, asked)
			}
		}
	}
}

func (s *server) session(conn *ssh.ServerConn, ch ssh.Channel, asked <-chan *ssh.Request) {
	defer ch.Close()
	for r := range asked {
		if r.Type != "exec" {
			_ = r.Reply(r.Type == "env", nil)
			continue
		}
		var exec struct{ Command string }
		_ = ssh.Unmarshal(r.Payload, &exec)
		if s.hangUp != "" && strings.Contains(exec.Command, s.hangUp) {
			_ = conn.Close()
			return
		}
		_ = r.Reply(true, nil)
		_, _ = io.Copy(io.Discard, head1(ch, strings.Contains(exec.Command, "cat >")))
		var a said
		for _, c := range s.commands {
			if strings.Contains(exec.Command, c.begin) {
				a = c.said
				break
			}
		}
		_, _ = io.WriteString(ch, a.out)
		_, _ = io.WriteString(ch.Stderr(), a.err)
		_, _ = ch.SendRequest("exit-status", false, ssh.Marshal(struct{ Status uint32 }{a.status}))
		return
	}
}

// head1 is what is read of a command's input: all of it where it takes a file.
func head1(ch io.Reader, file bool) io.Reader {
	if file {
		return ch
	}
	return strings.NewReader("")
}

// healthyServer is one on which everything goes well until the far end starts.
func healthyServer(t *testing.T) *server {
	t.Helper()
	return (&server{key: newKey(t)}).
		on("uname -sm", said{out: "Linux x86_64\n"}).
		on("mktemp", said{out: "/tmp/kmsiso-abcdefghij\n"})
}

// wayTo is a way in to a server: its host key is known, and a key of the user and
// a release binary are there.
func wayTo(t *testing.T, s *server) Way {
	t.Helper()
	_, w := meanServer(t, "")
	known := append([]byte("far "), ssh.MarshalAuthorizedKey(s.key.PublicKey())...)
	if err := os.WriteFile(w.KnownHosts, known, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(w.FarEnd, "kmsiso_linux_amd64"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		if c, err := l.Accept(); err == nil {
			s.serve(c)
		}
	}()
	w.dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, l.Addr().String())
	}
	return w
}
