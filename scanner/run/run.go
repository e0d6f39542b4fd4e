package run

import (
	"encoding/json"
	"net/netip"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// Schema is the version of the run document. In version 1 each place had in full what now
// stands once: see docs/run-document.md.
const Schema = "kmsiso/run/v2"

// Run is one execution, whole: every report is made from it, and replay judges
// it again from Policy, Vantages, Plan and Observations alone.
type Run struct {
	Version  string        `json:"version"` // of kmsiso
	Started  time.Time     `json:"started"`
	Duration time.Duration `json:"duration"`
	// What the run was about, for the first line of a report.
	Name  string `json:"name"`  // of the deployment: its forests
	Stage string `json:"stage"` // request or require
	Basis string `json:"basis"` // paper or hardened
	Scope string `json:"scope"` // host or kms-port
	// Audit says that only what is configured was looked at.
	Audit bool `json:"audit,omitempty"`
	// Window is the length of the denied window, T.
	Window time.Duration `json:"window"`
	// Policy is the resolved policy with its pinned addresses; no secret is in it.
	Policy   json.RawMessage `json:"policy"`
	Vantages []Vantage       `json:"vantages"`
	// Plan is what the run set out to observe.
	Plan         *Plan         `json:"plan,omitempty"`
	Observations []Observation `json:"observations"`
	// Credentials says of each one that was used whether it is held back.
	Credentials []Credential `json:"credentials,omitempty"`
	Cells       []Cell       `json:"cells"` // in the paper's order
	// Waivers says what became of each waiver of the policy.
	Waivers []Waiver `json:"waivers,omitempty"`
	// Obligations are what a GO owes beside the verdicts of its cells.
	Obligations []Obligation `json:"obligations,omitempty"`
	// Sample counts what outsiders tried of a host.
	Sample Sample `json:"sample,omitzero"`
	// Untested lists what this run does not speak of.
	Untested reason.List `json:"untested,omitempty"`
	// Beyond names what the plan of an older document lacks, and this kmsiso knows: a
	// replay of it is a GO with a but at best.
	Beyond reason.List `json:"beyond,omitempty"`
	// Stopped is set where the run was stopped before its end: the cells that
	// were not decided by then are errors.
	Stopped *Stop `json:"stopped,omitempty"`
	// Broken names the parts of kmsiso itself that broke: "check gpo-applied".
	// What they were to decide is an error, and the run is no GO.
	Broken []string `json:"broken,omitempty"`
	// Fault is set when the run could not be made at all (a report is still
	// written, with one synthetic error).
	Fault string `json:"fault,omitempty"`
}

// Sample counts what outsiders tried of the host of which they tried the least.
type Sample struct {
	TCP  int `json:"tcp,omitempty"`  // of the 65,535 ports; 0 where the KMS port alone is isolated
	UDP  int `json:"udp,omitempty"`  // in the same way
	From int `json:"from,omitempty"` // source ports of their own choice
}

// Stop says how a run was stopped. How far it had come is counted by its cells,
// see [Run.Decided].
type Stop struct {
	Why string `json:"why"` // "interrupted"
}

// Decided counts the cells that were decided: all of them, but in a run that
// was stopped.
func (r *Run) Decided() int {
	n := 0
	for i := range r.Cells {
		if !r.Cells[i].Stopped {
			n++
		}
	}
	return n
}

// Vantage is what was learned of a vantage when it was connected.
type Vantage struct {
	Name      string           `json:"name"`
	Role      string           `json:"role"`
	Path      string           `json:"path,omitempty"` // lan, nat, vpn ...
	Ways      []Way            `json:"ways"`
	OS        string           `json:"os,omitempty"`
	Addresses []netip.Addr     `json:"addresses,omitempty"` // its own, and those it is seen as behind NAT
	Resolvers []netip.AddrPort `json:"resolvers,omitempty"`
	// Interfaces and Gateways are those of the vantage, where its way in can tell.
	Interfaces []Interface  `json:"interfaces,omitempty"`
	Gateways   []netip.Addr `json:"gateways,omitempty"`
	// Missing says, by capability, why it is not there.
	Missing map[string]reason.List `json:"missing,omitempty"`
	// Trouble is set when no way in worked: nothing can be observed from here.
	Trouble reason.List `json:"error,omitempty"`
	// Broke says that the code of a way in itself broke.
	Broke bool `json:"broke,omitempty"`
}

// Interface is a network interface of a vantage that is up.
type Interface struct {
	Name     string         `json:"name"`
	Link     string         `json:"link,omitempty"`     // its link address
	Prefixes []netip.Prefix `json:"prefixes,omitempty"` // its addresses, with the length of their networks
	// Zone is what a link-local address of the interface needs behind %.
	Zone string `json:"zone,omitempty"`
	// Internal says that it leads to no wire: it is the machine's own end of a switch
	// inside the machine, as of its containers.
	Internal bool `json:"internal,omitempty"`
	// Cluster are those of its addresses that belong to a cluster, not to the machine.
	Cluster []netip.Addr `json:"cluster,omitempty"`
}

// Way is one way into a vantage and whether it worked.
type Way struct {
	Name string `json:"name"` // "ssh guest.example.test"
	// Trouble says why it did not work; empty where it did.
	Trouble reason.List `json:"error,omitempty"`
	// Unanswered says of a way that did not work that nothing answered there.
	Unanswered bool `json:"unanswered,omitempty"`
	// Reading is how the user's own configuration of the way was read, as that of
	// OpenSSH: "ssh -G of OpenSSH_9.2p1".
	Reading string `json:"reading,omitempty"`
}

// Credential is a declared credential as a run found it. It holds no secret and
// nothing that is made of one.
type Credential struct {
	Name string `json:"name"`
	// Held says that it was refused, in this run or an earlier one, or that an
	// attempt more could lock its account out: it is not shown any more.
	Held  bool      `json:"held,omitempty"`
	Since time.Time `json:"since,omitzero"`  // of the refusal, UTC
	Place string    `json:"place,omitempty"` // where it was refused
	// Why is why it is held.
	Why reason.List `json:"why,omitempty"`
}

// Counts sums up the cells.
type Counts struct {
	Pass, Fail, Inconclusive, Error, Skip, Waived int
	Weak                                          int // of those that pass
	Unattributed                                  int // of those that are weak
	Warnings                                      int // findings of severity warn or above
}

// Count sums up the cells of the run.
func (r *Run) Count() Counts {
	var n Counts
	for i := range r.Cells {
		c := &r.Cells[i]
		switch c.Verdict {
		case Pass:
			n.Pass++
		case Fail:
			n.Fail++
		case Inconclusive:
			n.Inconclusive++
		case Skip:
			n.Skip++
		case Waived:
			n.Waived++
		default: // what is no verdict must never read as all right
			n.Error++
		}
		if c.Verdict == Pass && c.Weak {
			n.Weak++
		}
		if c.Unattributed() {
			n.Unattributed++
		}
		for _, f := range c.Findings {
			if f.Severity != Info {
				n.Warnings++
			}
		}
	}
	if r.Fault != "" {
		n.Error++
	}
	return n
}

// Answer is the first word of every report.
type Answer string

// The answers. GoBut is a GO of which something is weak, waived, beyond the document, or
// declared and not tried, which the first line says; what a backup never tells is no but
// of an audit. Unproven means that something did not decide, could not be done or is
// owed and not shown; Stopped that the run was stopped, and nothing of what it has
// decided fails.
const (
	Go       Answer = "GO"
	GoBut    Answer = "GO, but"
	NoGo     Answer = "NO-GO"
	Unproven Answer = "UNPROVEN"
	Stopped  Answer = "STOPPED"
)

// Goes reports whether the answer is a GO, if with a but.
func (a Answer) Goes() bool { return a == Go || a == GoBut }

// Owes counts the obligations that are paid so far and no further.
func (r *Run) Owes(paid Support) (n int) {
	for i := range r.Obligations {
		if r.Obligations[i].Paid == paid {
			n++
		}
	}
	return n
}

// Answer folds the whole run into one word.
func (r *Run) Answer() Answer {
	n := r.Count()
	switch {
	case n.Fail > 0:
		return NoGo
	case r.Stopped != nil:
		return Stopped
	case n.Inconclusive+n.Error+len(r.Broken)+r.Owes(NotShown) > 0, n.Pass == 0:
		return Unproven
	case n.Weak+n.Waived+r.Owes(Weak)+len(r.Beyond) > 0, !r.Audit && r.Owes(Void) > 0:
		return GoBut
	}
	return Go
}

// ExitCode is 0 of a GO, if with a but; 1 with any fail; 3 of what is unproven or
// stopped. With strict, a but and warnings are 1.
func (r *Run) ExitCode(strict bool) int {
	n := r.Count()
	switch {
	case r.Answer() == NoGo:
		return 1
	case !r.Answer().Goes():
		return 3
	case strict && (r.Answer() != Go || n.Warnings > 0):
		return 1
	}
	return 0
}
