package vantage

// ReadingError is the error of a way that says how the user's own configuration
// of the way was read.
type ReadingError struct {
	Err     error
	Reading string
}

func (e *ReadingError) Error() string { return e.Err.Error() }

// Unwrap is the error itself.
func (e *ReadingError) Unwrap() error { return e.Err }
