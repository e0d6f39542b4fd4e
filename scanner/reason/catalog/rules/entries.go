// Package rules has the rows of what the rules of an end come to, and of what is
// configured.
package rules

import "slices"

// Entries is every row of codes_rules.go.
var Entries = slices.Concat(rules, conduct, exempting, told)
