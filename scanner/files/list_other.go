//go:build unix && !linux

package files

// hasList says that a file has an access control list beside its mode. Such
// lists are read on Linux alone.
func hasList(string) bool { return false }
