// Package belttest is for tests of what breaks.
package belttest

import (
	"testing"

	"github.com/kmsiso/kmsiso/scanner/belt"
)

// Recover makes panics errors until the test ends, as they are outside of tests.
func Recover(t testing.TB) {
	t.Helper()
	before := belt.Recovers.Swap(true)
	t.Cleanup(func() { belt.Recovers.Store(before) })
}
