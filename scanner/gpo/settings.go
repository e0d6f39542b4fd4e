package gpo

// ReadsRegistry reports whether Windows reads the registry settings of a GPO
// with this gPCMachineExtensionNames, and if not why, as the rest of a
// sentence. "" is what an empty computer half has. With an error, which is of
// [ParseExtensions], it is not known: what Windows makes of such an attribute is
// not documented.
func ReadsRegistry(extensions string) (ok bool, why string, err error) {
	all, err := ParseExtensions(extensions)
	if err != nil {
		return false, "", err
	}
	ok, why = Effective(all, RegistryExtension)
	return ok, why, nil
}
