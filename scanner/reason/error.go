package reason

import "errors"

// Error is an error that says why by a code: what an error of Go becomes where it
// is found, so that nobody above has to read its words.
type Error struct {
	Reason Reason
	// Err is the error beneath, nil where there is none. It is for errors.Is and
	// errors.As: what a reader needs of it is among the arguments of the reason.
	Err error
}

// Fail makes an error of a new reason.
func Fail(code Code, args ...any) *Error { return &Error{Reason: New(code, args...)} }

// Wrap makes an error of a new reason that rests on another error.
func Wrap(err error, code Code, args ...any) *Error {
	return &Error{Reason: New(code, args...), Err: err}
}

// Error is the code with its arguments, for a log. It is no sentence for people.
func (e *Error) Error() string { return e.Reason.Key() }

// Unwrap is the error beneath.
func (e *Error) Unwrap() error { return e.Err }

// Why is the reason.
func (e *Error) Why() List { return List{e.Reason} }

// Of is why an error came to be: the reasons that the outermost error of its chain
// carries, those of each where several were joined, and else a quotation of its
// words. It is empty for no error. An error type of another package carries
// reasons by a method Why.
func Of(err error) List {
	if err == nil {
		return nil
	}
	if l := carried(err); len(l) > 0 {
		return l
	}
	return List{Quote(err.Error())}
}

// carried are the reasons of a chain, and nil where nothing in it carries any. Of
// joined errors, those that carry none are quoted beside those that do.
func carried(err error) (l List) {
	for err != nil {
		if w, ok := err.(interface{ Why() List }); ok {
			return w.Why()
		}
		if j, ok := err.(interface{ Unwrap() []error }); ok {
			return joined(j.Unwrap())
		}
		err = errors.Unwrap(err)
	}
	return nil
}

func joined(all []error) (l List) {
	found := false
	for _, err := range all {
		why := carried(err)
		found = found || len(why) > 0
		if len(why) == 0 {
			why = Of(err)
		}
		l = l.Add(why...)
	}
	if !found {
		return nil
	}
	return l
}
