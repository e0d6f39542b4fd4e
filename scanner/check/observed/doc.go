// Package observed holds the checks of what the network shows: one file each, named as
// the check is listed. A check is its trials and its claims, and nothing else.
//
// It does not know the other wings.
package observed
