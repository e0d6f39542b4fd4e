// Package consec reads Windows connection security rules and says what they do
// with a packet: the rule strings of [MS-GPFAS] 2.2.6.2, the authentication
// sets they refer to, and the effect at one end.
//
// It knows addresses, ports and rules. It does not know how they were fetched,
// nor which machine is a KMS host, nor what anybody intended.
package consec
