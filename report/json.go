package report

import (
	"io"

	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/run/document"
)

// writeJSON writes the run document itself; [document.Read] reads it back.
func writeJSON(w io.Writer, r *run.Run, _ Options) error { return document.Write(w, r) }
