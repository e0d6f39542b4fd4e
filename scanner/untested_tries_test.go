package scanner

import (
	"testing"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// What outsiders left out of the hosts is said, and counted, by what they sent.
func TestWhatOutsidersLeftOut(t *testing.T) {
	p, r := spoken()
	p.Isolation.Scope = intent.ScopeHost
	p.Hosts = append(p.Hosts, p.Hosts[0], p.Hosts[0])
	p.Hosts[1].Name, p.Hosts[2].Name = "kms02", "kms03"
	add := func(vantage, host string, probe run.Probe, port uint16, param string, class run.Class) {
		r.Observations = append(r.Observations, run.Observation{Class: class,
			Need: run.Need{Vantage: vantage, Spec: run.Spec{Probe: probe, Target: host, Port: port, Param: param}}})
	}
	for _, host := range []string{"kms01", "kms02", "kms03"} {
		add("guest", host, run.ProbeTCP, 1688, "", run.Silent)
		add("guest", host, run.ProbeTCP, 445, "", run.Refused)
		add("guest", host, run.ProbeTCP, 445, "", run.Silent)
		add("guest", host, run.ProbeTCPFrom, 1688, "88", run.Silent)
		add("client", host, run.ProbeTCP, 3389, "", run.Answered)
	}
	add("guest", "kms03", run.ProbeUDP, 161, "", run.Silent)
	add("guest", "kms01", run.ProbeICMP, 0, "", run.Silent)
	add("guest", "kms01", run.ProbeTCP, 135, "", run.NoRoute)
	add("guest", "dc01", run.ProbeTCP, 135, "", run.Answered)
	r.Observations = append(r.Observations, run.Observation{Need: run.Need{Vantage: "guest", Spec: run.Spec{Probe: run.ProbeTCP, Target: "kms01", Port: 139}}, Trouble: reason.List{reason.Quote("lost")}})

	all := []string{"kms01", "kms02", "kms03"}
	from := reason.New(reason.SourcePortsNotProbed, "hosts", all, "probed", []string{"88"})
	rest := reason.List{from, reason.New(reason.SizesNotProbed), reason.New(reason.OtherOutsiders, "vantages", []string{"guest"})}
	want := append(reason.List{
		reason.New(reason.PortsNotProbed, "hosts", all, "probed", []string{"445", "1688"}),
		reason.New(reason.UDPNotProbed, "hosts", all[:2], "probed", []string{}),
		reason.New(reason.UDPNotProbed, "hosts", all[2:], "probed", []string{"161"}),
		reason.New(reason.ProtocolsNotProbed, "hosts", all[:1], "probed", []string{"1", "6"}),
		reason.New(reason.ProtocolsNotProbed, "hosts", all[1:2], "probed", []string{"6"}),
		reason.New(reason.ProtocolsNotProbed, "hosts", all[2:], "probed", []string{"6", "17"}),
	}, rest...)
	if got := untried(p, r); !got.Equal(want) {
		t.Errorf("got %s, want %s", got.Key(), want.Key())
	}
	if got := check.Least(check.TriedByOutsiders(p, r)); got != (run.Sample{TCP: 2, From: 1}) {
		t.Errorf("counted %+v", got)
	}

	p.Isolation.Scope = intent.ScopeKMSPort
	if got := untried(p, r); !got.Equal(rest) {
		t.Errorf("of the KMS port alone: got %s, want %s", got.Key(), rest.Key())
	}
	p.Isolation.Stage = intent.StageRequest
	if got := untried(p, r); len(got) > 0 {
		t.Errorf("where outsiders are let in: %s", got.Key())
	}
}
