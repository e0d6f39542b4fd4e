//go:build lab

package probes

import (
	"bytes"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/probes/wire"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// The tests of this file ask real peers: strongSwan's charon and a DCE/RPC
// server made of impacket. They need root and the packages of the lab, and
// fail without.

// apart runs the rest of a test in a network and mount namespace of its own,
// in a second process. It reports whether this is that process.
func apart(t *testing.T) bool {
	t.Helper()
	const inside = "KMSISO_TEST_APART"
	if os.Getenv(inside) != "" {
		command(t, "ip", "link", "set", "lo", "up")
		return true
	}
	cmd := exec.CommandContext(t.Context(), "unshare", "--net", "--mount",
		os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), inside+"=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("in a namespace of its own: %v\n%s", err, out)
	}
	if !strings.Contains(string(out), "--- PASS: "+t.Name()) {
		t.Fatalf("in a namespace of its own the test did not run:\n%s", out)
	}
	t.Logf("%s", out)
	return false
}

func command(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
}

// daemon starts a process that ends with the test, or with the test's process.
func daemon(t *testing.T, env []string, name string, args ...string) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGTERM)
		cmd.Wait()
		if t.Failed() {
			t.Logf("%s:\n%s", name, out.String())
		}
	})
}

// eventually asks until it is told yes, for at most 20 s.
func eventually(t *testing.T, what string, yes func() error) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for {
		err := yes()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s: %v", what, err)
		}
		if err := pause(t.Context(), 50*time.Millisecond); err != nil {
			t.Fatal(err)
		}
	}
}

const charonConf = `
charon {
  load_modular = no
  load = random nonce openssl hmac kdf aes sha1 sha2 gmp kernel-netlink socket-default vici
  cookie_threshold_ip = 6
  block_threshold = 0
  plugins {
    vici {
      socket = unix://%[1]s/vici
    }
  }
  filelog {
    stdout {
      default = 1
    }
  }
}
swanctl {
  load = random openssl
  socket = unix://%[1]s/vici
}
`

// Version 0 is IKEv1 and IKEv2. At .10 it takes what Windows takes, and
// group 14; over IPv6 only group 2; at .11 nothing that we propose.
const charonConnection = `
connections {
  any {
    version = 0
    local_addrs = 198.18.0.10
    remote_addrs = %any
    proposals = aes256-sha256-modp2048, aes128-sha1-modp1024
    local {
      auth = psk
    }
    remote {
      auth = psk
    }
  }
  six {
    version = 0
    local_addrs = 2001:db8::10
    remote_addrs = %any
    proposals = aes128-sha1-modp1024
    local {
      auth = psk
    }
    remote {
      auth = psk
    }
  }
  strict {
    version = 0
    local_addrs = 198.18.0.11
    remote_addrs = %any
    proposals = aes256-sha512-ecp521
    local {
      auth = psk
    }
    remote {
      auth = psk
    }
  }
}
`

func startCharon(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"strongswan.conf": fmt.Sprintf(charonConf, dir), "swanctl.conf": charonConnection,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	command(t, "mount", "-t", "tmpfs", "tmpfs", "/run") // charon.pid: ours, in our own mount namespace
	env := []string{"STRONGSWAN_CONF=" + filepath.Join(dir, "strongswan.conf"), "SWANCTL_DIR=" + dir}
	daemon(t, env, "/usr/lib/ipsec/charon")
	eventually(t, "charon takes its connections", func() error {
		load := exec.CommandContext(t.Context(), "swanctl", "--load-all")
		load.Env = append(os.Environ(), env...)
		out, err := load.CombinedOutput()
		if err != nil {
			return fmt.Errorf("%w: %s", err, out)
		}
		return nil
	})
}

func TestCharonAnswers(t *testing.T) {
	if !apart(t) {
		return
	}
	for _, a := range []string{"198.18.0.10/32", "198.18.0.11/32"} {
		command(t, "ip", "address", "add", a, "dev", "lo")
	}
	command(t, "ip", "address", "add", "2001:db8::10/128", "dev", "lo", "nodad")
	startCharon(t)
	env := loopback(t)

	for at, answer := range map[string]string{
		"198.18.0.10:500": "sa", "198.18.0.10:4500": "sa", "[2001:db8::10]:500": "sa", "198.18.0.11:500": "notify",
	} {
		t.Run("probe of "+at, func(t *testing.T) {
			o := observe(t.Context(), env, there(run.ProbeIKE, netip.MustParseAddrPort(at)))
			wellFormed(t, o)
			t.Logf("%s %+v %+v", o.Class, o.IKE, o.Tries)
			if o.Class != run.Answered || o.IKE.Protocol != "ikev1-65001" || o.IKE.Answer != answer {
				t.Errorf("%+v %+v", o, o.IKE)
			}
		})
	}
	// Now each message by itself. In the end charon has enough negotiations
	// of ours open and asks for a cookie.
	tests := []struct {
		at   string
		want map[wire.Protocol]string
	}{
		{"198.18.0.10:500", map[wire.Protocol]string{
			wire.IKEv1Kerberos: "sa ", wire.IKEv1PSK: "sa ", wire.AuthIP: "silent", wire.IKEv2: "sa ",
		}},
		{"198.18.0.11:500", map[wire.Protocol]string{
			wire.IKEv1Kerberos: "notify NO-PROPOSAL-CHOSEN", wire.IKEv1PSK: "notify NO-PROPOSAL-CHOSEN", wire.IKEv2: "notify NO_PROPOSAL_CHOSEN",
		}},
		{"[2001:db8::10]:500", map[wire.Protocol]string{wire.IKEv2: "notify INVALID_KE_PAYLOAD"}},
		{"198.18.0.10:500", map[wire.Protocol]string{wire.IKEv1Kerberos: "sa ", wire.IKEv1PSK: "sa ", wire.IKEv2: "cookie COOKIE"}},
	}
	for _, tt := range tests {
		for _, p := range wire.Protocols {
			r := ikeRequest(env.At, netip.MustParseAddrPort(tt.at), p, 0)
			want, asked := tt.want[r.Protocol]
			if !asked {
				continue
			}
			t.Run(fmt.Sprintf("%s to %s: %s", r.Protocol, tt.at, want), func(t *testing.T) {
				if got := exchangeOne(t, env, r, tt.at); got != want {
					t.Errorf("got %q, want %q", got, want)
				}
			})
		}
	}
}

