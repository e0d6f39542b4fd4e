// Package check holds the tests of the white paper, and those around them, as
// data and pure functions: which cells a policy asks for, what has to be
// observed for a cell, and what the observations mean.
//
// It opens no socket and reads no clock. What it does not find in its input it
// does not know, and says so.
package check

import (
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Check is one documented test.
type Check struct {
	ID    string
	Title string
	// Section of the white paper that asks for it; "+" is beyond the paper.
	Section string
	// Confirmed says how the inference is known: "spec", "lab" or "field".
	Confirmed string
	// Configured checks look at what the directory says alone: their cells have
	// [run.DirectoryVantage], and an audit is made of them. A thing that is checked
	// both ways has one ID and two checks, of which one is Configured.
	Configured bool
	// Flow is what the check is about, if it is a flow.
	Flow Flow
	// Rules says that the check looks at what rules tell a machine.
	Rules bool
	// Watching says that a square is judged by what watches saw. A vantage that nobody
	// could enter is a watch less, and does not decide it alone.
	Watching bool
	// After names the checks whose failure explains that this one fails, or does not
	// know. Those that they come after need not be named.
	After []string
	// Cells lists the squares that a policy asks for.
	Cells func(*intent.Policy) []run.CellID
	// Also lists what else the judgement of a square may look at. Nothing is
	// observed for its sake, and a stopped run decides a square without it; nil is
	// nothing.
	Also func(*intent.Policy, run.CellID) []run.Need
	// Trials lists what a square tries, and where there is nothing to try, why.
	Trials func(*intent.Policy, run.CellID) (all []Trial, none reason.List)
	// Claims are what must be true of a trial. What they need is observed for the square;
	// what several squares need is observed once.
	Claims func(*intent.Policy, *Trial) []Claim
	// Tell adds to a judged square what is said beside the verdict; nil is nothing.
	Tell func(*Input, []*Judged, *run.Cell)
}

// CellIDs is Cells with each cell once: two declarations of one thing make one cell,
// whose needs are those of both.
func (c *Check) CellIDs(p *intent.Policy) []run.CellID {
	all := c.Cells(p)
	ids, seen := all[:0], make(map[run.CellID]bool, len(all))
	for _, id := range all {
		if !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	return ids
}

// ClaimCodes are the claims of a trial of the check, as a hardened isolation has them.
func (c *Check) ClaimCodes() []reason.Code {
	var codes []reason.Code
	for _, one := range c.Claims(&intent.Policy{Isolation: intent.Isolation{Basis: intent.BasisHardened}}, &Trial{}) {
		codes = append(codes, one.Code)
	}
	return codes
}

// Name is what a reader knows a check by where it breaks.
func (c *Check) Name() string { return "check " + c.ID }
