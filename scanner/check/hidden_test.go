package check_test

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

func TestErrorDoesNotHideFail(t *testing.T) {
	w := newWorld()
	w.answer = func(n run.Need, healthy run.Observation) run.Observation {
		if n.Vantage == "guest" && n.Target == "kms01" && n.When == run.Window {
			switch n.Port {
			case 1688:
				return answered(n)
			case 5985:
				return run.Observation{Trouble: reason.List{reason.Quote("tcp from guest: the far end ended")}}
			}
		}
		return healthy
	}
	c := w.judged(t)["non-domain-kms/guest/kms01"]
	want := reason.List{
		reason.New(reason.OutsiderAnswered, "vantage", "guest", "at", []string{"198.18.10.30:1688"}),
		reason.New(reason.PlaceNotObserved, "at", []string{"198.18.10.30:5985"}, "why", reason.Quote("tcp from guest: the far end ended")),
	}
	if c.Verdict != run.Fail || !c.Reasons.Equal(want) {
		t.Errorf("got %s: %s", c.Verdict, c.Reasons.Key())
	}
}

// Whatever part of a cell fails, trouble with another part neither hides it nor is
// hidden by it.
func TestTroubleBesideAFail(t *testing.T) {
	first, second := addr("198.18.10.30"), addr("198.18.10.32")
	at := func(vantage string, probe run.Probe, a netip.Addr) func(run.Need) bool {
		return func(n run.Need) bool { return n.Vantage == vantage && n.Probe == probe && n.Addr == a }
	}
	on := func(vantage string, when run.When, p uint16) func(run.Need) bool {
		return func(n run.Need) bool {
			return n.Vantage == vantage && n.Target == "kms01" && n.Port == p && n.When == when
		}
	}
	class := func(c run.Class) func(run.Need) run.Observation {
		return func(n run.Need) run.Observation { return tried(n, c, time.Millisecond) }
	}
	lostESP := func(n run.Need) run.Observation {
		o := answered(n)
		o.ESP = &run.ESP{Small: 3, Large: 2, LargeSize: 1400}
		return o
	}
	for cell, parts := range map[string]struct {
		one, other func(run.Need) bool
		wrong      func(run.Need) run.Observation
	}{
		"non-domain-kms/guest/kms01":  {on("guest", run.Window, 1688), on("guest", run.Window, 3389), answered},
		"non-domain-kms/annex/kms01":  {on("annex", run.Window, 3389), on("annex", run.Window, 5985), answered},
		"ipv6-isolated/guest/kms01":   {on("guest", run.Window, 1688), on("guest", run.Window, 5985), answered},
		"non-domain-ping/guest/kms01": {at("guest", run.ProbeICMP, first), at("guest", run.ProbeICMP, second), answered},
		"domain-ping/client/kms01":    {at("client", run.ProbeICMP, first), at("client", run.ProbeICMP, second), silent},
		"domain-kms/client/kms01":     {at("client", run.ProbeRPC, first), at("client", run.ProbeRPC, second), class(run.Refused)},
		"nat-client/branch/kms01":     {at("branch", run.ProbeRPC, first), at("branch", run.ProbeRPC, second), silent},
		"exempt-kms/kiosk/kms01":      {at("kiosk", run.ProbeRPC, first), at("kiosk", run.ProbeRPC, second), silent},
		"kms-inbound/client/kms01":    {on("client", run.Before, 3389), on("client", run.Before, 3390), silent},
		"ike-500/client/kms01":        {at("client", run.ProbeIKE, first), at("client", run.ProbeIKE, second), class(run.Refused)},
		"natt-4500/client/kms01":      {at("client", run.ProbeIKE, first), at("client", run.ProbeIKE, second), class(run.Refused)},
		"esp-50/client/kms01":         {at("client", run.ProbeESP, first), at("client", run.ProbeESP, second), lostESP},
		"kms-outbound/kms01/files:445": {at("kms01", run.ProbeTCP, addr("198.18.11.40")), at("kms01", run.ProbeTCP, addr("2001:db8:11::40")),
			silent},
	} {
		for _, trouble := range []run.Observation{{Trouble: reason.List{reason.Quote("its far end ended")}}, {Missing: reason.List{reason.Quote("it cannot")}}} {
			for _, turned := range []bool{false, true} {
				one, other := parts.one, parts.other
				if turned {
					one, other = other, one
				}
				w := newWorld()
				w.twoAddresses(second)
				w.answer = func(n run.Need, healthy run.Observation) run.Observation {
					switch {
					case one(n):
						return parts.wrong(n)
					case other(n):
						return trouble
					case strings.HasPrefix(cell, "esp-50/") && n.When == run.Alone: // it would show the same
						return silent(n)
					}
					return healthy
				}
				c, ok := w.judged(t)[cell]
				why := slices.Concat(trouble.Trouble, trouble.Missing)[0]
				if !ok || c.Verdict != run.Fail || c.Reasons[0].Is(reason.PlaceNotObserved) || !leftOut(c, why) {
					t.Errorf("%s, turned %v, beside %s: %s: %s", cell, turned, why.Key(), c.Verdict, c.Reasons.Key())
				}
			}
		}
	}
}

