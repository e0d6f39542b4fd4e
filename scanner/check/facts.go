package check

import "slices"

// facts are what several claims of one trial ask about: each is found once.
type facts []fact

// fewFacts is how many claims of a trial ask about, as a rule.
const fewFacts = 4

// fact is one of them, by what it is about.
type fact struct {
	about string
	is    any
	rests []int32 // indexes of the needs that were looked at
}

// Know finds a fact of a trial, or takes what another claim found. Who asks again must be
// allowed to look at all that it rests on. What a fact is about has one type.
func Know[T any](e *Evidence, about string, find func() T) T {
	for i := range *e.facts {
		if f := &(*e.facts)[i]; f.about == about {
			for _, n := range f.rests {
				e.owns(n)
			}
			e.looked = append(e.looked, f.rests...)
			return f.is.(T)
		}
	}
	before := len(e.looked)
	is := find()
	*e.facts = append(*e.facts, fact{about, is, slices.Clone(e.looked[before:])})
	return is
}
