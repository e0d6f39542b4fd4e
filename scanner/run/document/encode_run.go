package document

import (
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/run/jsonform"
)

// What follows writes the fields of the document in the order in which they are
// declared, under the names in their tags. TestEachFieldIsReadBack holds that each is
// there.

func (e *encoder) run(r *run.Run) {
	e.open()
	e.text("schema", run.Schema)
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
	e.ways, e.noted = usualWays(r.Vantages), map[string]int{}
	list(e, "observations", r.Observations, (*encoder).observation)
	listSet(e, "notes", e.notes, (*encoder).word)
	if len(r.Credentials) > 0 {
		e.value("credentials", r.Credentials)
	}
	e.titled = map[string]*run.Cell{}
	list(e, "cells", r.Cells, (*encoder).cell)
	e.titles()
	if e.table.Len() > 0 {
		e.b = e.table.AppendJSON(e.key("reasons"))
	}
	if len(r.Waivers) > 0 {
		e.value("waivers", r.Waivers)
	}
	listSet(e, "obligations", r.Obligations, (*encoder).obligation)
	if r.Sample != (run.Sample{}) {
		e.value("sample", r.Sample)
	}
	e.reasonsSet("untested", r.Untested)
	e.reasonsSet("beyond", r.Beyond)
	if r.Stopped != nil {
		e.value("stopped", r.Stopped)
	}
	listSet(e, "broken", r.Broken, (*encoder).word)
	e.textSet("fault", r.Fault)
	e.end()
}

func (e *encoder) observation(o *run.Observation) {
	e.open()
	e.text("id", o.ID)
	e.need(&o.Need)
	e.textUnless("via", o.Via, usualWay(o, e.ways))
	e.number("start", int64(o.Start))
	e.number("end", int64(o.End))
	e.textSet("class", string(o.Class))
	e.reasonsSet("missing", o.Missing)
	e.reasonsSet("error", o.Trouble)
	e.flagSet("stopped", o.Stopped)
	e.flagSet("broke", o.Broke)
	e.textSet("weak", o.Weak)
	listSet(e, "tries", o.Tries, func(e *encoder, t *run.Try) { e.try(t, o.Class) })
	if o.RPC != nil {
		e.field("rpc")
		e.rpc(o.RPC)
	}
	if o.IKE != nil {
		e.field("ike")
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
		e.b = o.Registry.AppendJSON(e.key("registry"))
	}
	if o.Clock != nil {
		e.value("clock", o.Clock)
	}
	if len(o.Parts) > 0 {
		e.value("parts", o.Parts)
	}
	if o.Forest != nil {
		e.value("forest", o.Forest)
	}
	e.end()
}

// need writes the fields of a need among those of its observation.
func (e *encoder) need(n *run.Need) {
	e.text("vantage", n.Vantage)
	e.text("probe", string(n.Probe))
	e.textSet("target", n.Target)
	e.addressSet("addr", n.Addr)
	e.numberSet("port", int64(n.Port))
	e.textSet("peer", n.Peer)
	e.textSet("param", n.Param)
	e.textUnless("when", string(n.When), string(run.Once))
}

// try writes a try of an observation of a class.
func (e *encoder) try(t *run.Try, of run.Class) {
	e.open()
	e.number("start", int64(t.Start))
	e.numberSet("rtt", int64(t.RTT))
	e.textUnless("class", string(t.Class), string(of))
	e.addressSet("from", t.From)
	e.numberSet("ttl", int64(t.TTL))
	e.endpointSet("local", t.Local)
	e.flagSet("loopback", t.Loopback)
	e.numberSet("sent", int64(t.Sent))
	e.numberSet("answered", int64(t.Answered))
	e.numberUnless("took", int64(t.Took), usuallyTook(t))
	if t.ICMP != (run.ICMP{}) {
		e.value("icmp", t.ICMP)
	}
	if t.Note != "" {
		e.number("note", int64(jsonform.Place(&e.notes, e.noted, t.Note)))
	}
	e.end()
}

func (e *encoder) rpc(r *run.RPC) {
	e.open()
	e.text("bind", r.Bind)
	e.textSet("note", r.Note)
	e.numberSet("asked", int64(r.Asked))
	e.numberSet("heard", int64(r.Heard))
	e.end()
}

func (e *encoder) ike(i *run.IKE) {
	e.open()
	e.text("protocol", i.Protocol)
	e.text("answer", i.Answer)
	e.textSet("notify", i.Notify)
	listSet(e, "vendorIDs", i.VendorIDs, (*encoder).word)
	list(e, "asked", i.Asked, (*encoder).word)
	e.numberSet("size", int64(i.Size))
	e.numberSet("again", int64(i.Again))
	e.numberSet("againHeard", int64(i.AgainHeard))
	e.end()
}
