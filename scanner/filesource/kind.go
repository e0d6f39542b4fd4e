// Package filesource is what a source of configuration says of itself that is kept in
// files of this machine: how it is written in kmsiso.yaml and on the command line, and
// what it cannot tell. It does not know how it is read, nor what a policy is.
package filesource

import "github.com/kmsiso/kmsiso/scanner/reason"

// Kind describes one kind of source.
type Kind struct {
	// Name is its key beside urls in the directory of a forest, and the name of the
	// option of audit and explain. What follows both is a path.
	Name string
	// What is what a message calls it, after "a" or "the": "backup".
	What string
	// Title says in the plan what is read: "GPO backup".
	Title string
	// Wanted is what a person is to name: "a folder of Backup-GPO".
	Wanted string
	// About describes the key, for editors, and Help the option, with the word for the
	// path in backquotes.
	About, Help string
	// Folder says that the path is one of a folder, never of a file.
	Folder bool
	// Limits is what config explain adds to it, "" for nothing.
	Limits string
	// NeverTells is why a check cannot be answered by this kind of source; "" where it
	// tells everything.
	NeverTells reason.Code
}
