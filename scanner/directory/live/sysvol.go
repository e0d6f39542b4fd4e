package live

import (
	"context"
	"sync/atomic"

	"github.com/kmsiso/kmsiso/scanner/belt"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// What is kept of a Registry.pol, and the most that is read of a file.
const (
	firewallKey = `SOFTWARE\Policies\Microsoft\WindowsFirewall`
	largestINI  = 1 << 20
	largestPol  = 128 << 20 // 100,000 rules have 60 MB
	// commonPol is read side by side with others; of larger ones there is one in
	// memory at a time.
	commonPol = 4 << 20
	// sideBySide is how many files of one server are read at a time.
	sideBySide = 8
)

// open makes the files of a member available, once.
func (r *reading) open(ctx context.Context, m *member) (files, error) {
	if m.files == nil && m.filesErr == nil {
		if r.source.o.SYSVOL != "" {
			m.files, m.filesErr = openFolder(r.source.o.SYSVOL)
		} else {
			m.files, m.filesErr = r.openSMB(ctx, m)
		}
	}
	return m.files, m.filesErr
}

// sysvol reads the files of a domain's GPOs from the server that the domain is
// read from.
func (r *reading) sysvol(ctx context.Context, d *domain) {
	m := d.primary()
	files, err := r.open(ctx, m)
	if err != nil {
		d.problem(r.forest, run.AspectSettings, m.url, lost{err})
		return
	}
	if r.source.o.SYSVOL != "" {
		// In a wrong folder no GPO has files: that is one problem, and not theirs.
		if err := files.exists(ctx, []string{d.Name, "Policies"}); err != nil {
			d.problem(r.forest, run.AspectSettings, r.source.o.SYSVOL, lost{reason.Wrap(err, reason.SYSVOLFolderWrong, "domain", d.Name, "why", reason.Of(err))})
			return
		}
	}
	d.first = make([]run.CopiedGPO, len(d.GPOs))
	together(len(d.GPOs), func(i int) {
		g := &d.GPOs[i]
		d.first[i] = run.CopiedGPO{ID: g.ID, Version: g.Version}
		if g.Path == "" && len(g.Problems) > 0 {
			return // its container could not be read, which has been told
		}
		c, err := d.contents(ctx, files, g)
		if err != nil {
			g.Problems = append(g.Problems, problem(run.AspectSettings, g.DN, err))
			d.first[i].Error = reason.Of(err)
			return
		}
		defer c.release()
		c.into(g)
		c.copied(&d.first[i])
	})
}

// together calls f for 0 to n-1, some of them side by side.
func together(n int, f func(int)) {
	var next atomic.Int64
	belt.All(min(sideBySide, n), func(int) {
		for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
			f(i)
		}
	})
}
