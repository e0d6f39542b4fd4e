// Package consec has the rows of connection security: what it does with a packet,
// which rules are for it, and which cannot be read.
package consec

import "slices"

// Entries is every row of codes_consec.go.
var Entries = slices.Concat(consec, matching, rejected, unreadable)
