// Package effect says what becomes of a packet at one end.
//
// [Inbound] and [Outbound] give an [Effect] for what is known of the machine, an
// [Env]; what is not known makes an answer unknown where it matters, and never a
// no. [TraceInbound] and [TraceOutbound] tell it rule by rule.
//
// It knows the rules of package consec, addresses and ports. It does not know
// which machine is a KMS host, nor what anybody intended.
package effect
