package files

import "golang.org/x/sys/unix"

// hasList says that a file has an access control list beside its mode.
func hasList(path string) bool {
	n, err := unix.Lgetxattr(path, "system.posix_acl_access", nil)
	return err == nil && n > 0
}
