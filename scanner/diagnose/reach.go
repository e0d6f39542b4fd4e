package diagnose

import (
	"slices"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// lostVantages: nothing can be said from where nobody got in, and what rests on that in
// other cells is in error for the same reason.
func lostVantages(d *diagnosis) {
	failed := map[string][]*run.Cell{} // by why they are in error
	for _, c := range d.where(func(c *run.Cell) bool { return c.Verdict == run.Error }) {
		failed[c.Reasons.Key()] = append(failed[c.Reasons.Key()], c)
	}
	for i := range d.run.Vantages {
		v := &d.run.Vantages[i]
		if len(v.Trouble) == 0 {
			continue
		}
		if cells := d.from(v.Name); len(cells) > 0 {
			root := cells[0]
			if i := slices.IndexFunc(cells, func(c *run.Cell) bool { return c.Verdict == run.Error }); i >= 0 {
				root = cells[i]
			}
			blame(root, reason.One(reason.VantageLost, "vantage", v.Name, "why", v.Trouble), append(cells, failed[v.Trouble.Key()]...))
		}
	}
}

// cutOffVantages: a vantage that nothing answers says nothing about the hosts.
func cutOffVantages(d *diagnosis) {
	for _, v := range d.policy.Vantages {
		cells := d.from(v.Name)
		if len(cells) == 0 || len(v.Alive) == 0 || d.anythingHeard(v) {
			continue
		}
		blame(cells[0], reason.One(reason.VantageUnheard, "vantage", v.Name, "alive", v.Alive), cells)
	}
}

// anythingHeard reports whether anything at all spoke to a vantage.
func (d *diagnosis) anythingHeard(v intent.Vantage) bool {
	asked := false
	for i := range d.run.Observations {
		o := &d.run.Observations[i]
		if o.Need.Vantage != v.Name || !wantsAnswer(o.Need) {
			continue
		}
		asked = true
		switch {
		case o.Spoke(), o.Class == run.Exhausted, o.Class == run.NotPermitted, len(o.Missing) > 0:
			return true
		case len(o.Trouble) > 0 && o.Need.When != run.After: // what gave no answer is not asked again
			return true
		}
	}
	return !asked
}

// downHosts: a host that answers nobody, on no port and no protocol.
func downHosts(d *diagnosis) {
	for _, h := range d.policy.Hosts {
		asked := d.asked(h.Name, wantsAnswer)
		heardOnce, answering := false, false
		for _, o := range asked {
			heardOnce = heardOnce || o.Class != "" && !o.Class.Local()
			answering = answering || o.Spoke()
		}
		cells := d.at(h.Name)
		root := first(cells, plainest(d.those(func(x *check.Check) bool { return letsIn(x) && x.Flow.Intent == check.Allowed || negotiates(x) })))
		if !heardOnce || answering || root == nil {
			continue
		}
		// What the host's own vantage cannot do follows as well.
		cells = append(cells, d.fromHostItself(h.Name)...)
		// So do the datagrams that should have come from it.
		blame(root, reason.One(reason.HostDown, "host", h.Name), cells)
	}
}

// stoppedServices: the host is there, and its KMS port refuses those who may.
func stoppedServices(d *diagnosis) {
	for _, h := range d.policy.Hosts {
		refused, answered := 0, 0
		for _, o := range d.asked(h.Name, func(n run.Need) bool { return n.Probe == run.ProbeRPC && n.When == run.Before }) {
			switch o.Class {
			case run.Refused:
				refused++
			case run.Answered:
				answered++
			}
		}
		cells := d.at(h.Name, d.being(atHost))
		root := first(cells, d.those(func(x *check.Check) bool { return x.Flow.Intent == check.Allowed && x.Flow.ToKMS() }))
		if refused == 0 || answered > 0 || root == nil {
			continue
		}
		var same []*run.Cell
		for _, c := range cells {
			if x := d.check(c); denies(x) || x.Flow.ToKMS() {
				same = append(same, c)
			}
		}
		blame(root, reason.One(reason.ServiceStopped, "host", h.Name, "port", h.Port), same)
	}
}

// missingControls: a deny that nobody could prove, and a connection that nobody
// could look at, follow from the allowed flow that failed.
func missingControls(d *diagnosis) {
	for _, c := range d.where(d.being(func(x *check.Check) bool { return denies(x) || x.Flow.Intent == check.Protected })) {
		if c.Verdict != run.Inconclusive {
			continue
		}
		for _, x := range d.those(letsIn) {
			root := d.failedFlow(x, c)
			if root == nil {
				continue
			}
			by := root.ID
			if root.CausedBy != nil {
				by = *root.CausedBy
			}
			c.CausedBy = &by
			break
		}
	}
}

// failedFlow finds the failed cell of an allowed flow that a cell rests on: for
// what is looked at on the wire that of the same vantage, for a deny that of one
// of its controls.
func (d *diagnosis) failedFlow(x *check.Check, c *run.Cell) *run.Cell {
	for _, f := range d.about[c.ID.Target] {
		if !x.Is(f.ID) || f == c || f.Verdict == run.Pass || f.Verdict == run.Skip {
			continue
		}
		if denies(d.check(c)) && d.controls(c, f.ID.Vantage) || !denies(d.check(c)) && f.ID.Vantage == c.ID.Vantage {
			return f
		}
	}
	return nil
}

// controls reports whether a vantage is a control of a denied one: it is asked
// again after the window.
func (d *diagnosis) controls(denied *run.Cell, vantage string) bool {
	return slices.ContainsFunc(d.plan.NeedsOf(denied.ID), func(n run.Need) bool { return n.When == run.After && n.Vantage == vantage })
}
