package probes

import "github.com/kmsiso/kmsiso/scanner/run"

// byWeight lists the classes, the one that says most first. Silence is last:
// several tries are silent together only when each of them was.
var byWeight = [...]run.Class{
	run.Answered, run.Refused, run.Unreachable, run.Cut,
	run.NotPermitted, run.Exhausted, run.NoRoute, run.Name, run.Unknown, run.Sent, run.Silent,
}

// best is the class of several tries together; it is empty for none.
func best(tries []run.Try) run.Class {
	for _, c := range byWeight {
		for i := range tries {
			if tries[i].Class == c {
				return c
			}
		}
	}
	return ""
}
