package local

// openFiles bounds the sockets: Windows has no limit of files that would be
// reached first.
func openFiles() int { return 8192 }
