// Package traffic has the rows of what should be seen from vantages, and of what was.
package traffic

import "slices"

// Entries is every row of codes_traffic.go.
var Entries = slices.Concat(observed, intended)
