package run

import (
	"github.com/kmsiso/kmsiso/scanner/reason"
)

// Obligation is something that a GO owes, by the declaration alone: what was found
// of the vantages never makes it less.
type Obligation struct {
	// What is owed: one reason.
	What reason.List `json:"what"`
	// Paid says how: [Shown], [Weak], [NotShown], or [Void] for a declared thing that
	// nothing can try.
	Paid Support `json:"paid"`
	// Why is why it is not paid plainly, and what would pay it.
	Why reason.List `json:"why,omitempty"`
	// By are the cells that pay it.
	By []CellID `json:"by,omitempty"`
}

// Prospect is the best answer that runs of a policy can have, by what it declares
// alone.
type Prospect struct {
	Best Answer // Go, GoBut or Unproven
	Why  reason.List
	// Needs is what it depends on that the policy cannot tell.
	Needs reason.List
}
