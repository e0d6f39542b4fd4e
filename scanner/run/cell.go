package run

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// CellID names one square of the matrix, stable from run to run: waivers,
// metrics, JUnit cases and baselines refer to it. Its text form is
// check/vantage/target.
type CellID struct {
	Check   string
	Vantage string
	Target  string
}

func (c CellID) String() string { return c.Check + "/" + c.Vantage + "/" + c.Target }

// MarshalText writes check/vantage/target.
func (c CellID) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (c *CellID) UnmarshalText(b []byte) error {
	p := strings.SplitN(string(b), "/", 3)
	if len(p) != 3 {
		return fmt.Errorf("cell id %q: want check/vantage/target", b)
	}
	*c = CellID{p[0], p[1], p[2]}
	return nil
}

// Verdict is the outcome of a cell.
type Verdict string

// The verdicts.
const (
	Pass         Verdict = "pass"
	Fail         Verdict = "fail"
	Inconclusive Verdict = "inconclusive" // observed, but it does not decide
	Error        Verdict = "error"        // the tool could not do its part
	Skip         Verdict = "skip"         // does not apply here, with a reason
	Waived       Verdict = "waived"       // somebody answers for what fails or does not decide
)

// Verdicts lists all verdicts, worst first: the order in which a square that
// folds several cells shows them.
var Verdicts = []Verdict{Fail, Error, Inconclusive, Waived, Skip, Pass}

// Worse reports whether v comes before w in [Verdicts].
func (v Verdict) Worse(w Verdict) bool { return v.Compare(w) < 0 }

// Compare orders verdicts as [Verdicts] does, the worst first. What is no verdict
// is an error.
func (v Verdict) Compare(w Verdict) int { return v.rank() - w.rank() }

func (v Verdict) rank() int {
	if i := slices.Index(Verdicts, v); i >= 0 {
		return i
	}
	return slices.Index(Verdicts, Error)
}

// Severity grades a [Finding].
type Severity string

// The severities, mildest first.
const (
	Info     Severity = "info"
	Warn     Severity = "warn"
	High     Severity = "high"
	Critical Severity = "critical"
)

// Finding is something worth knowing that stands beside the verdict.
type Finding struct {
	Severity Severity `json:"severity"`
	// Reason is what was found. The catalogue has its text and what to do about it.
	Reason reason.List `json:"reason"`
}

// severities is what package catalog has of each code.
var severities func(reason.Code) Severity

// Severities sets where the severity of a finding stands. It is for package catalog
// alone.
func Severities(of func(reason.Code) Severity) { severities = of }

// Found is a finding as severe as the catalogue has it. Where an isolation asks for
// less, or for more, whoever finds it grades it.
func Found(why reason.Reason) Finding {
	f := Finding{Reason: reason.List{why}}
	if severities != nil {
		f.Severity = severities(why.Code)
	}
	return f
}

// ID names the finding: the code of its reason, such as "slow-negotiation".
func (f Finding) ID() string {
	if len(f.Reason) == 0 {
		return ""
	}
	if id := f.Reason[0].Word(oldID); f.Reason[0].Is(reason.Quoted) && id != "" {
		return id
	}
	return string(f.Reason[0].Code)
}

// Attribution says why a proved deny is denied.
type Attribution string

// The attributions of a deny.
const (
	ByArrived    Attribution = "arrived"    // it was seen at the host, and nothing went back
	ByPaired     Attribution = "paired"     // an exempt neighbour is answered
	ByConfigured Attribution = "configured" // what the host is told, or has applied, denies it
	ByPath       Attribution = "path"       // a device before the host
	ByUnknown    Attribution = "unknown"
)

// Breaks is the pair of answers that a fail lies between.
type Breaks string

// The pairs.
const (
	BreaksPolicy   Breaks = "policy"      // intended and configured: a policy mistake
	BreaksApplying Breaks = "not-applied" // configured and applied: the host has not taken it
	BreaksNetwork  Breaks = "network"     // configured and observed: the network or the host
)

// Cell is one judged square of the matrix.
type Cell struct {
	ID        CellID  `json:"id"`
	Title     string  `json:"title"`     // of the check
	Section   string  `json:"section"`   // of the white paper, "+" beyond it
	Confirmed string  `json:"confirmed"` // how the inference is known: spec, lab or field
	Verdict   Verdict `json:"verdict"`
	// Weak says of a pass that a claim that it rests on is likely and not shown.
	Weak bool `json:"weak,omitempty"`
	// Trials are what was tried, each with the claims that it is judged by.
	Trials []Trial `json:"trials,omitempty"`
	// Reasons say why this verdict. Never empty, but for a plain pass.
	Reasons reason.List `json:"reason,omitempty"`
	// Stopped says of an error that the run was stopped before this was decided.
	Stopped bool `json:"stopped,omitempty"`
	// By is set on every proved deny.
	By Attribution `json:"by,omitempty"`
	// The three answers, one line each; empty where there is none.
	Intended reason.List `json:"intended,omitempty"`
	// Conduct is what is configured, Seen what was observed.
	Conduct reason.List `json:"configured,omitempty"`
	Seen    reason.List `json:"observed,omitempty"`
	// Controls says what proves the observation, or which control is missing.
	Controls reason.List `json:"controls,omitempty"`
	// Breaks says of a fail between which two of the three answers it breaks;
	// empty where that is not known.
	Breaks Breaks `json:"breaks,omitempty"`
	// Causes say what is behind what is wrong, on the root of each cause.
	Causes reason.List `json:"cause,omitempty"`
	// CausedBy names the root cell where this one is only a consequence.
	CausedBy *CellID   `json:"causedBy,omitempty"`
	Findings []Finding `json:"findings,omitempty"`
	// Evidence lists the ids of the observations it rests on.
	Evidence []string `json:"evidence,omitempty"`
	// Waiver says who answers for a waived cell, and until when.
	Waiver string `json:"waiver,omitempty"`
}

// Waiver is what became of a waiver in a run.
type Waiver struct {
	Cell  string `json:"cell"` // the pattern: check/vantage/target
	Owner string `json:"owner"`
	Until string `json:"until"` // as it was written
	// Expired says that it had ended when the run began.
	Expired bool `json:"expired,omitempty"`
	// Covers says that some cell of the run matches, Waived how many it turned.
	Covers bool `json:"covers,omitempty"`
	Waived int  `json:"waived,omitempty"`
	// Obligations counts what a GO owes in whose place the waiver stands.
	Obligations int `json:"obligations,omitempty"`
	// Unknown says which name in it the policy does not declare.
	Unknown string `json:"unknown,omitempty"`
}

// Unattributed reports whether the cell is a pass that rests on a deny which
// nothing shows to be the host's own doing: its reason is not known, or it is a
// filter on the path, behind which the host may stand open.
func (c *Cell) Unattributed() bool {
	return c.Verdict == Pass && (c.By == ByUnknown || c.By == ByPath)
}
