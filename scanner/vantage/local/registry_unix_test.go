//go:build unix

package local

import (
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/catalogtest"
)

// TestRegistryIsOfWindows asks a machine that has none.
func TestRegistryIsOfWindows(t *testing.T) {
	_, err := newRegistry()
	catalogtest.Wants(t, err, reason.One(reason.RegistryNotWindows))
}
