//go:build unix

package container

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/intent/policyfile"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/vantage"
	"github.com/kmsiso/kmsiso/scanner/vantage/entry"
	"github.com/kmsiso/kmsiso/scanner/vantage/farend"
	"github.com/kmsiso/kmsiso/scanner/vantage/local"
	"github.com/kmsiso/kmsiso/scanner/way"
)

const version = "v1"

// asFarEnd has the test binary be a far end.
const asFarEnd = "KMSISO_TEST_FAR_END"

func TestMain(m *testing.M) {
	if os.Getenv(asFarEnd) == "" {
		goleak.VerifyTestMain(m)
		return
	}
	v, err := local.Way{}.Open(context.Background())
	if err == nil {
		err = farend.Serve(context.Background(), os.Stdin, os.Stdout, v, version)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// standIn puts a stand-in for podman first on the PATH: a script that takes what the
// way runs, and behaves by the name of the container. The real podman is in the tests
// of the lab.
func standIn(t *testing.T) {
	t.Helper()
	me, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	script := `#!/bin/sh
# a stand-in for podman
[ "$1 $2 $4 $5 $#" = "exec -i kmsiso far-end 5" ] || { echo "stand-in for podman: asked for $*" >&2; exit 2; }
case "$3" in
good) exec env ` + asFarEnd + `=1 '` + me + `' ;;
mute) sleep 1000 ;;
deaf) trap '' HUP INT TERM PIPE; sleep 1000; sleep 1000 ;;
lies) echo '{"kmsiso":"far-end","protocol":4,"version":"v0"}' ;;
pours) yes ;;
bare) echo "Error: crun: executable file 'kmsiso' not found in \$PATH" >&2; exit 127 ;;
*) echo "Error: no container with name or ID \"$3\" found: no such container" >&2; exit 125 ;;
esac
`
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "podman"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
}

func into(name string) vantage.Way {
	return Entry.Open(entry.Declared{Values: way.Values{"name": name, "engine": "podman"}, Version: version})
}

func TestAContainerIsEntered(t *testing.T) {
	standIn(t)
	v, err := into("good").Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !v.Has(vantage.CapTCP) {
		t.Error("it offers no TCP")
	}
	if err := v.Close(); err != nil {
		t.Error(err)
	}
}

// What goes wrong is said of the container, with the words of the engine.
func TestAContainerThatCannotBeEntered(t *testing.T) {
	standIn(t)
	for name, want := range map[string]struct {
		code  reason.Code
		words string
	}{
		"absent": {reason.CommandEnded, "no container with name or ID"},
		"bare":   {reason.CommandEnded, "not found in $PATH"},
		"lies":   {reason.FarEndVersion, "v0"},
		"pours":  {reason.NotAFarEnd, "y"},
	} {
		_, err := into(name).Open(t.Context())
		if why := reason.Of(err); !why.Has(reason.WayNotOpened) || why[0].Word("way") != "container "+name || !why.Names(want.code) || !strings.Contains(err.Error(), want.words) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := Way{Engine: "no-such-engine", Name: "good", Version: version}.Open(t.Context())
	if !reason.Of(err).Names(reason.CommandNotStarted) {
		t.Errorf("no engine: %v", err)
	}
}

// An engine that says nothing, or that does not end, holds nobody up.
func TestAnEngineThatIsMute(t *testing.T) {
	standIn(t)
	for _, name := range []string{"mute", "deaf"} {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		began := time.Now()
		_, err := into(name).Open(ctx)
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(began) > 10*time.Second {
			t.Errorf("%s: after %v: %v", name, time.Since(began), err)
		}
	}
}

func TestThePlanSaysWhatIsRun(t *testing.T) {
	w, ok := into("web1").(interface{ Runs() string })
	if !ok || w.Runs() != "podman exec -i web1 kmsiso far-end" {
		t.Error("the plan does not name the command")
	}
}

// load reads a policy with one vantage and this way in.
func load(t *testing.T, via string) (*intent.Policy, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "kmsiso.yaml")
	text := "version: 1\nhosts: {kms01: {addresses: [198.18.10.30]}}\nvantages: {web: {role: non-domain, via: [" + via + "]}}\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return policyfile.Load(file, policyfile.Options{Ways: []way.Kind{Entry.Kind}})
}

func TestKmsisoYAML(t *testing.T) {
	p, err := load(t, "{container: web1, engine: docker}")
	if err != nil {
		t.Fatal(err)
	}
	w := p.Vantages[0].Via[0]
	if w.Values.Text("engine") != "docker" || w.Said != "in the container web1" || w.Implies.Here || !w.Implies.FarEnd || w.Implies.Machine != "" {
		t.Errorf("it is %+v", w)
	}
	for via, want := range map[string]string{
		"{container: -i}":                    "no name of a container",
		"{container: 'a b'}":                 "no name of a container",
		"{container: ../a}":                  "no name of a container",
		"{container: web1, engine: lxc}":     `engine "lxc" is not known; there is podman, docker`,
		"{container: web1, credential: c}":   "credential means nothing for a way in by container",
		"{container: web1, engines: docker}": `did you mean "engine"?`,
		"{container: [web1]}":                "want text, not a list",
	} {
		if _, err := load(t, via); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", via, err)
		}
	}
}
