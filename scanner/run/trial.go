package run

import (
	"github.com/kmsiso/kmsiso/scanner/reason"
)

// Trial is one flow that a cell tried, or one thing that it looked at, with the
// claims that it is judged by.
type Trial struct {
	// At names it: "198.18.10.30:1688", "198.18.10.30 (ping)".
	At string `json:"at"`
	// Claims are in the order in which they were asked. A document has them by code, as
	// there are many: one that is plainly shown has the ids of what shows it, and any
	// other has support, why and ids.
	Claims []Claim `json:"claims"`
}

// Claim is what must be true for a trial to pass, and how far that is supported.
type Claim struct {
	Code reason.Code `json:"code"`
	// Support says how far.
	Support Support `json:"support"`
	// Why is why it is not plainly shown; empty where it is.
	Why reason.List `json:"why,omitempty"`
	// By are the ids of the observations that this rests on.
	By []string `json:"by,omitempty"`
}

// Support says how far a claim is supported.
type Support string

// The kinds of support. The last five contradict the claim.
const (
	NotShown   Support = "not-shown" // nothing speaks for it, or not enough
	Shown      Support = "shown"     // an observation shows it
	Weak       Support = "weak"      // likely, and nothing shows it
	Void       Support = "void"      // the trial says nothing: closed to everybody, or no means to try it
	Setup      Support = "setup"     // the vantage or a declaration is not what it was said to be
	ToolFailed Support = "tool"      // the tool could not look
	Broken     Support = "broken"    // what should work does not
	Exposure   Support = "exposure"  // what should get no answer got one
)
