package live

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-ldap/ldap/v3"

	"github.com/kmsiso/kmsiso/scanner/gpo/security"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Bits of userAccountControl ([MS-ADTS] 2.2.16).
const (
	accountDisabled  = 0x2
	serverTrust      = 0x2000    // a writable domain controller
	partialSecrets   = 0x4000000 // a read-only one
	idleAfter        = 90 * 24 * time.Hour
	machineAccount   = "(objectCategory=computer)"
	userAccount      = "userAccountControl"
	dnsHostName      = "dNSHostName"
	accountName      = "sAMAccountName"
	encryptionTypes  = "msDS-SupportedEncryptionTypes"
	servicePrincipal = "servicePrincipalName"
)

// machineAttributes are those that [reading.machine] looks at.
var machineAttributes = []string{
	"objectSid", dnsHostName, accountName, userAccount, "primaryGroupID", "operatingSystem", "operatingSystemVersion", "memberOf",
}

// computers reads all accounts of computers and folds the enabled ones, a page at
// a time: of each only its name is kept.
func (r *reading) computers(ctx context.Context, d *domain) {
	f := fold{r: r, d: d, classes: map[string]int{}}
	q := query{base: d.DN, scope: ldap.ScopeWholeSubtree, filter: machineAccount, attrs: slices.Concat(machineAttributes, []string{"lastLogonTimestamp", "whenCreated"})}
	if err := d.primary().each(ctx, q, f.add); err != nil {
		d.problem(r.forest, run.AspectComputers, d.DN, part(err, reason.ComputersUnread))
	}
	if f.hidden > 0 {
		d.problem(r.forest, run.AspectComputers, d.DN, part(errRefused, reason.ComputersHidden, "count", f.hidden))
	}
	for _, c := range d.Computers {
		slices.Sort(c.Names)
	}
	slices.SortFunc(d.Computers, func(a, b run.Computers) int { return strings.Compare(a.Names[0], b.Names[0]) })
	slices.Sort(d.Controllers)
}

// fold puts the computers of a domain together that Group Policy treats alike.
type fold struct {
	r       *reading
	d       *domain
	classes map[string]int // places in d.Computers
	hidden  int            // accounts of which nothing may be read
}

func (f *fold) add(e entry) {
	flags, known := e.number(userAccount)
	if !known {
		f.hidden++
		return
	}
	if flags&accountDisabled != 0 {
		return
	}
	d := f.d
	m := f.r.machine(d, e, flags)
	name := strings.ToLower(e.text(dnsHostName))
	if name == "" {
		name = strings.TrimSuffix(e.text(accountName), "$")
	}
	if m.Controller || m.ReadOnly {
		d.Controllers = append(d.Controllers, name)
	}
	c := run.Computers{Machine: m, Idle: idle(e, f.r.forest.Read)}
	key := strings.Join([]string{
		m.Container, m.OS, m.OSVersion, strings.Join(m.Groups, " "), fmt.Sprint(m.Controller, m.ReadOnly, m.PrimaryGroup, c.Idle),
	}, "\x00")
	i, there := f.classes[key]
	if !there {
		i = len(d.Computers)
		f.classes[key] = i
		d.Computers = append(d.Computers, c)
	}
	d.Computers[i].Names = append(d.Computers[i].Names, name)
}

// machine is what Group Policy looks at of an account.
func (r *reading) machine(d *domain, e entry, flags uint32) run.Machine {
	m := run.Machine{
		Container: parent(e.DN), Controller: flags&serverTrust != 0, ReadOnly: flags&partialSecrets != 0,
		OS: e.text("operatingSystem"), OSVersion: e.text("operatingSystemVersion"),
	}
	m.PrimaryGroup, _ = e.number("primaryGroupID")
	own, err := e.sid()
	if err != nil {
		d.problem(r.forest, run.AspectComputers, e.DN, err)
	}
	if d.SID != "" {
		m.Groups = r.closure.of(e.DN, own, security.SID(d.SID).Child(m.PrimaryGroup), e.all("memberOf"), m.Controller && !m.ReadOnly)
	}
	return m
}

// idle says that nobody has logged on with the account for 90 days, of which
// lastLogonTimestamp may be 14 late. One that never has is idle when it is older
// than that.
func idle(e entry, now time.Time) bool {
	last, ok := filetime(e.text("lastLogonTimestamp"))
	if !ok {
		last, ok = e.when("whenCreated")
	}
	return ok && now.Sub(last) > idleAfter
}
