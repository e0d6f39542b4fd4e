// Package wql says which Windows a WMI filter of Group Policy lets through.
//
// A filter is the text of msWMI-Parm2: WQL queries of which each must return a
// row on the machine that asks. The package reads that text, reads the queries,
// and answers them for the Windows versions it has a table of, the way WMI
// would: Version and BuildNumber of Win32_OperatingSystem are strings, and are
// compared as strings ([MS-WMI] 2.2.1.1).
//
// An answer is yes, no or unknown. What WMI may refuse as a whole, although a
// part of it could be understood, is unknown as a whole.
//
// The package knows nothing of directories, GPOs or checks.
package wql
