// Package ways is the list of all ways into a vantage. A new way is its own folder
// and one line here: the form of kmsiso.yaml, its schema, the messages, the plan and
// the checks take what they need of it from its description.
package ways

import (
	"slices"

	"github.com/kmsiso/kmsiso/scanner/vantage/container"
	"github.com/kmsiso/kmsiso/scanner/vantage/entry"
	"github.com/kmsiso/kmsiso/scanner/vantage/farend"
	"github.com/kmsiso/kmsiso/scanner/vantage/local"
	"github.com/kmsiso/kmsiso/scanner/vantage/ssh"
	"github.com/kmsiso/kmsiso/scanner/vantage/winrm"
	"github.com/kmsiso/kmsiso/scanner/way"
)

// All are the ways in, in the order in which they are offered to people. It is a
// list and no registration at start-up, so that nothing depends on who imports whom.
var All = []entry.Entry{
	local.Entry,
	farend.Entry,
	ssh.Entry,
	winrm.Entry,
	container.Entry,
}

// Kinds are the descriptions of all ways.
func Kinds() []way.Kind {
	kinds := make([]way.Kind, len(All))
	for i, e := range All {
		kinds[i] = e.Kind
	}
	return kinds
}

// Named returns the way of that name.
func Named(name string) (entry.Entry, bool) {
	i := slices.IndexFunc(All, func(e entry.Entry) bool { return e.Name == name })
	if i < 0 {
		return entry.Entry{}, false
	}
	return All[i], true
}
