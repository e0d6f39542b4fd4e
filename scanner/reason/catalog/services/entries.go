// Package services has the rows of IKE, DNS and the clock, of watches, and of what is
// behind several verdicts.
package services

import "slices"

// Entries is every row of codes_services.go.
var Entries = slices.Concat(services, watches, causes)
