package ssh

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// keys are what a login may offer. No passphrase is ever asked for and no
// password is ever sent: a protected key is used through the agent.
type keys struct {
	signers []ssh.Signer
	tried   []string // in words, for the error
	locked  []string // files that need the agent
	agent   io.Closer
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

// readKeys gathers the keys for one hop: the files that were named, the agent,
// the default files. A file that was named and cannot be read is an error.
func readKeys(ctx context.Context, h hop) (*keys, error) {
	k := &keys{}
	fromAgent, err := k.ask(ctx)
	if err != nil {
		return nil, err
	}
	named := h.identities
	for _, file := range named {
		if err := k.file(file, fromAgent, true); err != nil {
			return nil, errors.Join(err, k.close())
		}
	}
	if !h.identitiesOnly {
		for _, s := range fromAgent {
			k.offer(s, "the agent's "+ssh.FingerprintSHA256(s.PublicKey()))
		}
	}
	if len(named) == 0 && home() != "" {
		for _, name := range []string{"id_ed25519", "id_ecdsa", "id_rsa"} {
			if err := k.file(filepath.Join(home(), ".ssh", name), fromAgent, false); err != nil {
				return nil, errors.Join(err, k.close())
			}
		}
	}
	return k, nil
}

// offer adds a key once.
func (k *keys) offer(s ssh.Signer, what string) {
	if slices.ContainsFunc(k.signers, func(o ssh.Signer) bool {
		return bytes.Equal(o.PublicKey().Marshal(), s.PublicKey().Marshal())
	}) {
		return
	}
	k.signers = append(k.signers, s)
	k.tried = append(k.tried, what)
}

// file adds a private key file. One with a passphrase is offered through the
// agent where the agent holds it.
func (k *keys) file(name string, fromAgent []ssh.Signer, must bool) error {
	text, err := readFile(name)
	if errors.Is(err, os.ErrNotExist) && !must {
		return nil
	}
	if err != nil {
		return fmt.Errorf("key file: %w", err)
	}
	s, err := ssh.ParsePrivateKey(text)
	if err == nil {
		k.offer(s, name)
		return nil
	}
	var protected *ssh.PassphraseMissingError
	if !errors.As(err, &protected) {
		// The parser's error may hold what it read; a key's content stays out.
		return fmt.Errorf("key file %s is no private key that can be read", name)
	}
	public := protected.PublicKey
	if public == nil {
		if line, err := readFile(name + ".pub"); err == nil {
			public, _, _, _, _ = ssh.ParseAuthorizedKey(line)
		}
	}
	for _, s := range fromAgent {
		if public != nil && bytes.Equal(public.Marshal(), s.PublicKey().Marshal()) {
			k.offer(s, name+" (through the agent)")
			return nil
		}
	}
	k.locked = append(k.locked, name)
	return nil
}

// ask asks the agent for its keys. No agent is no error; an agent that does not
// answer is one, for it was named in SSH_AUTH_SOCK.
func (k *keys) ask(ctx context.Context) ([]ssh.Signer, error) {
	conn, name, err := dialAgent(ctx)
	if err != nil {
		return nil, fmt.Errorf("ssh agent %s: %w; start it again, or unset SSH_AUTH_SOCK", name, err)
	}
	if conn == nil {
		return nil, nil
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	signers, err := agent.NewClient(conn).Signers()
	if !stop() {
		return nil, fmt.Errorf("ssh agent %s does not answer: %w", name, context.Cause(ctx))
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("ssh agent %s: %w", name, err), conn.Close())
	}
	k.agent = conn
	return signers, nil
}

// refused is the sentence for a login that no key opened.
func (k *keys) refused(h hop) error {
	text := fmt.Sprintf("login refused for %s: the host takes none of the keys offered (%s)", h, strings.Join(k.tried, ", "))
	if len(k.tried) == 0 {
		text = fmt.Sprintf("login refused for %s: there is no key to offer", h)
	}
	if len(k.locked) > 0 {
		text += "; " + strings.Join(k.locked, ", ") + " has a passphrase: give it to the agent with ssh-add"
	}
	return errors.New(text + "; put the public half of the right key into the account's authorized_keys there")
}
