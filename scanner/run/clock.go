package run

import "time"

// KerberosSkew is how far clocks may be apart for Kerberos (RFC 4120 1.6, and the default
// of Windows).
const KerberosSkew = 5 * time.Minute

// Clock is how the clock of a machine stands to that of the controller.
type Clock struct {
	// Ahead is how far it is ahead: negative is behind.
	Ahead time.Duration `json:"ahead"`
	// Within is how exact that is: the true value is at most so far from Ahead. It is
	// half of the time between question and answer.
	Within time.Duration `json:"within"`
}
