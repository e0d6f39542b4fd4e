package gpo

import "github.com/kmsiso/kmsiso/scanner/reason"

// ReadsRegistry reports whether Windows reads the registry settings of a GPO
// with this gPCMachineExtensionNames, and if not why. "" is what an empty
// computer half has. With an error, which is of
// [ParseExtensions], it is not known: what Windows makes of such an attribute is
// not documented.
func ReadsRegistry(extensions string) (ok bool, why reason.List, err error) {
	all, err := ParseExtensions(extensions)
	if err != nil {
		return false, nil, err
	}
	ok, why = Effective(all, RegistryExtension)
	return ok, why, nil
}
