package serve

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/kmsiso/kmsiso/scanner/files"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/run/document"
)

// keptName is the file in the state directory that holds the last judged run.
const keptName = "last-run.json"

// keep writes the last run for the next start. A failure is counted and told,
// and no reason to stop.
func (d *daemon) keep(s *shown) {
	if d.StateDir == "" {
		return
	}
	err := files.Replace(filepath.Join(d.StateDir, keptName), 0o600, func(w io.Writer) error {
		_, err := w.Write(s.whole)
		return err
	})
	if err != nil {
		d.stateErrors.Inc()
		d.log.Warn("the last run was not kept", "error", err)
	}
}

// readKept shows the run that an earlier process kept. A file that cannot be
// read is told and left alone until the next run replaces it; a state
// directory that cannot be made is an error.
func (d *daemon) readKept() error {
	if d.StateDir == "" {
		return nil
	}
	if err := os.MkdirAll(d.StateDir, 0o700); err != nil {
		return fmt.Errorf("state directory: %w", err)
	}
	path := filepath.Join(d.StateDir, keptName)
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var s *shown
	if err == nil {
		var r *run.Run
		if r, err = document.Read(bytes.NewReader(b)); err == nil {
			s, err = d.show(r)
		}
	}
	if err != nil {
		d.stateErrors.Inc()
		d.log.Warn("the run that was kept cannot be shown", "file", path, "error", err)
		return nil
	}
	s.kept = true
	d.last = s
	d.log.Info("the last run was kept", "file", path, "started", s.run.Started)
	return nil
}
