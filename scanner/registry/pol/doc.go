// Package pol reads Registry.pol, the file in which a Group Policy object
// keeps its registry settings ([MS-GPREG] 2.2.1): a header, and records that
// Windows carries out one after the other.
//
// It knows the format and nothing of what the settings mean: the records are
// given as they stand, the directives such as **delvals. among them. It reads
// octets, never a file.
package pol
