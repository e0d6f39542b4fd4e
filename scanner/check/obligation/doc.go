// Package obligation says what a GO owes, by the declaration alone, and whether it is
// paid; and before a run, whether it can be.
package obligation
