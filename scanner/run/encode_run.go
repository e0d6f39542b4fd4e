package run

import "github.com/kmsiso/kmsiso/scanner/reason"

// What follows writes the fields of the document in the order in which they are
// declared, under the names in their tags. TestDocumentIsAsPackageJSONWritesIt holds
// that each is there.

func (e *encoder) run(r *Run) {
	e.open()
	e.text("schema", r.Schema)
	e.text("version", r.Version)
	e.value("started", r.Started)
	e.number("duration", int64(r.Duration))
	e.text("name", r.Name)
	e.text("stage", r.Stage)
	e.text("basis", r.Basis)
	e.text("scope", r.Scope)
	e.flagSet("audit", r.Audit)
	e.number("window", int64(r.Window))
	e.value("policy", r.Policy)
	e.value("vantages", r.Vantages)
	if r.Plan != nil {
		e.value("plan", r.Plan)
	}
	list(e, "observations", r.Observations, (*encoder).observation)
	if len(r.Credentials) > 0 {
		e.value("credentials", r.Credentials)
	}
	list(e, "cells", r.Cells, (*encoder).cell)
	if len(r.Waivers) > 0 {
		e.value("waivers", r.Waivers)
	}
	listSet(e, "obligations", r.Obligations, (*encoder).obligation)
	e.numberSet("ports", int64(r.Ports))
	e.reasonsSet("untested", r.Untested)
	e.reasonsSet("beyond", r.Beyond)
	if r.Stopped != nil {
		e.value("stopped", r.Stopped)
	}
	listSet(e, "broken", r.Broken, (*encoder).word)
	e.textSet("fault", r.Fault)
	e.end()
}

func (e *encoder) observation(o *Observation) {
	e.open()
	e.text("id", o.ID)
	e.key("need")
	e.need(&o.Need)
	e.textSet("via", o.Via)
	e.number("start", int64(o.Start))
	e.number("end", int64(o.End))
	e.textSet("class", string(o.Class))
	e.reasonsSet("missing", o.Missing)
	e.reasonsSet("error", o.Trouble)
	e.flagSet("stopped", o.Stopped)
	e.flagSet("broke", o.Broke)
	e.textSet("weak", o.Weak)
	listSet(e, "tries", o.Tries, (*encoder).try)
	if o.RPC != nil {
		e.key("rpc")
		e.rpc(o.RPC)
	}
	if o.IKE != nil {
		e.key("ike")
		e.ike(o.IKE)
	}
	if o.ESP != nil {
		e.value("esp", o.ESP)
	}
	if len(o.SRV) > 0 {
		e.value("srv", o.SRV)
	}
	if len(o.Flows) > 0 {
		e.value("flows", o.Flows)
	}
	if o.Watch != nil {
		e.value("watch", o.Watch)
	}
	if len(o.Registry) > 0 {
		e.value("registry", o.Registry)
	}
	if o.Forest != nil {
		e.value("forest", o.Forest)
	}
	e.end()
}

func (e *encoder) need(n *Need) {
	e.open()
	e.text("vantage", n.Vantage)
	e.text("probe", string(n.Probe))
	e.textSet("target", n.Target)
	e.addressSet("addr", n.Addr)
	e.numberSet("port", int64(n.Port))
	e.textSet("peer", n.Peer)
	e.textSet("param", n.Param)
	e.text("when", string(n.When))
	e.end()
}

func (e *encoder) try(t *Try) {
	e.open()
	e.number("start", int64(t.Start))
	e.numberSet("rtt", int64(t.RTT))
	e.text("class", string(t.Class))
	e.addressSet("from", t.From)
	e.numberSet("ttl", int64(t.TTL))
	e.endpointSet("local", t.Local)
	e.flagSet("loopback", t.Loopback)
	e.numberSet("sent", int64(t.Sent))
	e.numberSet("answered", int64(t.Answered))
	e.numberSet("took", int64(t.Took))
	if t.ICMP != (ICMP{}) {
		e.value("icmp", t.ICMP)
	}
	e.textSet("note", t.Note)
	e.end()
}

func (e *encoder) rpc(r *RPC) {
	e.open()
	e.text("bind", r.Bind)
	e.textSet("note", r.Note)
	e.numberSet("asked", int64(r.Asked))
	e.numberSet("heard", int64(r.Heard))
	e.end()
}

func (e *encoder) ike(i *IKE) {
	e.open()
	e.text("protocol", i.Protocol)
	e.text("answer", i.Answer)
	e.textSet("notify", i.Notify)
	listSet(e, "vendorIDs", i.VendorIDs, (*encoder).word)
	list(e, "asked", i.Asked, (*encoder).word)
	e.end()
}

func (e *encoder) cell(c *Cell) {
	e.open()
	e.text("id", c.ID.String())
	e.text("title", c.Title)
	e.text("section", c.Section)
	e.text("confirmed", c.Confirmed)
	e.text("verdict", string(c.Verdict))
	e.flagSet("weak", c.Weak)
	listSet(e, "trials", c.Trials, (*encoder).trial)
	e.reasonsSet("reason", c.Reasons)
	e.flagSet("stopped", c.Stopped)
	e.textSet("by", string(c.By))
	e.reasonsSet("intended", c.Intended)
	e.reasonsSet("configured", c.Conduct)
	e.reasonsSet("observed", c.Seen)
	e.reasonsSet("controls", c.Controls)
	e.textSet("breaks", string(c.Breaks))
	e.reasonsSet("cause", c.Causes)
	if c.CausedBy != nil {
		e.text("causedBy", c.CausedBy.String())
	}
	listSet(e, "findings", c.Findings, (*encoder).finding)
	listSet(e, "evidence", c.Evidence, (*encoder).word)
	e.textSet("waiver", c.Waiver)
	e.end()
}

func (e *encoder) obligation(o *Obligation) {
	e.open()
	e.reasons("what", o.What)
	e.text("paid", string(o.Paid))
	e.reasonsSet("why", o.Why)
	listSet(e, "by", o.By, func(e *encoder, id *CellID) { e.b = reason.AppendText(e.b, id.String()) })
	e.end()
}

func (e *encoder) trial(t *Trial) {
	e.open()
	e.text("at", t.At)
	e.key("claims")
	e.claims(t.Claims)
	e.end()
}

func (e *encoder) finding(f *Finding) {
	e.open()
	e.text("severity", string(f.Severity))
	e.reasons("reason", f.Reason)
	e.end()
}
