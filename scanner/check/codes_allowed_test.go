package check_test

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/checks"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Each claim of a flow that must pass, where it is weak, not shown, and contradicted.
func TestAllowedClaims(t *testing.T) {
	const (
		client, ping = "domain-kms/client/kms01", "domain-ping/client/kms01"
		branch       = "nat-client/branch/kms01"
		kiosk, rdp   = "exempt-kms/kiosk/kms01", "kms-inbound/client/kms01"
	)
	watch := asked{probe: run.ProbeFlows}
	of := func(vantage string, six bool) func(run.Need) bool {
		return func(n run.Need) bool {
			return n.Vantage == vantage && n.Target == "kms01" && n.Probe == run.ProbeRPC && n.When == run.Before && n.Addr.Is6() == six
		}
	}
	when := func(which func(run.Need) bool, become func(*run.Observation)) func(*world) {
		return on(asked{}, func(o *run.Observation) {
			if which(o.Need) {
				become(o)
			}
		})
	}
	without := func(src ...string) func(*world) {
		return on(watch, func(o *run.Observation) {
			o.Flows = slices.DeleteFunc(slices.Clone(o.Flows), func(f run.Flow) bool {
				return slices.Contains(src, f.Src.String()) || slices.Contains(src, f.Dst.String())
			})
		})
	}
	exempt := func(nets ...string) func(*world) {
		return declared(func(p *intent.Policy) {
			for _, n := range nets {
				p.Exemptions = append(p.Exemptions, intent.Exemption{Name: "more", Addresses: []netip.Prefix{netip.MustParsePrefix(n)}})
			}
		})
	}
	at := func(vantage string, addrs ...string) func(*world) {
		return func(w *world) {
			for i := range w.run.Vantages {
				if v := &w.run.Vantages[i]; v.Name == vantage {
					v.Addresses = nil
					for _, a := range addrs {
						v.Addresses = append(v.Addresses, addr(a))
					}
				}
			}
		}
	}
	unshown := &run.Watch{Why: reason.One(reason.SendingUnseen, "host", "kms01", "interface", "eth0")}
	blind := on(watch, func(o *run.Observation) {
		o.Flows, o.Watch = nil, unshown
	})
	inESP := func(kind run.FlowKind, src string) func(*world) {
		return on(watch, func(o *run.Observation) {
			there := run.Flow{Src: addr(src), Dst: addr("198.18.10.30"), Kind: kind, SPI: 9, Count: 1, First: time.Second, Last: time.Second,
				Packets: []run.WirePacket{{At: time.Second, Size: 120}}}
			back := there
			back.Src, back.Dst = there.Dst, there.Src
			o.Flows = append(o.Flows, there, back)
		})
	}
	seenAsNobody := vantaged("branch", func(v *intent.Vantage) { v.SeenAs = nil })
	testClaims(t, []claimRow{
		{reason.ClaimSent, run.ToolFailed, reason.New(reason.NotSent, "vantage", "client"), run.Error, changed(when(of("client", false), outcome(run.Exhausted, "EMFILE"))), client},
		{reason.ClaimSent, run.Setup, reason.New(reason.OwnFilter, "vantage", "client", "words", "EPERM"), run.Inconclusive, changed(when(of("client", false), outcome(run.NotPermitted, "EPERM"))), client},
		{reason.ClaimSent, run.Setup, reason.New(reason.OwnFilter, "vantage", "client"), run.Inconclusive,
			changed(when(of("client", false), func(o *run.Observation) { refusal(64)(o); o.Tries[0].Loopback = true })), client},
		{reason.ClaimSent, run.NotShown, reason.New(reason.OutcomeUnknown), run.Inconclusive, changed(when(of("client", false), outcome(run.Unknown, "timed out"))), client},
		{reason.ClaimSent, run.Broken, reason.New(reason.NoRoute, "vantage", "client"), run.Fail, changed(when(of("client", false), outcome(run.NoRoute, "no route"))), client},
		{reason.ClaimSent, run.Void, reason.New(reason.NoRoute, "vantage", "client"), run.Pass, changed(when(of("client", true), outcome(run.NoRoute, "no route"))), client},
		{reason.ClaimSent, run.Void, reason.New(reason.NoIPv6AtVantage, "vantage", "client"), run.Pass, changed(at("client", "198.18.20.20")), client},
		{reason.ClaimSent, run.Void, reason.New(reason.NoIPv4AtVantage, "vantage", "client"), run.Pass, changed(at("client", "2001:db8:20::20")), client},

		{reason.ClaimAnswered, run.Broken, reason.New(reason.SilentButIKE), run.Fail, changed(when(of("client", false), mute)), client},
		{reason.ClaimAnswered, run.Void, reason.New(reason.NobodyAnsweredThere, "vantage", "client"), run.Pass, changed(when(of("client", true), mute)), client},
		{reason.ClaimAnswered, run.Void, reason.New(reason.NobodyAnsweredThere, "vantage", "client"), run.Pass, changed(when(of("client", true), refusal(63))), client},
		{reason.ClaimAnswered, run.Broken, reason.New(reason.SilentButIKE), run.Fail,
			changed(at("branch", "198.18.21.20", "2001:db8:21::20"), when(of("client", true), mute)), client},
		{reason.ClaimAnswered, run.Broken, reason.New(reason.SilentButIKE), run.Fail, changed(when(of("client", true), mute), vantaged("client", func(v *intent.Vantage) {
			v.Addresses = []netip.Addr{addr("2001:db8:20::20")}
		})), client},
		{reason.ClaimAnswered, run.NotShown, reason.New(reason.ControlLost, "vantage", "branch"), run.Inconclusive,
			changed(when(of("client", true), mute), when(of("branch", true), failed("it broke"))), client},

		{reason.ClaimSameHost, run.Setup, reason.New(reason.ControlUnseen, "watch", "kms01", "host", "kms01", "vantage", "client"), run.Inconclusive,
			changed(without("198.18.20.20")), client},
		{reason.ClaimSameHost, run.Setup, reason.New(reason.ControlUnseen, "watch", "kms01", "vantage", "client"), run.Inconclusive, changed(without("198.18.20.20")), ping},
		{reason.ClaimSameHost, run.NotShown, reason.New(reason.WatchLost, "watch", "kms01"), run.Inconclusive, changed(on(watch, failed("it broke"))), client},
		{reason.ClaimSameHost, run.NotShown, reason.New(reason.WatchBlind, "watch", "kms01"), run.Inconclusive, changed(blind), client},
		{reason.ClaimSameHost, run.Shown, reason.Reason{}, run.Pass, changed(on(watch, func(o *run.Observation) { o.Watch = unshown })), client},
		{reason.ClaimSameHost, run.Shown, reason.Reason{}, run.Pass, changed(unwatched, at("branch", "198.18.21.20", "2001:db8:21::20")), client},
		{reason.ClaimSameHost, run.Shown, reason.Reason{}, run.Pass, changed(mirrored), client},
		{reason.ClaimSameHost, run.Weak, reason.New(reason.HostUntold, "vantage", "client"), run.Pass, changed(unwatched, on(asked{probe: run.ProbeIKE}, vendor())), client},
		{reason.ClaimSameHost, run.NotShown, reason.New(reason.OtherMachine, "vantage", "client", "other", "branch"), run.Inconclusive,
			changed(unwatched, on(asked{vantage: "client", probe: run.ProbeIKE}, vendor("another"))), client},
		{reason.ClaimSameHost, run.Weak, reason.New(reason.ControlLost, "vantage", "branch"), run.Pass,
			changed(unwatched, on(asked{vantage: "branch", probe: run.ProbeIKE}, failed("it broke"))), client},

		{reason.ClaimUsed, run.Exposure, reason.New(reason.UsedExempt, "vantage", "client", "address", "198.18.20.20",
			"by", reason.New(reason.ExemptByDeclaration, "exemption", "more")), run.Fail, changed(exempt("198.18.20.0/24")), client},
		{reason.ClaimUsed, run.Exposure, reason.New(reason.UsedExempt, "vantage", "branch", "address", "198.18.20.200"), run.Fail, changed(exempt("198.18.20.200/32")), branch},
		{reason.ClaimUsed, run.Exposure, reason.New(reason.ExemptByRule, "end", "kms01"), run.Fail, directories(nil, appliedTold(exemptingClients)), client},
		{reason.ClaimUsed, run.Exposure, reason.New(reason.ExemptByRule, "end", "kms01"), run.Fail, directories(retell(exemptingClients), nil), rdp},
		{reason.ClaimUsed, run.NotShown, reason.New(reason.UsedUnknown, "vantage", "client"), run.Inconclusive,
			changed(unplaced("client"), at("client", "198.18.20.20", "198.18.22.1", "2001:db8:20::20"), exempt("198.18.22.0/24")), client},
		{reason.ClaimUsed, run.Weak, reason.New(reason.ExemptionsUnread, "host", "kms01", "vantage", "client"), run.Pass,
			changed(on(asked{vantage: "kms01", probe: run.ProbeRegistry, param: check.KeyFirewall}, failed("it broke"))), client},
		{reason.ClaimUsed, run.Weak, reason.New(reason.SeenAsUndeclared, "vantage", "branch"), run.Pass, changed(seenAsNobody), "domain-kms/branch/kms01"},

		{reason.ClaimWindowsRPC, run.NotShown, reason.New(reason.RandomBindUnanswered), run.Inconclusive,
			changed(on(asked{vantage: "client", target: "kms01", param: run.RandomInterface}, mute)), client},
		{reason.ClaimWindowsRPC, run.Broken, reason.New(reason.AnyRPCInterface), run.Fail, changed(on(asked{vantage: "client", param: run.RandomInterface}, accepted)), client},

		{reason.ClaimIn4500, run.Setup, reason.New(reason.NotBehindNAT, "watch", "kms01", "vantage", "branch"), run.Inconclusive,
			changed(without("198.18.20.200"), inESP(run.FlowESP, "198.18.20.200")), branch},
		{reason.ClaimIn4500, run.NotShown, reason.New(reason.NothingIn4500, "watch", "kms01", "vantage", "branch"), run.Inconclusive,
			changed(without("198.18.20.200"), inESP(run.FlowUDPESP, "198.18.20.201")), branch},
		{reason.ClaimIn4500, run.NotShown, reason.New(reason.WatchLost, "watch", "kms01"), run.Inconclusive, changed(on(watch, failed("it broke"))), branch},
		{reason.ClaimIn4500, run.NotShown, reason.New(reason.SeenAsUndeclared, "vantage", "branch"), run.Inconclusive, changed(seenAsNobody), branch},
		{reason.ClaimIn4500, run.Weak, reason.New(reason.WireNotWatched, "host", "kms01"), run.Pass, changed(unwatched), branch},

		{reason.ClaimExemptAddress, run.Setup, reason.New(reason.AddressNotExempt, "vantage", "kiosk", "address", "198.18.40.200"), run.Inconclusive,
			changed(at("kiosk", "198.18.40.200"), unwatched), kiosk},
		{reason.ClaimExemptAddress, run.Setup, reason.New(reason.AddressNotExempt, "vantage", "kiosk"), run.Inconclusive,
			changed(at("kiosk", "198.18.40.200"), unwatched, on(asked{vantage: "kiosk", target: "kms01", probe: run.ProbeRPC}, mute)), kiosk},
		{reason.ClaimExemptAddress, run.NotShown, reason.New(reason.UsedUnknown, "vantage", "kiosk"), run.Inconclusive,
			changed(at("kiosk", "198.18.40.10", "198.18.40.200"), unplaced("kiosk"), unwatched), kiosk},
		{reason.ClaimExemptAddress, run.Void, reason.New(reason.AddressNotExempt, "vantage", "kiosk", "address", "2001:db8:40::10"), run.Pass,
			changed(exempt("2001:db8:41::/64"), vantaged("kiosk", func(v *intent.Vantage) { v.Addresses = nil })), kiosk},

		{reason.ClaimWithoutIPsec, run.Setup, reason.New(reason.ExemptInsideIPsec, "watch", "kms01", "vantage", "kiosk", "host", "kms01"), run.Inconclusive,
			changed(without("198.18.40.10"), inESP(run.FlowESP, "198.18.40.10")), kiosk},
		{reason.ClaimWithoutIPsec, run.Setup, reason.New(reason.ControlUnseen, "watch", "kms01", "vantage", "kiosk"), run.Inconclusive, changed(without("198.18.40.10")), kiosk},
		{reason.ClaimWithoutIPsec, run.NotShown, reason.New(reason.WatchBlind, "watch", "kms01"), run.Inconclusive, changed(blind), kiosk},
		{reason.ClaimWithoutIPsec, run.Weak, reason.New(reason.WireNotWatched, "host", "kms01"), run.Pass, changed(unwatched), kiosk},
	})
}

