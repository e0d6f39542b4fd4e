package gpo

import (
	"cmp"
	"strings"
	"time"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/configured"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/rsop"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// KerberosReady is the check kerberos-ready: the directory can give out tickets for the host: account, names, encryption types, clock.
var KerberosReady = check.Check{
	ID:         "kerberos-ready",
	Title:      "the directory can give out tickets for the host: account, names, encryption types, clock",
	Section:    "Components",
	Confirmed:  "spec",
	Configured: true,
	Cells:      check.ConfiguredHostCells("kerberos-ready"),
	Trials:     check.ItsTarget,
	Claims: check.Together(kerberosReady, reason.ClaimComplete, reason.ClaimPresent, reason.ClaimAgree,
		reason.ClaimInForce),
}

// Encryption types of [MS-KILE] 2.2.7.
const (
	encDES    = 0x3
	encRC4    = 0x4
	encAES128 = 0x8
	encAES256 = 0x10
	encAES    = encAES128 | encAES256
)

// kerberosReady looks at the account of a host, and at the controller's clock.
func kerberosReady(e *check.Evidence, l *check.Ledger) {
	h := e.TargetHost()
	there, stopped, stop := configured.HostEnd(e.Input, h)
	a, domain := there.Account, there.Domain
	complete, present, agree := l.Of(reason.ClaimComplete), l.Of(reason.ClaimPresent), l.Of(reason.ClaimAgree)
	switch {
	case !stop || a != nil:
	case stopped.Verdict == run.Fail: // all accounts were read
		present.GapAt(h.Name, stopped)
	default:
		complete.GapAt(h.Name, stopped)
	}
	if a == nil && stop {
		a, domain = e.Directories.Account(cmp.Or(h.FQDN, h.Name))
	}
	if a == nil {
		if !stop {
			complete.Void = e.Directories.Lost(domain, run.AspectComputers)
		}
		return
	}
	if !l.Against() {
		l.Shown(e.Forests())
	}
	l.Intended = reason.One(reason.IntendedAccount)
	l.Conduct = reason.One(reason.AccountTypes, "account", a.DN, "types", encText(a.EncTypes))
	account(e.Input, present, h, a, domain)
	if t := a.EncTypes; t != nil && *t != 0 && *t&encAES == 0 {
		agree.Broken = append(agree.Broken, reason.New(reason.NoAES, "host", h.Name, "account", a.Name, "types", encText(t)))
	}
	agree.Broken = append(agree.Broken, trustEncryption(e.Input, a, domain)...)
	clock(e.Input, l, domain)
}

// account enters whether an account is enabled and its names are its own.
func account(in *check.Input, present *check.Entry, h intent.Host, a *run.Account, domain string) {
	if !a.Enabled {
		present.Broken = append(present.Broken, reason.New(reason.AccountDisabled, "host", h.Name, "account", a.DN))
	}
	if len(a.Sharing) > 0 {
		present.Broken = append(present.Broken, reason.New(reason.NamesShared, "host", h.Name, "sharing", a.Sharing))
	}
	for _, p := range in.Directories.Forest(domain).Problems {
		if p.Aspect == run.AspectComputers && strings.EqualFold(p.Where, a.DN) {
			present.Unsure = append(present.Unsure, p.Reason())
		}
	}
}

// clock enters whether the clocks of the domain controller and of kmsiso agree.
func clock(in *check.Input, l *check.Ledger, domain string) {
	inForce := l.Of(reason.ClaimInForce)
	switch skew := in.Directories.Forest(domain).Skew; {
	case skew == nil:
		inForce.By = nil // nobody compared them
	case skew.Abs() > run.KerberosSkew:
		apart := check.Found(reason.ClockSkew, "skew", skew.Abs().Round(time.Second), "allowed", run.KerberosSkew)
		l.Find(apart)
		inForce.Weak = apart.Reason
	}
}

// trustEncryption looks for an encryption type that the host's account and each
// trust to another forest have in common. A trust where none is set has RC4 only
// before the updates of 2022, and AES since: that is not told here.
func trustEncryption(in *check.Input, a *run.Account, domain string) (wrong reason.List) {
	for _, other := range in.Policy.Directories() { // read or not: the trust stands in the host's forest
		t := rsop.TrustTo(in.Directories.Forest(domain), other.Name)
		if t == nil || t.EncTypes == nil || *t.EncTypes == 0 {
			continue
		}
		host := uint32(encAES)
		if a.EncTypes != nil && *a.EncTypes != 0 {
			host = *a.EncTypes
		}
		if host&*t.EncTypes&encAES == 0 {
			wrong = append(wrong, reason.New(reason.TrustWithoutAES, "forest", other.Name, "trust-types", encText(t.EncTypes), "types", encText(a.EncTypes)))
		}
	}
	return wrong
}

func encText(e *uint32) string {
	if e == nil || *e == 0 {
		return "not set"
	}
	var all []string
	for _, x := range []struct {
		bits uint32
		name string
	}{{encDES, "DES"}, {encRC4, "RC4"}, {encAES128, "AES128"}, {encAES256, "AES256"}} {
		if *e&x.bits != 0 {
			all = append(all, x.name)
		}
	}
	return strings.Join(all, "+")
}
