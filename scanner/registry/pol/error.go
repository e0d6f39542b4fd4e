package pol

import "github.com/kmsiso/kmsiso/scanner/reason"

// Error says where a file is broken and why.
type Error struct {
	Offset int           // in octets, from the start of the file
	Reason reason.Reason // what is wrong there
}

func (e *Error) Error() string { return e.Why().Key() }

// Why is [reason.FileDamaged]; of a pointer in the place of the file, that alone.
func (e *Error) Why() reason.List {
	if e.Reason.Is(reason.FilePointer) {
		return reason.List{e.Reason}
	}
	return reason.One(reason.FileDamaged, "offset", e.Offset, "why", e.Reason)
}

// broken is an error at an offset.
func broken(offset int, code reason.Code, args ...any) *Error {
	return &Error{Offset: offset, Reason: reason.New(code, args...)}
}