// exemptingClients is an isolation that exempts the network of the members.
func exemptingClients(o *told) {
	o.exemption = replaced(o.exemption, "198.18.40.0/25", "198.18.20.0/24")
}

// mirrored is a world where nobody but a neighbour watches the wire at the host: it
// sees IKE answers come from one link address.
func mirrored(w *world) {
	for i := range w.policy.Vantages {
		switch v := &w.policy.Vantages[i]; v.Name {
		case "kiosk":
			v.Sees = []string{"kms01"}
		}
	}
	on(asked{probe: run.ProbeIKE}, vendor())(w)
	on(asked{probe: run.ProbeFlows}, func(o *run.Observation) {
		if o.Need.Vantage != "kiosk" {
			*o = run.Observation{Need: o.Need, Missing: reason.List{reason.Quote("it cannot capture")}}
			return
		}
		needs := checks.NewPlan(w.declared(), false).Needs()
		for _, vantage := range []string{"client", "branch"} {
			for _, a := range w.policy.Hosts[0].Addresses {
				n := check.IKENeed(vantage, w.policy.Hosts[0], a, check.PortIKE)
				o.Flows = append(o.Flows, run.Flow{Src: a, Dst: addr("198.18.20.20"), Kind: run.FlowIKE, SrcPort: 500, From: "02:00:00:00:01:00",
					Own: idOf(slices.Index(needs, n)), Passage: run.PassedForwarded, Count: 1, First: time.Second, Last: time.Second})
			}
		}
	})(w)
}
