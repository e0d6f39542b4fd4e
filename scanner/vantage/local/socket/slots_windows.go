package socket

// MaxThreads bounds how many calls may block a thread at the same time.
const MaxThreads = 512

// openFiles bounds the sockets: Windows has no limit of files that would be
// reached first.
func openFiles() int { return 8192 }
