// Package limits bounds what one domain controller may take of a reading: octets,
// objects, depth and time. A message that cannot be is refused before it is decoded.
//
// It knows no directory, and not what is asked of one.
package limits
