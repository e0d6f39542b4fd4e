// Package claims has the rows of the claims that a trial is judged by, and of what a
// GO owes.
package claims

import "slices"

// Entries is every row of codes_claims.go.
var Entries = slices.Concat(claims, owed, configuredClaims, unexpectedAnswers)
