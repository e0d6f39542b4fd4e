// Package gpo has the rows of the isolation GPO: its copies, its links, and whom it
// reaches.
package gpo

import "slices"

// Entries is every row of codes_gpo.go.
var Entries = slices.Concat(gpo, reach, copies, coverage)
