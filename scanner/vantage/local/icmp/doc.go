// Package icmp reads ICMP and ICMPv6 messages about packets of our own: answers to echo
// requests, and errors. It opens no socket.
package icmp
