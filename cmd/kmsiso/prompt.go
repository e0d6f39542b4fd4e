package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"golang.org/x/term"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/intent/secret"
)

// noPerson is why nobody can be asked.
const noPerson = "credential %s is asked for on the terminal (password: {prompt: true}), and %s; give it by file, env or exec"

// askSecrets asks the person at the terminal for the secrets of credentials with
// prompt: true, before anything is sent. It asks for each once in a process.
func askSecrets(ctx context.Context, asked []intent.Credential) error {
	if len(asked) > 0 && !term.IsTerminal(int(os.Stdin.Fd())) {
		return fmt.Errorf(noPerson, asked[0].Name, "standard input is no terminal")
	}
	for _, c := range asked {
		who := c.User
		if who == "" {
			who = c.Principal
		}
		typed, err := readSecret(ctx, os.Stdin, os.Stderr, fmt.Sprintf("kmsiso: password of %s (credential %s): ", who, c.Name))
		if err == nil {
			err = secret.Answer(c.Name, typed)
		}
		if err != nil {
			return fmt.Errorf("the password of credential %s: %w", c.Name, err)
		}
	}
	return nil
}

// loadUnattended loads a policy for serve, which runs when nobody is there to be
// asked for a secret.
func loadUnattended(ctx context.Context, path string) (*intent.Policy, error) {
	p, err := loadPolicy(ctx, path, "")
	if err != nil {
		return nil, err
	}
	if asked := p.Prompts(true); len(asked) > 0 {
		return nil, fmt.Errorf(noPerson, asked[0].Name, "serve asks nobody")
	}
	return p, nil
}

// readSecret asks for one line without showing it. When the context ends the
// terminal is left as it was before.
func readSecret(ctx context.Context, tty *os.File, out io.Writer, question string) ([]byte, error) {
	before, err := term.GetState(int(tty.Fd()))
	if err != nil {
		return nil, err
	}
	fmt.Fprint(out, question) //nolint:errcheck // the question is no more than a help
	type line struct {
		secret []byte
		err    error
	}
	read := make(chan line, 1)
	go func() {
		secret, err := term.ReadPassword(int(tty.Fd()))
		read <- line{secret, err}
	}()
	select {
	case l := <-read:
		fmt.Fprintln(out) //nolint:errcheck // as above
		return l.secret, l.err
	case <-ctx.Done():
		_ = term.Restore(int(tty.Fd()), before)
		fmt.Fprintln(out) //nolint:errcheck // as above
		return nil, context.Cause(ctx)
	}
}
