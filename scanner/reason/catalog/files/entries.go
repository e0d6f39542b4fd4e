// Package files has the rows of backups and exports, and of the attributes and files
// of Group Policy.
package files

import "slices"

// Entries is every row of codes_files.go.
var Entries = slices.Concat(backup, export, attributes)
