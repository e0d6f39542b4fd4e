package report

import (
	"io"

	"github.com/kmsiso/kmsiso/scanner/run"
)

// writeJSON writes the run document itself; [run.Read] reads it back.
func writeJSON(w io.Writer, r *run.Run, _ Options) error { return run.Write(w, r) }
