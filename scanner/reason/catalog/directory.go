package catalog

import "github.com/kmsiso/kmsiso/scanner/reason"

var directory = []Entry{
	{
		Code:  reason.DirectoryProblem,
		Text:  "{where}: {why}",
		Means: "Something of a directory, a backup or a registry export could not be read, or is wrong. The place is a distinguished name, a file or a server. The reason stands behind it.",
	},
}
