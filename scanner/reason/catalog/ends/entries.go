// Package ends has the rows of what Group Policy gives an end, and of what the end
// does with a packet.
package ends

import "slices"

// Entries is every row of codes_ends.go.
var Entries = slices.Concat(ends, resultant, explained, firewall)
