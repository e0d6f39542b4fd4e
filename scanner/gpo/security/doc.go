// Package security reads Windows security descriptors as Group Policy and
// selective authentication need them: the binary form of [MS-DTYP] 2.4.6, SDDL
// in both directions ([MS-DTYP] 2.5.1), and the question that a domain
// controller or a Group Policy client asks of them: is this token granted that
// right, and by which entry ([MS-ADTS] 5.1.3.3).
//
// It knows tokens, rights and GUIDs. It does not know where a descriptor came
// from, nor what follows from an answer. What it cannot evaluate (conditions,
// entries of an unknown type) makes an answer unknown where it would decide,
// never yes or no.
package security
