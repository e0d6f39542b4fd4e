package intent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"time"
)

// Plain is a secret in clear. It goes into a peer's login and nowhere else:
// whatever prints, logs or encodes it gets a word in its place.
type Plain []byte

const masked = "(secret)"

func (Plain) String() string { return masked }

// Format masks the secret for every verb of package fmt.
func (Plain) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(masked)) }

// MarshalText masks the secret for encoders.
func (Plain) MarshalText() ([]byte, error) { return []byte(masked), nil }

// LogValue masks the secret for package slog.
func (Plain) LogValue() slog.Value { return slog.StringValue(masked) }

const (
	secretTimeout = 30 * time.Second // a command may ask a vault
	maxSecret     = 64 << 10         // octets
)

// IsZero reports whether nothing is referred to.
func (s Secret) IsZero() bool {
	return s.File == "" && s.Env == "" && len(s.Exec) == 0 && s.Prompt == ""
}

// MarshalJSON writes where the secret is, of a command the program alone: its
// arguments may hold a secret of their own.
func (s Secret) MarshalJSON() ([]byte, error) {
	type plain Secret
	s.Exec = s.Exec[:min(len(s.Exec), 1)]
	return json.Marshal(plain(s))
}

// Read fetches the secret. One newline at its end is not part of it; a form that
// no typed password has is an error. Errors say where it was looked for and never
// hold anything of the secret.
func (s Secret) Read(ctx context.Context) (Plain, error) {
	var b []byte
	var err error
	switch {
	case s.File != "":
		var open error
		if b, open, err = readSecretFile(s.File); err == nil {
			err = open
		}
	case s.Env != "":
		v, ok := os.LookupEnv(s.Env)
		if b = []byte(v); !ok {
			err = fmt.Errorf("environment variable %s is not set", s.Env)
		}
	case len(s.Exec) > 0:
		b, err = runSecret(ctx, s.Exec)
	case s.Prompt != "":
		return answered(s.Prompt)
	default:
		err = errors.New("no secret is referred to")
	}
	if err != nil {
		return nil, err
	}
	b = trim(b)
	if len(b) == 0 {
		return nil, fmt.Errorf("the secret from %s is empty", s)
	}
	if len(b) > maxSecret {
		return nil, fmt.Errorf("the secret from %s is longer than %d octets", s, maxSecret)
	}
	if s.File != "" {
		if why := misshapenFile(b); why != "" {
			return nil, badSecretFile(s.File, why)
		}
	} else if why := misshapen(b); why != "" {
		return nil, fmt.Errorf("the secret from %s %s, so it is not used", s, why)
	}
	return b, nil
}

// String says where the secret is.
func (s Secret) String() string {
	switch {
	case s.File != "":
		return "file " + s.File
	case s.Env != "":
		return "environment variable " + s.Env
	case len(s.Exec) > 0:
		return "command " + s.Exec[0]
	case s.Prompt != "":
		return "the terminal"
	}
	return "nowhere"
}

// readSecretFile reads a file that is of a secret's size. open says that everybody
// can read it.
func readSecretFile(path string) (b []byte, open, err error) {
	bad := func(err error) ([]byte, error, error) {
		return nil, nil, fmt.Errorf("cannot read the secret file %s: %w", path, words(err))
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
