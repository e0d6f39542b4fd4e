// Package consec reads what Windows is told about connection security and its
// firewall.
//
// [FromLayers] applies the registry settings of several GPOs, of the machine's
// own store and of MDM one after the other, with their directives, and remembers
// who said what. The rule strings are those of [MS-GPFAS] 2.2.2.19, 2.2.6.2 and
// 2.2.7.1; the authentication and crypto sets they refer to are resolved across
// all layers. What one end does with a packet by them is said by the package
// effect below.
//
// It knows rules, and the addresses and ports in them. It does not know how they
// were fetched, nor which machine is a KMS host, nor what anybody intended.
package consec
