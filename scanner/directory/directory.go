// Package directory is what the sources of a forest's configuration have in
// common. Each of its folders reads one kind: live asks domain controllers,
// backup reads folders of Backup-GPO, export the registry of one machine. They
// deliver facts, and leave their meaning to package gpo.
package directory

import (
	"context"

	"github.com/kmsiso/kmsiso/scanner/run"
)

// Ask is what one audit wants to know of a forest.
type Ask struct {
	// Forest is its name as declared.
	Forest string
	// Machines are the DNS names of the declared hosts and vantages, or short
	// names where that is all there is. A source ignores those that it does not
	// know.
	Machines []string
	// GPOs are the names or the "{GUID}"s of the declared GPOs, whose copies are
	// compared even where they hold no firewall settings.
	GPOs []string
}

// Source is something that a forest is read from, without changing it.
type Source interface {
	// Read returns what could be read, with what could not among its problems.
	// It fails where nothing could be read.
	Read(context.Context, Ask) (*run.Forest, error)
	// String names the source for people.
	String() string
}
