package check

import (
	"strings"

	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

var dcActivation = Check{
	ID:         "dc-activation",
	Title:      "domain controllers, which cannot reach isolated hosts, are activated otherwise",
	Section:    "+",
	Confirmed:  "spec",
	Configured: true,
	Cells:      domainCells("dc-activation"),
	Trials:     itsTarget,
	Claims:     together((*Evidence).dcActivation, reason.ClaimComplete, reason.ClaimNoneLeft),
}

// dcActivation looks for a way to activate the domain controllers.
func (e *Evidence) dcActivation(l *ledger) {
	domain := e.domain()
	if !e.complete(l, domain, run.AspectComputers) {
		return
	}
	l.intended = reason.One(reason.IntendedActivation)
	var objects []string
	for _, a := range e.directories.Forest(domain).Activation {
		objects = append(objects, a.Name)
	}
	if len(objects) > 0 {
		l.find(found(reason.ADBA, "objects", objects))
	}
	adba, lost, left := e.Policy.Isolation.ADBA, e.activationLost(domain), l.of(reason.ClaimNoneLeft)
	wanted := adba != nil && *adba
	switch {
	case e.Policy.Isolation.DCActivation != "":
		l.conduct = reason.One(reason.ActivationDeclared, "words", e.Policy.Isolation.DCActivation)
	case e.exemptDCs(domain):
		l.conduct = reason.One(reason.ControllersExempt)
	case len(objects) > 0 && (adba == nil || wanted):
		l.conduct = reason.One(reason.ActivationByDirectory, "objects", objects)
	case wanted && len(lost) > 0:
		left.unsure = reason.One(reason.ADBAUnknown, "why", lost)
	case wanted:
		left.broken = reason.One(reason.ADBAMissing)
	default:
		left.broken = reason.One(reason.ControllersNotActivated, "domain", domain, "hosts", e.directories.HostAddresses())
	}
	left.shown(e.forests())
}

// activationLost says why the activation objects of a domain's forest are not known;
// nil where they are.
func (in *Input) activationLost(domain string) reason.List {
	if lost := in.directories.Lost(domain, run.AspectActivation); len(lost) > 0 {
		return lost
	}
	return in.directories.Forest(domain).Lost[run.AspectActivation]
}

// exemptDCs reports whether the addresses of the domain's declared controllers
// are all in an exemption that is for every host.
func (in *Input) exemptDCs(domain string) bool {
	any := false
	for _, e := range in.Policy.Endpoints(policy.NameDC, nil) {
		if !strings.HasSuffix(strings.ToLower(e.Name), "."+strings.ToLower(domain)) {
			continue
		}
		for _, a := range e.Addrs {
			any = true
			for _, h := range in.Policy.Hosts {
				if _, ok := in.Policy.Exempt(a, h.Name); !ok {
					return false
				}
			}
		}
	}
	return any
}
