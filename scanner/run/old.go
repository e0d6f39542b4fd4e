package run

import (
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run/jsonform"
)

// problem is [Problem] without its methods.
type problem Problem

// UnmarshalJSON reads a problem of this version, or one with a text in place of
// its reasons.
func (p *Problem) UnmarshalJSON(b []byte) error {
	var o struct {
		problem
		Text string `json:"text"`
	}
	if err := jsonform.Strictly(b, &o); err != nil {
		return err
	}
	*p = Problem(o.problem)
	if o.Text != "" {
		p.Why = reason.List{oldProblem(p.Where, o.Text)}
	}
	return nil
}

// oldProblem is what an older version said of a place. What something asks for by
// its code is told by that code; the rest is a quotation.
func oldProblem(where, text string) reason.Reason {
	if of, ok := strings.CutPrefix(text, "domain "+where+" is not read: "); ok {
		why := reason.Quote(of)
		if of == "no domain controller of it is declared" {
			why = reason.New(reason.ControllerUndeclared)
		}
		return reason.New(reason.DomainUnread, "domain", where, "why", why)
	}
	switch text {
	case "the GPO has no folder in SYSVOL":
		return reason.New(reason.GPOFolderMissing)
	case "there is no such file":
		return reason.New(reason.FileMissing)
	case "the account may not read it":
		return reason.New(reason.NotPermitted)
	}
	if rest, ok := strings.CutPrefix(text, where); ok { // a server's name stood in its errors
		text = strings.TrimPrefix(strings.TrimPrefix(rest, ":"), " ")
	}
	return reason.Quote(text)
}

// ReadOld puts what older versions said of a forest where this one has it. It is called
// once, by who reads a document.
func (f *Forest) ReadOld() {
	if f != nil {
		f.readOldCopies()
		f.readOldExports()
	}
}

// readOldCopies reads what older versions said of a GPO at a domain controller: one
// text of all its files.
func (f *Forest) readOldCopies() {
	for i := range f.Domains {
		for _, c := range f.Domains[i].Copies {
			for k := range c.GPOs {
				if g := &c.GPOs[k]; len(g.Error) == 1 && g.Error[0].Is(reason.Quoted) {
					g.Error = oldCopy(g.Error[0].Word("words"))
				}
			}
		}
	}
}

// readOldExports reads what older versions made of the exports of registries: a
// domain with a GPO for each machine.
func (f *Forest) readOldExports() {
	if f.Kind != SourceRegistry {
		return
	}
	for i := range f.Domains {
		for _, g := range f.Domains[i].GPOs {
			f.Machines = append(f.Machines, MachinePolicy{Name: g.Name, Path: g.Path, Registry: g.Registry, Settings: g.Settings, Problems: g.Problems})
		}
	}
	f.Domains = nil
}

// oldCopy takes "SYSVOL\FILE: TEXT; SYSVOL\FILE: TEXT" apart, and quotes all else.
func oldCopy(words string) (all reason.List) {
	const share = `SYSVOL\`
	rest, ok := strings.CutPrefix(words, share)
	for _, one := range strings.Split(rest, "; "+share) {
		where, text, cut := strings.Cut(share+one, ": ")
		ok = ok && cut
		all = append(all, Problem{Where: where, Why: reason.List{oldProblem(where, text)}}.Reason())
	}
	if !ok {
		return reason.List{reason.Quote(words)}
	}
	return all
}

// The arguments of a quotation that an older version wrote: the ID of a finding,
// and what to do about it. A version with codes has both from the catalogue.
const (
	oldID     = "id"
	oldRemedy = "fix"
)

// ReadOldRemedy puts what to do about a cell, which an older version said in a sentence,
// beside why.
func (c *Cell) ReadOldRemedy(words string) {
	for _, l := range []reason.List{c.Reasons, c.Causes} {
		if words != "" && l.Has(reason.Quoted) {
			l[0] = l[0].With(oldRemedy, words)
			break
		}
	}
}

// finding is [Finding] without its methods.
type finding Finding

// UnmarshalJSON reads a finding of this version, or one in sentences.
func (f *Finding) UnmarshalJSON(b []byte) error {
	var o struct {
		finding
		ID     string `json:"id"`
		Text   string `json:"text"`
		Remedy string `json:"remedy"`
	}
	if err := jsonform.Strictly(b, &o); err != nil {
		return err
	}
	*f = Finding(o.finding)
	if len(f.Reason) == 0 && o.ID != "" {
		f.Reason = reason.List{reason.New(reason.Quoted, oldID, o.ID, "words", o.Text, oldRemedy, o.Remedy)}
	}
	return nil
}
