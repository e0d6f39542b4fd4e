//go:build lab

package ssh

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/vantage/ssh/sshconfig"
)

// sign has the key of an authority sign the public key in file.pub, as
// ssh-keygen does: file-cert.pub.
func sign(t *testing.T, authority, file string, args ...string) {
	t.Helper()
	args = append([]string{"-q", "-s", authority, "-I", "test"}, append(args, file+".pub")...)
	if out, err := exec.Command("ssh-keygen", args...).CombinedOutput(); err != nil {
		t.Fatalf("ssh-keygen: %v: %s", err, out)
	}
}

// past is a time that is over.
var past = []string{"-V", "20200101:20200102"}

func TestHostCertificates(t *testing.T) {
	for _, kind := range []string{"ed25519", "ecdsa", "rsa"} { // of the authority, not of the host
		t.Run(kind, func(t *testing.T) {
			// The certificate is read at each connection, so it can be changed.
			s := startSSHD(t, sshdOption{config: "HostCertificate @/host-cert.pub\n", prepare: "cp @/host.pub @/plain.pub; ssh-keygen -q -t " + kind +
				" -N '' -f @/ca; ssh-keygen -q -s @/ca -I test -h -n 127.0.0.1 @/host.pub"})
			defer noLeaks(t)()
			authority := read(t, s.dir+"/ca.pub")
			host := "[127.0.0.1]:" + s.port + " " + read(t, s.dir+"/plain.pub")
			keygen(t, s.dir+"/other", "ed25519", "")
			other := read(t, s.dir+"/other.pub")
			for _, c := range []struct {
				name, known string
				want        reason.Code
			}{
				{"by name and port", "@cert-authority [127.0.0.1]:" + s.port + " " + authority, ""},
				{"by a pattern", "@cert-authority * " + authority, ""},
				{"another authority", "@cert-authority * " + other, reason.HostKeyUncertified},
				{"another authority, and the key itself", "@cert-authority * " + other + host, ""},
				{"of another host", "@cert-authority elsewhere " + authority, reason.HostKeyUnknown},
				{"a revoked authority", "@cert-authority * " + authority + "@revoked * " + authority, reason.HostCertificateRevoked},
				{"a revoked key", "@cert-authority * " + authority + "@revoked * " + read(t, s.dir+"/plain.pub"), reason.HostCertificateRevoked},
				{"the authority's key as the host's", "* " + authority, reason.HostKeyChanged},
			} {
				t.Run(c.name, func(t *testing.T) {
					write(t, s.known, c.known)
					if c.want == "" {
						openClose(t, s.way())
						return
					}
					wantReason(t, openError(t, s.way()), c.want)
				})
			}
		})
	}
}

func TestHostCertificatesThatDoNotCount(t *testing.T) {
	for name, args := range map[string]string{"expired": "-n 127.0.0.1 -V 20200101:20200102", "of another host": "-n elsewhere"} {
		t.Run(name, func(t *testing.T) {
			s := startSSHD(t, sshdOption{config: "HostCertificate @/host-cert.pub\n", prepare: "ssh-keygen -q -t ed25519 -N '' -f @/ca; ssh-keygen -q -s @/ca -I test -h " + args + " @/host.pub"})
			defer noLeaks(t)()
			write(t, s.known, "@cert-authority * "+read(t, s.dir+"/ca.pub"))
			wantReason(t, openError(t, s.way()), reason.HostCertificateInvalid)
		})
	}
}

func TestAHostWithoutACertificateUnderAnAuthority(t *testing.T) {
	s := startSSHD(t, sshdOption{})
	defer noLeaks(t)()
	keygen(t, s.dir+"/ca", "ed25519", "")
	own := read(t, s.known)
	line := "# first\n@cert-authority * " + read(t, s.dir+"/ca.pub")
	write(t, s.known, line)
	wantReason(t, openError(t, s.way()), reason.HostKeyUncertified, "lines", s.known+" line 2")
	write(t, s.known, line+own)
	openClose(t, s.way())
}

func TestUserCertificates(t *testing.T) {
	s := startSSHD(t, sshdOption{config: "TrustedUserCAKeys @/ca.pub\n", prepare: "ssh-keygen -q -t ed25519 -N '' -f @/ca; echo > @/authorized_keys"})
	config := filepath.Join(s.dir, "config")
	far := "Host far\n HostName 127.0.0.1\n Port " + s.port + "\n User root\n UserKnownHostsFile " + s.known + "\n"
	openClosed := func(t *testing.T, w Way) {
		t.Helper()
		defer noLeaks(t)()
		openClose(t, w)
	}
	wantReason(t, openError(t, s.way()), reason.KeysRefused)

	t.Run("expired", func(t *testing.T) {
		sign(t, s.dir+"/ca", s.key, append(past, "-n", "root")...)
		wantReason(t, openError(t, s.way()), reason.KeysRefused, "tried", "expired")
	})
	sign(t, s.dir+"/ca", s.key, "-n", "root")
	t.Run("beside the key", func(t *testing.T) { openClosed(t, s.way()) })

	check(t, os.Rename(s.key+"-cert.pub", s.dir+"/certificate"))
	t.Run("CertificateFile", func(t *testing.T) {
		write(t, config, far+" CertificateFile "+s.dir+"/certificate\n")
		openClosed(t, Way{Address: "far", Identity: s.key, Config: config, Version: ourVersion})
	})
	t.Run("in the agent", func(t *testing.T) {
		check(t, os.Rename(s.dir+"/certificate", s.key+"-cert.pub"))
		startAgent(t, s.key, "")
		check(t, os.Rename(s.key, s.dir+"/away"))
		check(t, os.Remove(s.key+"-cert.pub"))
		write(t, config, far)
		openClosed(t, Way{Address: "far", Config: config, Version: ourVersion})
	})
}

