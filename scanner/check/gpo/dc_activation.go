package gpo

import (
	"strings"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// DCActivation is the check dc-activation: domain controllers, which cannot reach isolated hosts, are activated otherwise.
var DCActivation = check.Check{
	ID:         "dc-activation",
	Title:      "domain controllers, which cannot reach isolated hosts, are activated otherwise",
	Section:    "+",
	Confirmed:  "spec",
	Configured: true,
	Cells:      check.DomainCells("dc-activation"),
	Trials:     check.ItsTarget,
	Claims:     check.Together(dcActivation, reason.ClaimComplete, reason.ClaimNoneLeft),
}

// dcActivation looks for a way to activate the domain controllers.
func dcActivation(e *check.Evidence, l *check.Ledger) {
	domain := e.DomainOf()
	if !e.Complete(l, domain, run.AspectComputers) {
		return
	}
	l.Intended = reason.One(reason.IntendedActivation)
	var objects []string
	for _, a := range e.Directories.Forest(domain).Activation {
		objects = append(objects, a.Name)
	}
	if len(objects) > 0 {
		l.Find(check.Found(reason.ADBA, "objects", objects))
	}
	adba, lost, left := e.Policy.Isolation.ADBA, activationLost(e.Input, domain), l.Of(reason.ClaimNoneLeft)
	wanted := adba != nil && *adba
	switch {
	case e.Policy.Isolation.DCActivation != "":
		l.Conduct = reason.One(reason.ActivationDeclared, "words", e.Policy.Isolation.DCActivation)
	case exemptDCs(e.Input, domain):
		l.Conduct = reason.One(reason.ControllersExempt)
	case len(objects) > 0 && (adba == nil || wanted):
		l.Conduct = reason.One(reason.ActivationByDirectory, "objects", objects)
	case wanted && len(lost) > 0:
		left.Unsure = reason.One(reason.ADBAUnknown, "why", lost)
	case wanted:
		left.Broken = reason.One(reason.ADBAMissing)
	default:
		left.Broken = reason.One(reason.ControllersNotActivated, "domain", domain, "hosts", e.Directories.HostAddresses())
	}
	left.Shown(e.Forests())
}

// activationLost says why the activation objects of a domain's forest are not known;
// nil where they are.
func activationLost(in *check.Input, domain string) reason.List {
	if lost := in.Directories.Lost(domain, run.AspectActivation); len(lost) > 0 {
		return lost
	}
	return in.Directories.Forest(domain).Lost[run.AspectActivation]
}

// exemptDCs reports whether the addresses of the domain's declared controllers
// are all in an exemption that is for every host.
func exemptDCs(in *check.Input, domain string) bool {
	any := false
	for _, e := range in.Policy.Endpoints(intent.NameDC, nil) {
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
