package check_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/way"
)

func TestHealthy(t *testing.T) {
	for id, c := range newWorld().judged(t) {
		switch {
		case c.Verdict == run.Pass && !c.Unattributed():
		case c.Verdict == run.Skip && (c.Reasons.Has(reason.ESPBehindNAT, reason.NoControllerClock) || c.Reasons.Equal(reason.One(reason.RegistryNotWindows))):
		default:
			t.Errorf("%s is %s (by %s): %s", id, c.Verdict, c.By, c.Reasons.Key())
		}
	}
}

// want is what a cell must come to.
type want struct {
	verdict run.Verdict
	by      run.Attribution
	code    reason.Code // among its reasons, "" for any
}

func TestVerdicts(t *testing.T) {
	is := func(vantage, target string, probe run.Probe) func(run.Need) bool {
		return func(n run.Need) bool {
			return (vantage == "" || n.Vantage == vantage) && (target == "" || n.Target == target) && n.Probe == probe
		}
	}
	as := func(match func(run.Need) bool, o func(run.Need) run.Observation) func(run.Need, run.Observation) run.Observation {
		return func(n run.Need, healthy run.Observation) run.Observation {
			if match(n) {
				return o(n)
			}
			return healthy
		}
	}
	class := func(c run.Class, note string, ttl int) func(run.Need) run.Observation {
		return func(n run.Need) run.Observation {
			o := tried(n, c, 10*time.Millisecond)
			o.Tries[0].Note, o.Tries[0].TTL, o.Tries[0].From = note, ttl, n.Addr
			return o
		}
	}
	for _, tt := range []struct {
		name   string
		answer func(run.Need, run.Observation) run.Observation
		change func(*intent.Policy)
		want   map[string]want
	}{
		{
			name:   "an outsider is answered",
			answer: as(is("guest", "kms01", run.ProbeRPC), answered),
			want:   map[string]want{"non-domain-kms/guest/kms01": {run.Fail, "", reason.OutsiderAnswered}},
		},
		{
			name: "an outsider is silent and no control was answered",
			answer: as(func(n run.Need) bool {
				return n.Target == "kms01" && n.Port == 1688 && n.When == run.After
			}, silent),
			want: map[string]want{"non-domain-kms/guest/kms01": {run.Inconclusive, "", reason.NoControlAfter}},
		},
		{
			name:   "the outsider's descriptors are used up",
			answer: as(is("guest", "kms01", run.ProbeRPC), class(run.Exhausted, "too many open files", 0)),
			want:   map[string]want{"non-domain-kms/guest/kms01": {run.Error, "", reason.OutsiderNotSent}},
		},
		{
			name:   "the outsider's own system forbids the packet",
			answer: as(is("guest", "kms01", run.ProbeICMP), class(run.NotPermitted, "operation not permitted", 0)),
			want:   map[string]want{"non-domain-ping/guest/kms01": {run.Inconclusive, "", reason.OutsiderOwnFilter}},
		},
		{
			name:   "the outsider has no route",
			answer: as(is("guest", "kms01", run.ProbeRPC), class(run.NoRoute, "network is unreachable", 0)),
			want:   map[string]want{"non-domain-kms/guest/kms01": {run.Inconclusive, "", reason.OutsiderNoRoute}},
		},
		{
			name: "the outsider's own firewall drops 1688",
			answer: func(n run.Need, h run.Observation) run.Observation {
				if n.Vantage == "guest" && n.Port == 1688 {
					return silent(n)
				}
				return membersOnly(h)
			},
			want: map[string]want{"non-domain-kms/guest/kms01": {run.Inconclusive, "", reason.OwnEgressMayBlock}},
		},
		{
			name:   "nothing answers the outsider",
			answer: func(n run.Need, h run.Observation) run.Observation { return onlySilence("guest", n, h) },
			want:   map[string]want{"non-domain-kms/guest/kms01": {run.Inconclusive, "", reason.VantageNotAlive}},
		},
		{
			name: "the host resets the outsider",
			answer: func(n run.Need, h run.Observation) run.Observation {
				if n.Probe == run.ProbeFlows {
					h.Flows = append(slices.Clone(h.Flows), run.Flow{Src: addr("198.18.10.30"), Dst: addr("198.18.30.9"), Kind: run.FlowRefusal, SrcPort: 1688, DstPort: 50000,
						Passage: run.PassedOut, Count: 1, First: 2 * time.Second, Last: 2 * time.Second})
				}
				return as(is("guest", "kms01", run.ProbeRPC), class(run.Refused, "connection refused", 63))(n, h)
			},
			want: map[string]want{"non-domain-kms/guest/kms01": {run.Fail, "", reason.OutsiderRefusedByHost}},
		},
		{
			name:   "a middlebox resets the outsider",
			answer: as(is("guest", "kms01", run.ProbeRPC), class(run.Refused, "connection refused", 64)),
			want:   map[string]want{"non-domain-kms/guest/kms01": {run.Pass, run.ByPath, reason.MiddleboxRefuses}},
		},
		{
			name: "something resets the outsider and nobody knows what",
			answer: func(n run.Need, h run.Observation) run.Observation {
				return as(is("guest", "kms01", run.ProbeRPC), class(run.Refused, "connection refused", 0))(n, membersOnly(h))
			},
			want: map[string]want{"non-domain-kms/guest/kms01": {run.Inconclusive, "", reason.RefuserUnknown}},
		},
		{
			name:   "the packets never arrive on the host's wire",
			answer: func(_ run.Need, h run.Observation) run.Observation { return membersOnly(h) },
			want: map[string]want{
				"non-domain-kms/guest/kms01": {run.Pass, run.ByPath, reason.NeverArrives},
				"non-domain-kms/annex/kms01": {run.Pass, run.ByPath, reason.NeverArrives},
			},
		},
		{
			name: "nobody sees the wire",
			answer: as(is("", "", run.ProbeFlows), func(n run.Need) run.Observation {
				return run.Observation{Need: n, Missing: reason.List{reason.Quote("no watch")}}
			}),
			want: map[string]want{
				"non-domain-kms/guest/kms01":    {run.Pass, run.ByUnknown, reason.DenyUnattributed},
				"non-domain-kms/annex/kms01":    {run.Pass, run.ByPaired, reason.PairedAnswered},
				"domain-protected/client/kms01": {run.Inconclusive, "", reason.WireNotWatched},
			},
		},
		{
			name:   "a port that is closed to everybody says nothing",
			answer: as(func(n run.Need) bool { return n.Port == 5985 && n.Target == "kms01" }, silent),
			want:   map[string]want{"non-domain-kms/guest/kms01": {run.Pass, run.ByArrived, ""}},
		},
		{
			name:   "remote desktop is open to an outsider",
			answer: as(func(n run.Need) bool { return n.Vantage == "guest" && n.Port == 3389 && n.Target == "kms01" }, answered),
			want:   map[string]want{"non-domain-kms/guest/kms01": {run.Fail, "", reason.OutsiderAnswered}},
		},
		{
			name: "the host accepts any RPC interface",
			answer: as(is("client", "kms01", run.ProbeRPC), func(n run.Need) run.Observation {
				o := answered(n)
				o.RPC.Bind = "accepted"
				return o
			}),
			want: map[string]want{"domain-kms/client/kms01": {run.Fail, "", reason.AnyRPCInterface}},
		},
		{
			name: "a ping that only a text tool has told of",
			answer: as(is("client", "", run.ProbeICMP), func(n run.Need) run.Observation {
				o := answered(n)
				o.Weak = "text"
				return o
			}),
			want: map[string]want{"domain-ping/client/kms01": {run.Pass, "", ""}},
		},
		{
			name: "a ping that only a text tool has told of, and the KMS port is silent",
			answer: func(n run.Need, h run.Observation) run.Observation {
				switch {
				case n.Vantage == "client" && n.Probe == run.ProbeICMP:
					h.Weak = "text cannot tell"
				case n.Vantage == "client" && n.Probe == run.ProbeRPC:
					return silent(n)
				}
				return h
			},
			want: map[string]want{"domain-ping/client/kms01": {run.Inconclusive, "", reason.WeakAnswer}},
		},
		{
			name: "a ping that only a text tool has told of, by a way in that makes no connections",
			answer: func(n run.Need, h run.Observation) run.Observation {
				switch {
				case n.Vantage == "client" && n.Probe == run.ProbeICMP:
					h.Weak = "text cannot tell"
				case n.Vantage == "client" && n.Probe == run.ProbeRPC:
					return run.Observation{ID: h.ID, Need: n, Missing: reason.One(reason.CommandTier)}
				}
				return h
			},
			want: map[string]want{"domain-ping/client/kms01": {run.Skip, "", reason.WeakAnswer}},
		},
		{
			name: "a ping of a way in that makes no connections is lost",
			answer: func(n run.Need, h run.Observation) run.Observation {
				switch {
				case n.Vantage == "client" && n.Probe == run.ProbeICMP:
					return silent(n)
				case n.Vantage == "client" && n.Probe == run.ProbeRPC:
					return run.Observation{ID: h.ID, Need: n, Missing: reason.One(reason.CommandTier)}
				}
				return h
			},
			want: map[string]want{"domain-ping/client/kms01": {run.Fail, "", ""}},
		},
		{
			name: "clear segments on the wire",
			answer: func(n run.Need, h run.Observation) run.Observation {
				if n.Probe == run.ProbeFlows {
					h.Flows = append(h.Flows, run.Flow{Src: addr("198.18.20.20"), Dst: addr("198.18.10.30"), Kind: run.FlowTCP, DstPort: 1688, Count: 4})
				}
				return h
			},
			want: map[string]want{"domain-protected/client/kms01": {run.Fail, "", reason.ClearSegments}},
		},
		{
			name:   "UDP 500 is silent to everybody and the KMS port answers",
			answer: as(func(n run.Need) bool { return n.Probe == run.ProbeIKE && n.Port == 500 }, silent),
			want:   map[string]want{"ike-500/client/kms01": {run.Inconclusive, "", reason.IKESilentKMSAnswers}},
		},
		{
			name:   "UDP 500 is silent to one client only",
			answer: as(func(n run.Need) bool { return n.Probe == run.ProbeIKE && n.Vantage == "client" && n.Port == 500 }, silent),
			want:   map[string]want{"ike-500/client/kms01": {run.Fail, "", reason.IKEDoesNotPass}},
		},
		{
			name: "DNS names a stranger",
			answer: as(is("guest", "contoso.test", run.ProbeSRV), func(n run.Need) run.Observation {
				o := answered(n)
				o.SRV = []run.SRVAnswer{{Class: run.Answered, RCode: "success", Records: []run.SRVRecord{{Target: "rogue.contoso.test", Port: 1688}}}}
				return o
			}),
			want: map[string]want{"dns-srv/guest/contoso.test": {run.Fail, "", reason.StrangerInDNS}, "dns-srv/client/contoso.test": {run.Pass, "", ""}},
		},
		{
			name:   "outsiders may still pass at stage request",
			answer: as(is("guest", "kms01", run.ProbeRPC), answered),
			change: func(p *intent.Policy) { p.Isolation.Stage = intent.StageRequest },
			want:   map[string]want{"non-domain-kms/guest/kms01": {run.Skip, "", reason.StageIsRequest}},
		},
		{
			name:   "a fail that somebody answers for",
			answer: as(is("guest", "kms01", run.ProbeRPC), answered),
			change: func(p *intent.Policy) {
				p.Waivers = []intent.Waiver{{Cell: "non-domain-kms/guest/*", Reason: "move", Owner: "ops", Expires: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)}}
			},
			want: map[string]want{"non-domain-kms/guest/kms01": {run.Waived, "", reason.OutsiderAnswered}},
		},
		{
			name:   "a KMS host that the controller cannot enter, being an outsider",
			answer: func(n run.Need, h run.Observation) run.Observation { return unentered("kms01", n, h) },
			change: func(p *intent.Policy) {
				p.Vantages[2].Via = []intent.Via{{Kind: "local", Implies: way.Facts{Here: true, FarEnd: true}}}
			},
			want: map[string]want{"kms-outbound/kms01/files:445": {run.Skip, "", reason.IsolatedFromController}, "esp-50/client/kms01": {run.Skip, "", reason.SecondEndIsolated}},
		},
		{
			name:   "a KMS host that the controller cannot enter, being a member",
			answer: func(n run.Need, h run.Observation) run.Observation { return unentered("kms01", n, h) },
			change: func(p *intent.Policy) {
				p.Vantages[0].Via = []intent.Via{{Kind: "local", Implies: way.Facts{Here: true, FarEnd: true}}}
			},
			want: map[string]want{"kms-outbound/kms01/files:445": {run.Error, "", ""}},
		},
		{
			name:   "a waiver that has run out",
			answer: as(is("guest", "kms01", run.ProbeRPC), answered),
			change: func(p *intent.Policy) {
				p.Waivers = []intent.Waiver{{Cell: "non-domain-kms/guest/*", Expires: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)}}
			},
			want: map[string]want{"non-domain-kms/guest/kms01": {run.Fail, "", reason.OutsiderAnswered}},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld()
			w.answer = tt.answer
			if strings.Contains(tt.name, "cannot enter") {
				shut(w, "kms01")
			}
			if tt.change != nil {
				tt.change(w.policy)
			}
			cells := w.judged(t)
			for id, want := range tt.want {
				c, ok := cells[id]
				if !ok {
					t.Fatalf("no cell %s", id)
				}
				if c.Verdict != want.verdict || want.by != "" && c.By != want.by || want.code != "" && !c.Reasons.Names(want.code) {
					t.Errorf("%s: %s by %q: %s; want %s by %q for %s", id, c.Verdict, c.By, c.Reasons.Key(), want.verdict, want.by, want.code)
				}
			}
		})
	}
}

// shut makes a vantage one into which no way led, since nothing answered.
func shut(w *world, name string) {
	for i := range w.run.Vantages {
		if v := &w.run.Vantages[i]; v.Name == name {
			v.Trouble = reason.One(reason.NothingAnswers, "service", "winrm", "address", "kms01:5985", "limit", "8s")
			v.Ways = []run.Way{{Name: "winrm kms01", Trouble: v.Trouble, Unanswered: true}}
		}
	}
}

// unentered is what comes of the needs at a vantage that nobody entered.
func unentered(vantage string, n run.Need, healthy run.Observation) run.Observation {
	if n.Vantage == vantage || n.Peer == vantage {
		return run.Observation{Need: n, Trouble: reason.List{reason.Quote("winrm kms01: nothing answered")}}
	}
	return healthy
}

// onlySilence is a vantage that hears nobody.
func onlySilence(vantage string, n run.Need, healthy run.Observation) run.Observation {
	if n.Vantage == vantage && n.Probe != run.ProbeSRV && n.Probe != run.ProbeRegistry {
		return silent(n)
	}
	return healthy
}
