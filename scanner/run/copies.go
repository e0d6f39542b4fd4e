package run

import (
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// Copy is what one domain controller has of the GPOs.
type Copy struct {
	Server string `json:"server"`
	// Error says why it could not be read.
	Error reason.List `json:"error,omitempty"`
	GPOs  []CopiedGPO `json:"gpos,omitempty"`
}

// CopiedGPO is one GPO at one domain controller. A version is nil where the
// container or gpt.ini is not there.
type CopiedGPO struct {
	ID          string  `json:"id"`
	Version     *uint32 `json:"version,omitempty"`
	FileVersion *uint32 `json:"fileVersion,omitempty"`
	// Settings stands for what Machine\Registry.pol holds: it is equal for equal
	// files of one run, and "" without one. In a document it is no hash: see
	// package redact.
	Settings string `json:"settings,omitempty"`
	// Error says why it could not be read, or not whole.
	Error reason.List `json:"error,omitempty"`
}

// Unasked are the controllers of the domain that were not asked for their copies of
// the GPOs.
func (d *Domain) Unasked() []string {
	all := d.Servers
	if len(all) == 0 {
		all = d.Controllers
	}
	var names []string
	for _, name := range all {
		if !slices.ContainsFunc(d.Copies, func(c Copy) bool { return strings.EqualFold(c.Server, name) }) {
			names = append(names, name)
		}
	}
	return names
}
