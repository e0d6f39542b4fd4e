package check

import (
	"strings"
	"time"

	"github.com/kmsiso/kmsiso/scanner/estate"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

var kerberosReady = Check{
	ID:         "kerberos-ready",
	Title:      "the directory can give out tickets for the host: account, names, encryption types, clock",
	Section:    "Components",
	Confirmed:  "spec",
	Configured: true,
	Cells:      configuredHostCells("kerberos-ready"),
	Needs:      directoryNeeds,
	Judge:      judgeKerberos,
}

// Encryption types of [MS-KILE] 2.2.7.
const (
	encDES    = 0x3
	encRC4    = 0x4
	encAES128 = 0x8
	encAES256 = 0x10
	encAES    = encAES128 | encAES256
)

// maxSkew is how far clocks may be apart for Kerberos (RFC 4120 1.6, and the
// default of Windows).
const maxSkew = 5 * time.Minute

func judgeKerberos(in *Input) run.Cell {
	h := in.host()
	f := fold{intended: reason.One(reason.IntendedAccount)}
	e, stopped, stop := in.hostEnd(h)
	a, domain := e.Account, e.Domain
	if stop && a == nil {
		f.add(part{label: h.Name, verdict: stopped.Verdict, why: stopped.Reasons, unseen: true})
		a, domain = in.directories.Account(orElse(h.FQDN, h.Name))
	}
	if a == nil {
		f.none = in.directories.Lost(domain, run.AspectComputers)
		return f.cell()
	}
	f.conduct = reason.One(reason.AccountTypes, "account", a.DN, "types", encText(a.EncTypes))
	var wrong reason.List
	if !a.Enabled {
		wrong = append(wrong, reason.New(reason.AccountDisabled, "host", h.Name, "account", a.DN))
	}
	if len(a.Sharing) > 0 {
		wrong = append(wrong, reason.New(reason.NamesShared, "host", h.Name, "sharing", a.Sharing))
	}
	if e := a.EncTypes; e != nil && *e != 0 && *e&encAES == 0 {
		wrong = append(wrong, reason.New(reason.NoAES, "host", h.Name, "account", a.Name, "types", encText(e)))
	}
	f.all(run.Fail, append(wrong, in.trustEncryption(a, domain)...))
	forest := in.directories.Forest(domain)
	for _, p := range forest.Problems {
		if p.Aspect == run.AspectComputers && strings.EqualFold(p.Where, a.DN) {
			f.all(run.Inconclusive, reason.List{p.Reason()})
		}
	}
	if forest.Skew != nil && forest.Skew.Abs() > maxSkew {
		f.find(found(reason.ClockSkew, "skew", forest.Skew.Abs().Round(time.Second), "allowed", maxSkew))
	}
	return f.passing()
}

// trustEncryption looks for an encryption type that the host's account and each
// trust to another forest have in common. A trust where none is set has RC4 only
// before the updates of 2022, and AES since: that is not told here.
func (in *Input) trustEncryption(a *run.Account, domain string) (wrong reason.List) {
	for _, other := range in.directories.Forests {
		t := estate.TrustTo(in.directories.Forest(domain), other.Name)
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
