// Package traffic holds the claims that observed checks make of packets: what was sent,
// how long it was waited for, who answered, from which address, and what a watch saw of
// it. A check names the claims; this package says what shows each, and what
// contradicts it.
//
// It knows no check.
package traffic
