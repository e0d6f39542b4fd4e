package document

import (
	"iter"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// What a document leaves out, since it is what is usual there. Who writes it and who
// reads it ask here.

// usualWays are the ways in that observations of each vantage are made by: the first
// that worked.
func usualWays(all []run.Vantage) map[string]string {
	ways := map[string]string{}
	for i := range all {
		v := &all[i]
		if _, known := ways[v.Name]; known {
			continue
		}
		ways[v.Name] = ""
		for k := range v.Ways {
			if w := &v.Ways[k]; len(w.Trouble) == 0 {
				ways[v.Name] = w.Name
				break
			}
		}
	}
	return ways
}

// usualWay is the way in of an observation: of one that was not made there is none.
func usualWay(o *run.Observation, ways map[string]string) string {
	if o.Class == "" {
		return ""
	}
	return ways[o.Need.Vantage]
}

// usuallyTook is how long an answer took: that of the first transmission took until the
// answer.
func usuallyTook(t *run.Try) int64 {
	if t.Answered == 1 {
		return int64(t.RTT)
	}
	return 0
}

// usualEvidence are the ids that the claims of a cell name, each once.
func usualEvidence(c *run.Cell) iter.Seq[string] {
	return func(yield func(string) bool) {
		seen := map[string]bool{}
		for i := range c.Trials {
			for k := range c.Trials[i].Claims {
				for _, id := range c.Trials[i].Claims[k].By {
					if seen[id] {
						continue
					}
					if seen[id] = true; !yield(id) {
						return
					}
				}
			}
		}
	}
}

// isUsual reports whether the evidence of a cell is what its claims name.
func isUsual(c *run.Cell) bool {
	rest := c.Evidence
	for id := range usualEvidence(c) {
		if len(rest) == 0 || rest[0] != id {
			return false
		}
		rest = rest[1:]
	}
	return len(rest) == 0
}

// placeless is what is said of a trial, without its place. It is false of what names
// no place, or another one.
func placeless(r reason.Reason, at string) (reason.Reason, bool) {
	if at == "" {
		return r, true
	}
	i := slices.IndexFunc(r.Args, func(a reason.Arg) bool { return a.Name == placeArg })
	if i < 0 {
		return r, false
	}
	words, ok := r.Args[i].Value.([]string)
	if !ok || len(words) != 1 || words[0] != at {
		return r, false
	}
	return reason.Reason{Code: r.Code, Args: slices.Delete(slices.Clone(r.Args), i, i+1)}, true
}

// placed is the same with the place.
func placed(r reason.Reason, at string) reason.Reason {
	if at == "" {
		return r
	}
	return r.With(placeArg, []string{at})
}

// placeArg is the argument of a reason that names the place of its trial.
const placeArg = "at"
