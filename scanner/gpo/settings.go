package gpo

// ReadsRegistry reports whether Windows reads the registry settings of a GPO
// with this gPCMachineExtensionNames, and if not why, as the rest of a
// sentence. "" is what an empty computer half has.
func ReadsRegistry(extensions string) (ok bool, why string) {
	all, err := ParseExtensions(extensions)
	if err != nil && len(all) == 0 {
		return false, "its gPCMachineExtensionNames cannot be read: " + err.Error()
	}
	return Effective(all, RegistryExtension)
}
