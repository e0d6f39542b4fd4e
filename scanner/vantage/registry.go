package vantage

import (
	"errors"
	"time"

	"github.com/kmsiso/kmsiso/scanner/registry"
)

// CapRegistry is the capability of [Registry].
const CapRegistry Capability = "registry"

// ErrNoKey is the one way in which "there is no such registry key" is said. A
// cut, empty or unreadable answer is another error.
var ErrNoKey = errors.New("no such registry key")

// Registry reads a registry key and everything below it. The error wraps [ErrNoKey]
// where the key is not there, and only there.
var Registry = declare(&Op[string, []registry.Value]{
	name: CapRegistry, large: true,
	takes:  func(*string) time.Duration { return time.Minute },
	errors: map[string]error{"no-key": ErrNoKey},
})
