// Package secret says where a secret is, and reads it when a login needs it. It does
// not know what for. What it reads never gets into an error or a log.
package secret

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"time"
)

// Reference says where a secret is read when it is needed: exactly one of the
// fields is set.
type Reference struct {
	File string   `json:"file,omitempty"`
	Env  string   `json:"env,omitempty"`
	Exec []string `json:"exec,omitempty"`
	// Prompt is the name of a credential whose secret a person is asked for, see
	// [Answer].
	Prompt string `json:"prompt,omitempty"`
}

const (
	secretTimeout = 30 * time.Second // a command may ask a vault
	maxSecret     = 64 << 10         // octets
)

// IsZero reports whether nothing is referred to.
func (r Reference) IsZero() bool {
	return r.File == "" && r.Env == "" && len(r.Exec) == 0 && r.Prompt == ""
}

// MarshalJSON writes where the secret is, of a command the program alone: its
// arguments may hold a secret of their own.
func (r Reference) MarshalJSON() ([]byte, error) {
	type plain Reference
	r.Exec = r.Exec[:min(len(r.Exec), 1)]
	return json.Marshal(plain(r))
}

// Read fetches the secret. One newline at its end is not part of it; a form that
// no typed password has is an error. Errors say where it was looked for and never
// hold anything of the secret.
func (r Reference) Read(ctx context.Context) (Plain, error) {
	var b []byte
	var err error
	switch {
	case r.File != "":
		var open error
		if b, open, err = readSecretFile(r.File); err == nil {
			err = open
		}
	case r.Env != "":
		v, ok := os.LookupEnv(r.Env)
		if b = []byte(v); !ok {
			err = fmt.Errorf("environment variable %s is not set", r.Env)
		}
	case len(r.Exec) > 0:
		b, err = runSecret(ctx, r.Exec)
	case r.Prompt != "":
		return answer(r.Prompt)
	default:
		err = errors.New("no secret is referred to")
	}
	if err != nil {
		return nil, err
	}
	b = trim(b)
	if len(b) == 0 {
		return nil, fmt.Errorf("the secret from %s is empty", r)
	}
	if len(b) > maxSecret {
		return nil, fmt.Errorf("the secret from %s is longer than %d octets", r, maxSecret)
	}
	if r.File != "" {
		if why := misshapenFile(b); why != "" {
			return nil, badSecretFile(r.File, why)
		}
	} else if why := misshapen(b); why != "" {
		return nil, fmt.Errorf("the secret from %s %s, so it is not used", r, why)
	}
	return b, nil
}

// String says where the secret is.
func (r Reference) String() string {
	switch {
	case r.File != "":
		return "file " + r.File
	case r.Env != "":
		return "environment variable " + r.Env
	case len(r.Exec) > 0:
		return "command " + r.Exec[0]
	case r.Prompt != "":
		return "the terminal"
	}
	return "nowhere"
}

// readSecretFile reads a file that is of a secret's size. open says that everybody
// can read it.
func readSecretFile(path string) (b []byte, open, err error) {
	bad := func(err error) ([]byte, error, error) {
		var at *fs.PathError
		if errors.As(err, &at) {
			err = at.Err // the path is told already
		}
		return nil, nil, fmt.Errorf("cannot read the secret file %s: %w", path, err)
	}
	info, err := os.Stat(path) // before it is opened: to open a FIFO waits for its writer
	switch {
	case err != nil:
		return bad(err)
	case !info.Mode().IsRegular():
		return nil, nil, fmt.Errorf("the secret file %s is no regular file", path)
	case info.Size() > maxSecret+2:
		return nil, nil, fmt.Errorf("the secret file %s has more than %d octets", path, maxSecret)
	}
	f, err := os.Open(path)
	if err != nil {
		return bad(err)
	}
	defer func() { _ = f.Close() }()
	b, err = io.ReadAll(io.LimitReader(f, maxSecret+3))
	if err != nil {
		return bad(err)
	}
	return b, private(path, info), nil
}

// runSecret returns what a command prints. It gets no input, and what it says
// on its standard error is left out: it might hold the secret.
func runSecret(ctx context.Context, command []string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, secretTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.WaitDelay = time.Second
	var out limited
	cmd.Stdout = &out
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return nil, fmt.Errorf("the command %s did not give the secret: %w", command[0], err)
	}
	return out.b, nil
}

// limited keeps what a secret can be long, and one octet more.
type limited struct{ b []byte }

func (l *limited) Write(p []byte) (int, error) {
	l.b = append(l.b, p[:min(len(p), maxSecret+3-len(l.b))]...)
	return len(p), nil
}