// A message that is filled up is answered like the one that is not. It travels in
// fragments: the loopback device takes no larger packets than Ethernet.
func TestCharonAnswersLargeMessages(t *testing.T) {
	if !apart(t) {
		return
	}
	command(t, "ip", "link", "set", "lo", "mtu", "1500")
	for _, a := range []string{"198.18.0.10/32", "198.18.0.11/32"} {
		command(t, "ip", "address", "add", a, "dev", "lo")
	}
	command(t, "ip", "address", "add", "2001:db8::10/128", "dev", "lo", "nodad")
	startCharon(t)
	env := loopback(t)
	for at, want := range map[string]map[wire.Protocol]string{
		"198.18.0.10:500":    {wire.IKEv1Kerberos: "sa ", wire.IKEv1PSK: "sa ", wire.AuthIP: "silent", wire.IKEv2: "sa "},
		"198.18.0.11:500":    {wire.IKEv1Kerberos: "notify NO-PROPOSAL-CHOSEN", wire.IKEv2: "notify NO_PROPOSAL_CHOSEN"},
		"[2001:db8::10]:500": {wire.IKEv1Kerberos: "sa ", wire.IKEv2: "notify INVALID_KE_PAYLOAD"},
	} {
		for p, answer := range want {
			t.Run(fmt.Sprintf("%s to %s: %s", p, at, answer), func(t *testing.T) {
				if got := exchangeOne(t, env, ikeRequest(env.At, netip.MustParseAddrPort(at), p, wire.LargeSize), at); got != answer {
					t.Errorf("got %q, want %q", got, answer)
				}
			})
		}
	}
	for _, at := range []string{"198.18.0.10:500", "[2001:db8::10]:500"} {
		small := observe(t.Context(), env, there(run.ProbeIKE, netip.MustParseAddrPort(at)))
		env.Earlier = &small
		o := observe(t.Context(), env, there(run.ProbeLargeIKE, netip.MustParseAddrPort(at)))
		wellFormed(t, o)
		if o.Class != run.Answered || len(o.Tries) != 1 || o.IKE.Answer != small.IKE.Answer || o.IKE.Size != wire.LargeSize {
			t.Errorf("%+v %+v", o, o.IKE)
		}
	}
}

// exchangeOne sends one message, and puts the answer in a few words.
func exchangeOne(t *testing.T, env Env, r wire.Request, at string) string {
	t.Helper()
	reply, err := vantage.UDP.At(env.At)(t.Context(), vantage.DatagramRequest{
		To: netip.MustParseAddrPort(at), Send: r.Bytes, Timeout: time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	if reply.Class != run.Answered {
		return string(reply.Class)
	}
	a, err := wire.ParseReply(r, reply.Data, false)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", a)
	return string(a.Answer) + " " + a.Notify
}

func TestImpacketAnswersBind(t *testing.T) {
	if !apart(t) {
		return
	}
	for _, tt := range []struct {
		name string
		port uint16
		more []string
		want map[string]string // outcome of the bind by Param
	}{
		{"KMS interface only", 1688, nil, map[string]string{"": "accepted", run.RandomInterface: "rejected"}},
		{"any interface", 1689, []string{"--any-interface"}, map[string]string{"": "accepted", run.RandomInterface: "accepted"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			args := append([]string{"../fixtures/lab/rpc/kms_bind.py", strconv.Itoa(int(tt.port))}, tt.more...)
			daemon(t, nil, "/usr/bin/python3", args...)
			at := netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), tt.port)
			env := loopback(t)
			eventually(t, "the server listens", func() error {
				if c := observe(t.Context(), env, there(run.ProbeTCP, at)).Class; c != run.Answered {
					return errors.New(string(c))
				}
				return nil
			})
			for param, want := range tt.want {
				need := there(run.ProbeRPC, at)
				need.Param = param
				o := observe(t.Context(), env, need)
				wellFormed(t, o)
				if o.RPC == nil || o.RPC.Bind != want {
					t.Errorf("%q: %+v %+v", param, o, o.RPC)
				}
			}
		})
	}
}
