// Package directory has the rows of what in a directory could not be read, or is
// wrong.
package directory

import "slices"

// Entries is every row of codes_directory.go.
var Entries = slices.Concat(directory, controller, bounds)
