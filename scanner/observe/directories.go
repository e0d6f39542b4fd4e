package observe

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/kmsiso/kmsiso/scanner/belt"
	"github.com/kmsiso/kmsiso/scanner/directory"
	"github.com/kmsiso/kmsiso/scanner/directory/live"
	filesources "github.com/kmsiso/kmsiso/scanner/directory/sources"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// sources gives where a forest is read.
type sources func(intent.Forest) (directory.Source, error)

// sources are those that the policy declares, unless the options have another.
func (o Options) sources(p *intent.Policy, l *logins) sources {
	return func(f intent.Forest) (directory.Source, error) {
		if o.Directory != nil {
			return o.Directory(f), nil
		}
		return sourceOf(p, l, f)
	}
}

// readForest reads what a forest says of Group Policy.
func readForest(ctx context.Context, p *intent.Policy, of sources, n *run.Need, clock func() time.Duration) *run.Observation {
	if n.Probe == run.ProbeUnlisted {
		return unlisted(n, clock())
	}
	out := &run.Observation{Need: *n, Start: clock()}
	for _, f := range p.Directories() {
		if f.Name != n.Param {
			continue
		}
		source, err := of(f)
		if err == nil {
			out.Via = source.String()
			out.Forest, err = source.Read(ctx, askOf(p, f))
		}
		if err != nil {
			out.Trouble = reason.One(reason.ForestUnread, "forest", f.Name, "why", reason.Of(err))
		} else {
			out.Class = run.Answered
		}
	}
	out.End = clock()
	return out
}

// readingLongest is how long the reading of one directory may take: 100,000
// computers over a line of 2 Mbit/s take 10 minutes. Each of its calls has a
// bound of its own in the source.
const readingLongest = 30 * time.Minute

func readingCall(n *run.Need) belt.Call {
	return belt.Call{Name: "forest " + n.Param, Bound: readingLongest}
}

// Forests reads what needs ask of directories, all at once, and returns an observation
// for each, in their order, and which credentials were held back. What cannot be read is
// an observation in error. Needs of anything else are none of its business.
func Forests(ctx context.Context, p *intent.Policy, needs []run.Need, o Options) ([]run.Observation, []run.Credential) {
	l := newLogins(p, o.Memory)
	return readForests(ctx, p, needs, o.sources(p, l)), l.credentials()
}

func readForests(ctx context.Context, p *intent.Policy, needs []run.Need, of sources) []run.Observation {
	began := time.Now()
	all := make([]run.Observation, len(needs))
	var wg sync.WaitGroup
	for i := range needs {
		wg.Go(func() {
			n, clock := &needs[i], func() time.Duration { return time.Since(began) }
			got, err := belt.Do(ctx, readingCall(n), func(ctx context.Context) *run.Observation { return readForest(ctx, p, of, n, clock) }, nil)
			if err != nil {
				got = &run.Observation{Need: *n, End: clock(), Trouble: reason.Of(err), Broke: errors.As(err, new(*belt.Panic))}
			}
			stopped(ctx, got)
			all[i] = *got
		})
	}
	wg.Wait()
	name(all)
	return all
}

// sourceOf is where the configuration of a forest is declared to be.
func sourceOf(p *intent.Policy, l *logins, f intent.Forest) (directory.Source, error) {
	d := f.Directory
	if d.FileSource.Kind != "" {
		k, ok := filesources.Named(d.FileSource.Kind)
		if !ok {
			return nil, fmt.Errorf("there is no source %s", d.FileSource.Kind) // of no policy that was loaded
		}
		return k.Open(d.FileSource.Path), nil
	}
	cred, _ := p.Credential(d.Credential)
	return live.New(live.Options{URLs: d.URLs, CA: d.CA, SYSVOL: d.SYSVOL, ForbidNTLM: p.ForbidNTLM, AllControllers: d.AllControllers, Credential: credentialOf(cred), Login: l.forest[f.Name], Distrusted: l.distrusted})
}

// askOf names what the policy declares, so that a source reads those parts in
// full.
func askOf(p *intent.Policy, f intent.Forest) directory.Ask {
	ask := directory.Ask{Forest: f.Name}
	add := func(name string) {
		if name != "" && net.ParseIP(name) == nil {
			ask.Machines = append(ask.Machines, name)
		}
	}
	for _, h := range p.Hosts {
		add(h.FQDN)
	}
	for _, v := range p.Vantages {
		for _, name := range p.MachineNames(v) {
			add(name)
		}
	}
	for _, g := range p.Isolation.Policies {
		if g.ID != "" {
			ask.GPOs = append(ask.GPOs, g.ID)
		} else {
			ask.GPOs = append(ask.GPOs, g.Name)
		}
	}
	return ask
}

// DirectoryVantage is how the directories stand among the vantages of a run, by what was
// observed; nil without any.
func DirectoryVantage(p *intent.Policy, observed []run.Observation) []run.Vantage {
	if len(p.Directories()) == 0 {
		return nil
	}
	v := run.Vantage{Name: run.DirectoryVantage, Role: run.DirectoryVantage}
	for _, o := range observed {
		if o.Need.Probe == run.ProbeDirectory {
			v.Ways = append(v.Ways, run.Way{Name: o.Via, Trouble: o.Trouble})
		}
	}
	return []run.Vantage{v}
}

// Reading says in one line what of a forest is read, where, and as whom.
func Reading(f intent.Forest) string {
	d := f.Directory
	if k, ok := filesources.Named(d.FileSource.Kind); ok {
		return "reads the " + k.Title + " " + d.FileSource.Path
	}
	var servers []string
	for _, u := range d.URLs {
		if parsed, err := url.Parse(u); err == nil {
			servers = append(servers, parsed.Hostname())
		}
	}
	files := "by SMB the files of the GPOs in SYSVOL"
	if d.SYSVOL != "" {
		files = "in " + d.SYSVOL + " the files of the GPOs"
	}
	all := ""
	if d.AllControllers {
		all = "; asks every other domain controller of their domains that the directory names for its copies of the GPOs, by LDAP (389) and SMB with Kerberos alone"
	}
	return fmt.Sprintf("reads %s as %s: by LDAP the GPOs, their links and WMI filters, the accounts and groups of computers, trusts, sites and activation objects; %s; logs on with Kerberos where it can%s",
		strings.Join(servers, ", "), d.Credential, files, all)
}
