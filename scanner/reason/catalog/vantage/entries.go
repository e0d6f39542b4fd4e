// Package vantage has the rows of what cannot be observed from a vantage, and of what
// a run does not speak of.
package vantage

import "slices"

// Entries is every row of codes_vantage.go.
var Entries = slices.Concat(vantages, untested, machine, farEnds)
