// Package consec reads what Windows is told about connection security and its
// firewall, and says what becomes of a packet at one end.
//
// [FromLayers] applies the registry settings of several GPOs, of the machine's
// own store and of MDM one after the other, with their directives, and remembers
// who said what. The rule strings are those of [MS-GPFAS] 2.2.2.19, 2.2.6.2 and
// 2.2.7.1; the authentication and crypto sets they refer to are resolved across
// all layers. [Policy.Inbound] and [Policy.Outbound] then give an [Effect] for
// what is known of the machine, an [Env]; what is not known makes an answer
// unknown where it matters, and never a no. [Policy.TraceInbound] and
// [Policy.TraceOutbound] tell it rule by rule.
//
// It knows addresses, ports and rules. It does not know how they were fetched,
// nor which machine is a KMS host, nor what anybody intended.
package consec
