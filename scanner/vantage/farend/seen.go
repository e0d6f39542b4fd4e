package farend

import (
	"fmt"

	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// seen is [vantage.Seen] on the stream.
type seen struct {
	Flows      items[flow]                 `json:"flows,omitempty"`
	Interfaces items[run.WatchedInterface] `json:"interfaces"`
	Overflow   bool                        `json:"overflow,omitempty"`
}

// flow is a flow whose packets are a list with a bound.
type flow struct {
	run.Flow
	Packets items[run.WirePacket] `json:"packets,omitempty"`
}

// tell puts what a watch has seen on the stream.
func tell(s *vantage.Seen, err error) (*seen, error) {
	if err != nil {
		return nil, err
	}
	t := &seen{Interfaces: s.Interfaces, Overflow: s.Overflow, Flows: make(items[flow], len(s.Flows))}
	for i, f := range s.Flows {
		t.Flows[i] = flow{f, f.Packets}
	}
	return t, nil
}

// told is what a watch has seen, from the stream.
func (t *seen) told() *vantage.Seen {
	s := &vantage.Seen{Interfaces: t.Interfaces, Overflow: t.Overflow, Flows: make([]run.Flow, len(t.Flows))}
	for i := range t.Flows {
		f := &t.Flows[i]
		f.Flow.Packets = f.Packets
		s.Flows[i] = f.Flow
	}
	return s
}

// passages and kinds are all that may cross as such.
var (
	passages = map[run.Passage]bool{run.PassedIn: true, run.PassedOut: true, run.PassedForwarded: true}
	kinds    = map[run.FlowKind]bool{
		run.FlowSYN: true, run.FlowSYNACK: true, run.FlowReset: true, run.FlowRefusal: true, run.FlowTCP: true,
		run.FlowEcho: true, run.FlowEchoReply: true, run.FlowIKE: true, run.FlowESP: true, run.FlowUDPESP: true, run.FlowUDP: true,
	}
)

// longestName is how long the name of an interface and a link address may be, in
// octets.
const longestName = 60

// checkSeen reports what is wrong with what a watch says. A far end does not say
// whose the packets are.
func (a *answer) checkSeen() error {
	for _, i := range a.Seen.Interfaces {
		if !short(i.Name) || !short(i.Link) || i.Out < 0 {
			return a.odd("interface", clean([]byte(i.Name), longestName))
		}
	}
	for i := range a.Seen.Flows {
		switch f := &a.Seen.Flows[i]; {
		case !kinds[f.Kind]:
			return a.odd("flow.kind", clean([]byte(f.Kind), 40))
		case !passages[f.Passage]:
			return a.odd("flow.passage", clean([]byte(f.Passage), 40))
		case !f.Src.IsValid() || !f.Dst.IsValid():
			return a.odd("flow", "without ends")
		case !short(f.Interface) || !short(f.From) || !short(f.To):
			return a.odd("flow.interface", clean([]byte(f.Interface), longestName))
		case f.Count < 1 || f.MaxSize < 0 || f.Bytes < 0 || f.First < 0 || f.Last < f.First || len(f.Packets) > run.MostPackets:
			return a.odd("flow.count", fmt.Sprint(f.Count))
		case f.Own != "":
			return a.odd("flow.own", clean([]byte(f.Own), 40))
		}
	}
	return nil
}

// short reports whether a name is printable and not too long.
func short(s string) bool { return len(s) <= longestName && s == clean([]byte(s), longestName) }
