// Package tri is an answer that may be not known.
package tri

// State is yes, no, or not known, which is its zero value. They are in order: the
// least of several is what all of them come to together, the greatest what one of
// them is enough for.
type State int8

// The answers.
const (
	No      State = -1
	Unknown State = 0
	Yes     State = 1
)

// String is the word of the answer.
func (s State) String() string {
	switch s {
	case No:
		return "no"
	case Yes:
		return "yes"
	}
	return "unknown"
}
