// Package netinfo reads what this machine knows of its network: its interfaces and
// addresses, the gateways of its routes, its name servers. It sends nothing.
package netinfo
