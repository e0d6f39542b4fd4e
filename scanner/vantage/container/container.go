// Package container is a way into a container of this machine. It has podman or
// docker start the far end in a container that runs already.
//
// kmsiso has to be in the container, on its PATH: nothing is copied into it, so that
// nothing is left behind. Mount the program, read-only.
package container

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/vantage"
	"github.com/kmsiso/kmsiso/scanner/vantage/entry"
	"github.com/kmsiso/kmsiso/scanner/vantage/farend"
	"github.com/kmsiso/kmsiso/scanner/way"
)

// Way is a way into a container.
type Way struct {
	Engine  string // the program that runs it: podman or docker
	Name    string // of the container, or its id
	Version string // of this kmsiso
}

// Entry is the way into a container: via: [{container: web1}].
var Entry = entry.Entry{
	Kind: way.Kind{
		Name: "container", Title: "a container",
		Value: way.Option{Key: "name", About: "Name of a running container of this machine that has kmsiso on its PATH.", Check: checkName},
		Options: []way.Option{
			{Key: "engine", About: "Container: the program that runs it; podman.", Choice: []string{"podman", "docker"}, Standard: "podman"},
		},
		Said:    func(v way.Values) string { return "in the container " + v.Text("name") },
		Implies: func(way.Values) way.Facts { return way.Facts{FarEnd: true} },
	},
	Open: func(d entry.Declared) vantage.Way {
		return Way{Engine: d.Values.Text("engine"), Name: d.Values.Text("name"), Version: d.Version}
	},
}

// String is what evidence names.
func (w Way) String() string { return "container " + w.Name }

// Open starts the far end in the container and says hello to it. Close closes its
// input, at which it ends, and then the engine's program.
func (w Way) Open(ctx context.Context) (*vantage.Vantage, error) {
	return farend.Exec{Name: w.String(), Command: w.command(), Version: w.Version}.Open(ctx)
}

// Runs says which program of this machine is run.
func (w Way) Runs() string { return strings.Join(w.command(), " ") }

// command has the container's input stay open (-i), and no terminal.
func (w Way) command() []string {
	return []string{w.Engine, "exec", "-i", w.Name, "kmsiso", "far-end"}
}

// nameForm is that of both engines. It cannot be taken for an option.
var nameForm = regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9_.-]*$`)

func checkName(written string) (string, error) {
	if !nameForm.MatchString(written) {
		return "", fmt.Errorf("%q is no name of a container: it is made of letters, digits, dot, hyphen and underscore", written)
	}
	return written, nil
}
