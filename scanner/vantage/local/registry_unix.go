//go:build unix

package local

import (
	"context"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
)

// registryReader is what reads the registry, where there is one.
type registryReader struct {
	ReadRegistry func(context.Context, string) ([]registry.Value, error)
}

// newRegistry fails: the registry is a thing of Windows.
func newRegistry() (r registryReader, err error) {
	return r, reason.Fail(reason.RegistryNotWindows)
}
