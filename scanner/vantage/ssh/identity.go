package ssh

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// keys are what a login may offer. No passphrase is ever asked for and no
// password is ever sent: a protected key is used through the agent.
type keys struct {
	signers []ssh.Signer
	tried   []string // in words, for the error
	locked  []string // files that need the agent
	useless []string // files that hold no key that can be used

	certificates []userCertificate
	fromAgent    []ssh.Signer
	agent        io.Closer
}

// close ends the connection to the agent; the signers of the agent end with it.
func (k *keys) close() error {
	if k.agent == nil {
		return nil
	}
	return k.agent.Close()
}

// maxFile is how long a key, certificate or known_hosts file may be.
const maxFile = 10 << 20

// readFile reads a regular file: a pipe or a device may never end.
func readFile(name string) ([]byte, error) {
	about, err := os.Stat(name)
	switch {
	case err != nil:
		return nil, err
	case !about.Mode().IsRegular():
		return nil, fmt.Errorf("%s is no regular file", name)
	case about.Size() > maxFile:
		return nil, fmt.Errorf("%s has %d octets, more than %d", name, about.Size(), maxFile)
	}
	return os.ReadFile(name)
}

// readKeys gathers the keys for one hop: that of the vantage, those that
// ssh_config names, the agent's. A key of the vantage that cannot be read is an
// error; of the others it is only said where the login is refused, as OpenSSH
// does.
func readKeys(ctx context.Context, h hop) (*keys, error) {
	k := &keys{}
	if err := k.ask(ctx, h.Agent); err != nil {
		return nil, err
	}
	for _, name := range h.Certificates {
		k.certificate(name)
	}
	if h.identity != "" {
		if err := k.file(h.identity, true); err != nil {
			return nil, errors.Join(err, k.close())
		}
	}
	if h.identity == "" || !h.Defaults {
		for _, name := range h.Identities {
			if err := k.file(name, false); err != nil {
				return nil, errors.Join(err, k.close())
			}
		}
	}
	if !h.IdentitiesOnly {
		for _, s := range k.fromAgent {
			k.offer(s, "the agent's "+ssh.FingerprintSHA256(s.PublicKey()))
		}
	}
	return k, nil
}

// offer adds a key once, its certificates before it.
func (k *keys) offer(s ssh.Signer, what string) {
	for _, c := range k.certificates {
		if !bytes.Equal(c.Key.Marshal(), s.PublicKey().Marshal()) {
			continue
		}
		if with, err := ssh.NewCertSigner(c.Certificate, s); err == nil {
			k.add(with, what+" with the certificate "+c.about())
		}
	}
	k.add(s, what)
}

func (k *keys) add(s ssh.Signer, what string) {
	if slices.ContainsFunc(k.signers, func(o ssh.Signer) bool {
		return bytes.Equal(o.PublicKey().Marshal(), s.PublicKey().Marshal())
	}) {
		return
	}
	k.signers = append(k.signers, s)
	k.tried = append(k.tried, what)
}

// file adds a private key file and the certificate beside it. A key with a
// passphrase, and one of which only the public half is there, is offered through
// the agent where the agent holds it.
func (k *keys) file(name string, must bool) error {
	text, err := readFile(name)
	if err != nil && must {
		return reason.Wrap(err, reason.KeyFileUnreadable, "words", err)
	}
	k.certificate(strings.TrimSuffix(name, ".pub") + "-cert.pub")
	s, parse := ssh.ParsePrivateKey(text)
	if err == nil && parse == nil {
		k.offer(s, name)
		return nil
	}
	var protected *ssh.PassphraseMissingError
	locked := errors.As(parse, &protected)
	var public ssh.PublicKey
	if locked {
		public = protected.PublicKey
	}
	if public == nil {
		public, _, _, _, _ = ssh.ParseAuthorizedKey(text)
	}
	if public == nil {
		if line, err := readFile(name + ".pub"); err == nil {
			public, _, _, _, _ = ssh.ParseAuthorizedKey(line)
		}
	}
	switch {
	case public != nil && k.throughAgent(public, name+" (through the agent)"):
	case locked:
		k.locked = append(k.locked, name)
	case must:
		// The parser's error may hold what it read; a key's content stays out.
		return reason.Fail(reason.KeyFileUseless, "file", name)
	case err == nil || public != nil:
		k.useless = append(k.useless, name)
	}
	return nil
}

// throughAgent offers the agent's keys and certificates of this public key.
func (k *keys) throughAgent(public ssh.PublicKey, what string) bool {
	found := false
	for _, s := range k.fromAgent {
		own, err := ssh.ParsePublicKey(s.PublicKey().Marshal())
		if c, ok := own.(*ssh.Certificate); err == nil && ok {
			own = c.Key
		}
		if err == nil && bytes.Equal(own.Marshal(), public.Marshal()) {
			k.offer(s, what)
			found = true
		}
	}
	return found
}

// userCertificate is a certificate of a file.
type userCertificate struct {
	*ssh.Certificate
	file string
}

// about names it, and says whether its time is over or to come.
func (c userCertificate) about() string {
	now := uint64(time.Now().Unix()) //nolint:gosec // the time is after 1970
	switch {
	case c.ValidBefore != ssh.CertTimeInfinity && now >= c.ValidBefore:
		return c.file + ", which has expired"
	case now < c.ValidAfter:
		return c.file + ", which is not valid yet"
	}
	return c.file
}

// certificate keeps a certificate file; one that is not there says nothing.
func (k *keys) certificate(name string) {
	text, err := readFile(name)
	if err != nil {
		return
	}
	public, _, _, _, err := ssh.ParseAuthorizedKey(text)
	if c, ok := public.(*ssh.Certificate); err == nil && ok && c.CertType == ssh.UserCert {
		k.certificates = append(k.certificates, userCertificate{c, name})
		return
	}
	k.useless = append(k.useless, name)
}

// ask asks the agent for its keys. No agent is no error; an agent that does not
// answer is one, for it was named, in SSH_AUTH_SOCK or ssh_config.
func (k *keys) ask(ctx context.Context, name string) error {
	if name == "none" {
		return nil
	}
	conn, name, err := dialAgent(ctx, name)
	if err != nil {
		return reason.Wrap(err, reason.AgentUnreached, "agent", name, "words", err)
	}
	if conn == nil {
		return nil
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	signers, err := agent.NewClient(conn).Signers()
	if !stop() {
		return reason.Wrap(context.Cause(ctx), reason.AgentMute, "agent", name, "why", reason.Of(context.Cause(ctx)))
	}
	if err != nil {
		return errors.Join(reason.Wrap(err, reason.AgentFailed, "agent", name, "words", err), conn.Close())
	}
	k.agent, k.fromAgent = conn, signers
	return nil
}

// refused is why no key opened a login.
func (k *keys) refused(h hop) error {
	code := reason.KeysRefused
	if len(k.tried) == 0 {
		code = reason.KeysMissing
	}
	return reason.Fail(code, "login", h, "tried", k.tried, "locked", k.locked, "useless", k.useless)
}
