package run

// readOld reads once, on load, what an older kmsiso wrote otherwise, so that
// nothing behind it has to know of it.
func (r *Run) readOld() {
	for i := range r.Cells {
		c := &r.Cells[i]
		c.Weak = c.Weak || c.Unattributed()
	}
}
