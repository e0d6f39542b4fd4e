//go:build unix

package secret

import (
	"fmt"
	"io/fs"
)

// private refuses a secret file that everybody on this machine can read.
func private(path string, info fs.FileInfo) error {
	if info.Mode().Perm()&0o004 != 0 {
		return fmt.Errorf("everybody can read the secret file %s (mode %04o); do: chmod 600 %s", path, info.Mode().Perm(), path)
	}
	return nil
}
