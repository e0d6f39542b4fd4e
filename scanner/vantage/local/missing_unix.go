//go:build unix

package local

import (
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// newRegistry fails: the registry is a thing of Windows.
func newRegistry() (vantage.RegistryReader, error) {
	return nil, reason.Fail(reason.RegistryNotWindows)
}
