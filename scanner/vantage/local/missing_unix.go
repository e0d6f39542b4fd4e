//go:build unix

package local

import (
	"errors"

	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// newRegistry fails: the registry is a thing of Windows.
func newRegistry() (vantage.RegistryReader, error) {
	return nil, errors.New("no registry: not Windows")
}