// leftOut reports whether a cell says that something was not observed, and why.
func leftOut(c run.Cell, why reason.Reason) bool {
	return slices.ContainsFunc(c.Reasons, func(r reason.Reason) bool {
		return r.Is(reason.PlaceNotObserved) && r.Because("why").Equal(reason.List{why})
	})
}

// twoAddresses gives the first host a second IPv4 address and a second port that is
// declared to be open to the client.
func (w *world) twoAddresses(second netip.Addr) {
	h := &w.policy.Hosts[0]
	h.Addresses = append([]netip.Addr{h.Addresses[0], second}, h.Addresses[1:]...)
	w.policy.Isolation.Inbound[0].Ports = append(w.policy.Isolation.Inbound[0].Ports, 3390)
	for i := range w.run.Vantages {
		if w.run.Vantages[i].Name == "kms01" {
			w.run.Vantages[i].Addresses = h.Addresses
		}
	}
}

// Clear segments towards one address stay a fail where another one could not be
// looked at.
func TestClearSegmentsBesideAnError(t *testing.T) {
	w := newWorld()
	second := addr("198.18.10.32")
	w.twoAddresses(second)
	w.answer = func(n run.Need, healthy run.Observation) run.Observation {
		if n.Probe == run.ProbeFlows {
			healthy.Flows = append(healthy.Flows, run.Flow{Src: addr("198.18.20.20"), Dst: second, Kind: run.FlowTCP, DstPort: 1688, Count: 4})
		}
		if n.Vantage == "client" && n.Probe == run.ProbeRPC && n.Addr == addr("198.18.10.30") {
			return run.Observation{Trouble: reason.List{reason.Quote("its far end ended")}}
		}
		return healthy
	}
	if c := w.judged(t)["domain-protected/client/kms01"]; c.Verdict != run.Fail || !leftOut(c, reason.Quote("its far end ended")) {
		t.Errorf("%s: %s", c.Verdict, c.Reasons.Key())
	}
}

// A resolver that lies fails, whatever another one does.
func TestResolverThatLiesBesideAnother(t *testing.T) {
	w := newWorld()
	w.answer = func(n run.Need, healthy run.Observation) run.Observation {
		if n.Probe == run.ProbeSRV && n.Vantage == "client" {
			lies := healthy.SRV[0]
			lies.Records = append([]run.SRVRecord{{Target: "rogue.example.test", Port: 1688}}, lies.Records...)
			healthy.SRV = []run.SRVAnswer{{Resolver: netip.MustParseAddrPort("198.18.11.9:53"), Class: run.NotPermitted, Note: "EPERM"}, lies}
		}
		return healthy
	}
	c := w.judged(t)["dns-srv/client/contoso.test"]
	if c.Verdict != run.Fail || len(c.Reasons) != 2 || !c.Reasons[0].Is(reason.StrangerInDNS) || c.Reasons[1].Word("words") != "EPERM" {
		t.Errorf("%s: %s", c.Verdict, c.Reasons.Key())
	}
}

// A host without an address of the family was not tried: nothing passes.
func TestNothingTriedIsSkip(t *testing.T) {
	w := newWorld()
	w.policy.Hosts[0].Addresses = w.policy.Hosts[0].Addresses[1:]
	cells := w.judged(t)
	for _, id := range []string{"nat-client/branch/kms01", "exempt-kms/kiosk/kms01", "non-domain-kms/guest/kms01", "natt-4500/client/kms01"} {
		if c := cells[id]; c.Verdict != run.Skip {
			t.Errorf("%s is %s: %s", id, c.Verdict, c.Reasons.Key())
		}
	}
}

// The host's own refusal counts where no allowed vantage is answered on that port;
// silence there does not.
func TestRefusalOnAPortThatIsClosedToAll(t *testing.T) {
	for class, want := range map[run.Class]run.Verdict{run.Refused: run.Fail, run.Silent: run.Pass, run.Answered: run.Fail} {
		w := newWorld()
		w.answer = func(n run.Need, healthy run.Observation) run.Observation {
			v, _ := w.policy.Vantage(n.Vantage)
			switch {
			case n.Probe == run.ProbeFlows:
				healthy = run.Observation{ID: healthy.ID, Need: n, Missing: reason.List{reason.Quote("it cannot capture")}}
			case n.Target != "kms01" || n.Port != 5985:
			case v.Role != intent.RoleNonDomain:
				return silent(n)
			default:
				o := tried(n, class, time.Millisecond)
				o.Tries[0].TTL = 63
				return o
			}
			return healthy
		}
		if c := w.judged(t)["non-domain-kms/guest/kms01"]; c.Verdict != want {
			t.Errorf("%s: %s: %s", class, c.Verdict, c.Reasons.Key())
		}
	}
}
