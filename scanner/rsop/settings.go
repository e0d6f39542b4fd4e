package rsop

import (
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// SettingsLost says why the settings of a GPO are not known, or not all of them,
// none where they are: a file of its own could not be read, or none of its domain.
func (e *Directories) SettingsLost(domain string, g *run.GPO) reason.List {
	for _, p := range g.Problems {
		if p.Aspect == run.AspectSettings {
			return reason.List{p.Reason()}
		}
	}
	if g.RegistryFile || len(g.Registry) > 0 {
		return nil
	}
	return e.Lost(domain, run.AspectSettings)
}