func TestIdentities(t *testing.T) {
	s := startSSHD(t, sshdOption{config: "MaxAuthTries 2\n"})
	config := filepath.Join(s.dir, "config")
	far := "Host far\n HostName 127.0.0.1\n Port " + s.port + "\n User root\n UserKnownHostsFile " + s.known + "\n"
	keygen(t, s.dir+"/wrong", "ed25519", "")
	w := Way{Address: "far", Config: config, Version: ourVersion}
	t.Run("the second of two", func(t *testing.T) {
		defer noLeaks(t)()
		write(t, config, far+" IdentityFile "+s.dir+"/wrong\n IdentityFile "+s.key+"\n")
		openClose(t, w)
	})
	t.Run("one that is not there is passed over", func(t *testing.T) {
		defer noLeaks(t)()
		write(t, config, far+" IdentityFile "+s.dir+"/absent\n IdentityFile "+s.key+"\n")
		openClose(t, w)
	})
	t.Run("IdentitiesOnly names a key of the agent by its public half", func(t *testing.T) {
		startAgent(t, s.dir+"/wrong", "")
		if out, err := exec.Command("ssh-add", "-q", s.key).CombinedOutput(); err != nil {
			t.Fatalf("ssh-add: %v: %s", err, out)
		}
		defer noLeaks(t)()
		check(t, os.Rename(s.key, s.dir+"/away"))
		defer func() { check(t, os.Rename(s.dir+"/away", s.key)) }()
		write(t, config, far+" IdentitiesOnly yes\n IdentityFile "+s.key+".pub\n")
		openClose(t, w)
		write(t, config, far+" IdentitiesOnly yes\n IdentityFile "+s.dir+"/absent\n")
		wantReason(t, openError(t, w), reason.KeysMissing)
		write(t, config, far+" IdentityAgent none\n IdentityFile "+s.key+".pub\n")
		wantReason(t, openError(t, w), reason.KeysMissing, "useless", s.key+".pub")
	})
	t.Run("HostKeyAlias", func(t *testing.T) {
		defer noLeaks(t)()
		write(t, s.dir+"/alias", "cluster "+read(t, s.dir+"/host.pub"))
		write(t, config, "Host far\n HostName 127.0.0.1\n Port "+s.port+"\n User root\n HostKeyAlias cluster\n UserKnownHostsFile "+s.dir+"/alias\n IdentityFile "+s.key+"\n")
		openClose(t, w)
	})
}

func TestTheKeyOfTheVantageIsNotForAHop(t *testing.T) {
	jump, s := startSSHD(t, sshdOption{}), startSSHD(t, sshdOption{})
	config := filepath.Join(s.dir, "config")
	hop := "Host jump\n HostName 127.0.0.1\n Port " + jump.port + "\n User root\n UserKnownHostsFile " + jump.known + "\n"
	far := "Host far\n HostName 127.0.0.1\n Port " + s.port + "\n User root\n ProxyJump jump\n UserKnownHostsFile " + s.known + "\n"
	w := Way{Address: "far", Identity: s.key, Config: config, Version: ourVersion}
	defer noLeaks(t)()
	write(t, config, far+hop+" IdentityFile "+jump.key+"\n")
	openClose(t, w)
	write(t, jump.dir+"/authorized_keys", read(t, s.key+".pub"))
	write(t, config, far+hop)
	wantReason(t, openError(t, w), reason.KeysMissing, "login", "root@127.0.0.1:"+jump.port)
	write(t, jump.known, "# nobody\n")
	wantReason(t, openError(t, w), reason.HostKeyUnknown, "name", jump.port)
}

func TestTheReadingIsEvidence(t *testing.T) {
	s := startSSHD(t, sshdOption{})
	defer noLeaks(t)()
	config := filepath.Join(s.dir, "config")
	write(t, config, "Host far\n HostName 127.0.0.1\n Port "+s.port+"\n User root\n")
	v, err := Way{Address: "far", Config: config, KnownHosts: s.known, Identity: s.key, Version: ourVersion}.Open(t.Context())
	check(t, err)
	defer v.Close()
	if want := sshconfig.New(t.Context(), config, true).String(); v.Reading != want {
		t.Errorf("reading %q, want %q", v.Reading, want)
	}
}
