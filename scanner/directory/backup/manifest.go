package backup

import (
	"errors"
	"io/fs"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// missing tells what manifest.xml lists and is not there. The file may be
// missing itself: it is hidden on Windows, and is easily left behind.
func missing(r reader, all []saved) []run.Problem {
	var listed []instance
	where, err := r.parse("manifest.xml", maxManifest, func(d *document) (err error) {
		listed, err = readManifest(d)
		return err
	})
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return []run.Problem{{Aspect: run.AspectGPOs, Where: where, Why: reason.Of(err)}}
	}
	there := map[string]bool{}
	for _, b := range all {
		for _, id := range b.ids {
			there[id] = true
		}
	}
	var out []run.Problem
	for _, i := range listed {
		if i.id != "" && !there[i.id] {
			out = append(out, run.Problem{Aspect: run.AspectGPOs, Where: where, Why: reason.One(reason.ListedBackupMissing, "backup", i.id, "gpo", clip(i.name))})
		}
	}
	return out
}
