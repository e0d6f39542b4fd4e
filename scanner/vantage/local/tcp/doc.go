// Package tcp makes TCP connections from this machine and says what became of each:
// which SYN was answered, by what TTL, and who complained. It reads one framed answer
// where one is asked for.
package tcp
