// Package host holds the checks of what a machine's own registry says: what it has
// applied, and how its addresses are set.
//
// It does not know the other wings.
package host
