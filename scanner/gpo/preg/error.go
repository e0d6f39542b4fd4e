package preg

import (
	"errors"
	"fmt"
)

// What can be wrong with a file. An [Error] wraps one of them.
var (
	ErrEmpty     = errors.New("the file is empty")
	ErrPointer   = errors.New("a Git LFS pointer is in the place of the file")
	ErrMark      = errors.New("a byte order mark is before the signature")
	ErrSignature = errors.New("the signature is not PReg")
	ErrHeader    = errors.New("the header is cut off")
	ErrVersion   = errors.New("the version is not 1")
	ErrCut       = errors.New("the record is cut off")
	ErrNUL       = errors.New("a NUL is missing")
	ErrDelimiter = errors.New("a delimiter is missing")
	ErrSize      = errors.New("the data would end behind the end of the file")
	ErrTrailing  = errors.New("what follows the last record is no record")
)

// Error says where a file is broken and why: "at byte 0x1F2: ...".
type Error struct {
	Offset int    // in octets, from the start of the file
	Detail string // the text that is printed, "" for that of Err
	Err    error  // one of those above
}

func (e *Error) Error() string {
	text := e.Detail
	if text == "" {
		text = e.Err.Error()
	}
	return fmt.Sprintf("at byte 0x%X: %s", e.Offset, text)
}

// Unwrap is for [errors.Is].
func (e *Error) Unwrap() error { return e.Err }
