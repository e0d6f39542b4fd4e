package report

import (
	"github.com/kmsiso/kmsiso/scanner/run"
	"io"
)

func writeJUnit(w io.Writer, r *run.Run, o Options) error { return nil }
