package scanner

import (
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// mostUnread is how many things that could not be read are told one by one.
const mostUnread = 10

// unread says what the directories do not tell: what no such source can, and
// what could not be read of them, unless a cell says so.
func unread(r *run.Run) reason.List {
	var out reason.List
	var told map[string]bool
	for i := range r.Observations {
		f := r.Observations[i].Forest
		if f == nil {
			continue
		}
		switch {
		case len(f.Machines) > 0:
			out = append(out, reason.New(reason.ExportReachUnknown, "forest", f.Name, "source", f.Source))
		case f.IsCopy():
			out = append(out, reason.New(reason.BackupReachUnknown, "source", f.Source))
		}
		for _, d := range f.Domains {
			if others := d.Unasked(); len(d.Copies) > 0 && len(others) > 0 {
				asked := len(d.Copies)
				out = append(out, reason.New(reason.ControllersNotAsked, "domain", d.Name, "asked", asked, "total", asked+len(others), "servers", others))
			}
		}
		if told == nil {
			told = problemsTold(r.Cells)
		}
		named, more := 0, 0
		for _, p := range problems(f) {
			switch {
			case told[p.Because("problem")[0].Key()]:
			case named == mostUnread:
				more++
			default:
				named++
				out = append(out, p)
			}
		}
		if more > 0 {
			out = append(out, reason.New(reason.MoreUnread, "count", more, "forest", f.Name))
		}
	}
	return out
}

// problems are those of a forest, of its GPOs and of its machines, each once.
func problems(f *run.Forest) reason.List {
	var all reason.List
	seen := map[string]bool{}
	plain := f.Problems
	for _, m := range f.Machines {
		plain = append(plain[:len(plain):len(plain)], m.Problems...)
	}
	for _, p := range plain {
		seen[string(p.Aspect)+p.Reason().Key()] = true
		all = append(all, reason.New(reason.DirectoryUnread, "problem", p.Reason()))
	}
	for _, d := range f.Domains {
		for _, g := range d.GPOs {
			for _, p := range g.Problems {
				if key := string(p.Aspect) + p.Reason().Key(); !seen[key] {
					seen[key] = true
					all = append(all, reason.New(reason.DirectoryUnread, "gpo", g.Name, "problem", p.Reason()))
				}
			}
		}
	}
	return all
}

// problemsTold are the keys of the problems that cells name.
func problemsTold(cells []run.Cell) map[string]bool {
	told := map[string]bool{}
	note := func(l reason.List) {
		for r := range l.All {
			if r.Is(reason.DirectoryProblem) {
				told[r.Key()] = true
			}
		}
	}
	for i := range cells {
		c := &cells[i]
		note(c.Reasons)
		for _, f := range c.Findings {
			note(f.Reason)
		}
	}
	return told
}
