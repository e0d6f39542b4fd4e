// Package ways has the rows of ways in by SSH and WinRM.
package ways

import "slices"

// Entries is every row of codes_ways.go.
var Entries = slices.Concat(sshLogins, sshConnections, sshFarEnds, winrmWays, tools, winrmAnswers)
