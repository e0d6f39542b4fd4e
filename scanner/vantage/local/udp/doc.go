// Package udp sends datagrams from this machine and waits for one answer to each.
package udp
