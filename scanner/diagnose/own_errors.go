package diagnose

import "github.com/kmsiso/kmsiso/scanner/run"

// ownErrors takes back what the explanations said of errors: an error of kmsiso
// itself is never a consequence of something else, so it is its own cause and
// its reason is shown. Errors stay together only where they are one error: the
// same reason, one directory, or one vantage that nobody got into.
func (d *diagnosis) ownErrors() {
	for _, c := range d.cells {
		if c.Verdict != run.Error || c.CausedBy == nil {
			continue
		}
		if root := d.cell[*c.CausedBy]; root == nil || !d.oneError(root, c) {
			c.CausedBy = nil
		}
	}
}

// oneError reports whether two cells are in error for one reason.
func (d *diagnosis) oneError(a, b *run.Cell) bool {
	if a.Verdict != run.Error || b.Verdict != run.Error {
		return false
	}
	if d.impersonal(a.Reasons, a.ID) == d.impersonal(b.Reasons, b.ID) {
		return true
	}
	return a.ID.Vantage == b.ID.Vantage && (a.ID.Vantage == run.DirectoryVantage || d.lost(a.ID.Vantage))
}

// lost reports whether nobody got into a vantage.
func (d *diagnosis) lost(vantage string) bool {
	for i := range d.run.Vantages {
		if v := &d.run.Vantages[i]; v.Name == vantage {
			return len(v.Trouble) > 0
		}
	}
	return false
}
