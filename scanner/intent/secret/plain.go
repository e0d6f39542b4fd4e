package secret

import (
	"fmt"
	"log/slog"
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
