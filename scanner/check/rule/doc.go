// Package rule holds the checks of what connection security rules and firewall rules
// say: whom a host requires to authenticate, who is exempt, and what opposes it.
//
// It does not know the other wings.
package rule
