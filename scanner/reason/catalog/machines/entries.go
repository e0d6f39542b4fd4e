// Package machines has the rows of WMI filters, of what a machine has applied, and of
// trusts.
package machines

import "slices"

// Entries is every row of codes_machines.go.
var Entries = slices.Concat(filters, machines, queries)
