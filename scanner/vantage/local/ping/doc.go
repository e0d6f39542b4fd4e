// Package ping sends ICMP echo requests from this machine, from shared sockets or, on
// Windows, through the service that ping.exe uses.
package ping
