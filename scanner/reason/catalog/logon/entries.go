// Package logon has the rows of connections to a server, and of what it says of an
// account.
package logon

import "slices"

// Entries is every row of codes_logon.go.
var Entries = slices.Concat(connections, credentials, logons, tickets, sealing, denials, secrets)
