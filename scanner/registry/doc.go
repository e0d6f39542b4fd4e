// Package registry is what a Windows registry holds: its values, and the texts in
// which somebody has them: what reg.exe query prints, whoever asked, and the files
// of reg export. It does not depend on the machine's language. It does not know
// what a value means.
package registry
