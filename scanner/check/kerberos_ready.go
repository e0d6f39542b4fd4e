package check

import (
	"fmt"
	"strings"
	"time"

	"github.com/kmsiso/kmsiso/scanner/estate"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog"
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
	e, stopped, stop := in.hostEnd(h)
	if stop && e.Account == nil {
		return stopped
	}
	a, domain := e.Account, e.Domain
	if a == nil {
		return skip(catalog.Text(in.directories.Lost(domain, run.AspectComputers)))
	}
	cell := run.Cell{Verdict: run.Pass, Intended: "an enabled account, names of its own, AES", Configured: fmt.Sprintf("%s, encryption types %s", a.DN, encText(a.EncTypes))}
	var wrong []string
	if !a.Enabled {
		wrong = append(wrong, fmt.Sprintf("the account of %s is disabled: it gets no ticket and gives none", h.Name))
		cell.Remedy = "Active Directory Users and Computers: Enable Account; PowerShell: Enable-ADAccount -Identity " + quoted(a.DN)
	}
	if len(a.Sharing) > 0 {
		wrong = append(wrong, fmt.Sprintf("service principal names of %s are also those of %s: the domain controllers give out no ticket for a name that two accounts have", h.Name, list(a.Sharing)))
		cell.Remedy = "setspn -X lists them; setspn -D NAME ACCOUNT takes one away from the other account; PowerShell: Set-ADObject 'OTHERDN' -Remove @{servicePrincipalName = 'NAME'}"
	}
	if e := a.EncTypes; e != nil && *e != 0 && *e&encAES == 0 {
		wrong = append(wrong, fmt.Sprintf("the account of %s has no AES among its encryption types (%s), and RC4 and DES are given out no longer", h.Name, encText(e)))
		cell.Remedy = "PowerShell: Set-ADComputer " + quoted(a.Name) + " -KerberosEncryptionType AES128,AES256; GPMC: Security Options, Network security: Configure encryption types allowed for Kerberos"
	}
	wrong = append(wrong, in.trustEncryption(a, domain, &cell)...)
	var vague []string
	for _, p := range in.directories.Forest(domain).Problems {
		if p.Aspect == run.AspectComputers && strings.EqualFold(p.Where, a.DN) {
			vague = append(vague, p.Where+": "+catalog.Text(p.Why))
		}
	}
	if f := in.directories.Forest(domain); f.Skew != nil && f.Skew.Abs() > maxSkew {
		cell.Findings = append(cell.Findings, run.Finding{ID: "clock-skew", Severity: run.High,
			Text:   fmt.Sprintf("the clock of the domain controller is %s from that of this machine: Kerberos allows %s", f.Skew.Abs().Round(time.Second), maxSkew),
			Remedy: "w32tm /resync on both"})
	}
	switch {
	case len(wrong) > 0:
		cell.Verdict, cell.Reason = run.Fail, clauses(wrong)
	case len(vague) > 0:
		cell.Verdict, cell.Reason = run.Inconclusive, clauses(vague)
	}
	return cell
}

// trustEncryption looks for an encryption type that the host's account and each
// trust to another forest have in common. A trust where none is set has RC4 only
// before the updates of 2022, and AES since: that is not told here.
func (in *Input) trustEncryption(a *run.Account, domain string, cell *run.Cell) []string {
	var wrong []string
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
			wrong = append(wrong, fmt.Sprintf("the trust with %s (%s) and the account of the host (%s) have no AES type in common: clients of %s get no ticket",
				other.Name, encText(t.EncTypes), encText(a.EncTypes), other.Name))
			cell.Remedy = "Active Directory Domains and Trusts: the trust's Properties, The other domain supports Kerberos AES Encryption; ksetup /setenctypeattr " + other.Name + " AES256-CTS-HMAC-SHA1-96"
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
