package reason

// What of a directory could not be read, or is wrong.
const (
	// DirectoryProblem: something of a directory could not be read, or is wrong.
	// Args: where, why.
	DirectoryProblem Code = "directory-problem"
)
