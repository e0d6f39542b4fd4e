// Package policyfile reads kmsiso.yaml: it checks the file, tells every mistake with its
// place, and gives what is declared as an [intent.Policy]. It does not know how that
// is used.
package policyfile

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"github.com/kmsiso/kmsiso/scanner/filesource"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/way"
)

// maxFile is the size of the largest file that is read, in octets.
const maxFile = 4 << 20

// Options say how a policy is loaded.
type Options struct {
	// Ways are the ways in that a file may name.
	Ways []way.Kind
	// Sources are the sources in files that a directory may name.
	Sources []filesource.Kind
	// Instead is a source in files of this machine in the place of the directories
	// that the policy declares. The first forest of the policy is what it is taken
	// to be of, or without any the domain of the first KMS host.
	Instead intent.FileSource
	// Offline loads what the file says, wherever it is read: no secret is looked
	// at, and none has to be there.
	Offline bool
}

// Load reads a policy file and everything it includes, and gives what is written there;
// [intent.Policy.Resolve] asks for the names in it. Its error joins one [*Error] for
// every mistake found.
func Load(path string, o Options) (*intent.Policy, error) {
	l := newLoader(time.Now(), disk{}, kinds{o.Ways, o.Sources})
	l.secrets, l.offline = !o.Offline, o.Offline
	if o.Instead.Kind == "" {
		return l.load(path)
	}
	if _, err := os.Stat(o.Instead.Path); err != nil {
		var wanted []string
		for _, s := range o.Sources {
			wanted = append(wanted, s.Wanted)
		}
		return nil, fmt.Errorf("there is no %s: name %s", o.Instead.Path, sentence(wanted, "or"))
	}
	l.instead = &o.Instead
	return l.load(path)
}

// files is what a loader needs of the file system.
type files interface {
	read(path string) ([]byte, error)
	glob(pattern string) ([]string, error)
	stat(path string) (fs.FileInfo, error)
}

// loader reads the files of one policy.
type loader struct {
	now time.Time
	// zone is where a day ends; UTC until the main file is read.
	zone *time.Location
	// instead takes the place of all declared directories; nil leaves them.
	instead *intent.FileSource
	// secrets says that the form of passwords is looked at. Nothing of them is kept.
	secrets bool
	// offline says that no secret has to be there.
	offline bool
	files   files
	kinds   kinds
	bad     *problems
	seen    map[string]bool // files read, by absolute path
	// declaredAt is where a thing of some kind and name was declared first.
	declaredAt map[[2]string]place

	main        fileForm
	hosts       []named[block[hostForm]]
	exemptions  []block[exemptionForm]
	forests     []named[block[forestForm]]
	credentials []named[block[credentialForm]]
	vantages    []named[block[vantageForm]] // sets expanded
	waivers     []block[waiverForm]
}

func newLoader(now time.Time, f files, k kinds) *loader {
	return &loader{now: now, zone: time.UTC, files: f, kinds: k, bad: &problems{}, seen: map[string]bool{}, declaredAt: map[[2]string]place{}}
}

func (l *loader) load(path string) (*intent.Policy, error) {
	form, ok := l.file(path, place{})
	if !ok {
		return nil, l.bad.err()
	}
	l.main = form
	l.zone = l.location(form.Zone)
	whole := form.Version.at
	if !form.Version.set && whole.src == nil {
		l.bad.add(l.whole(path), "version is missing; begin the file with version: 1")
	}
	l.take(form, []string{absolute(path)})
	p := l.declared(path)
	if err := l.bad.err(); err != nil {
		return nil, err
	}
	return p.WithWarnings(l.bad.warnings), nil
}

// whole is the place of a mistake that has no line.
func (l *loader) whole(path string) place { return place{src: &source{name: path}} }

// file reads one file into its form. from is the include that names it.
func (l *loader) file(path string, from place) (form fileForm, ok bool) {
	at := from
	if at.src == nil {
		at = l.whole(path)
	}
	data, err := l.files.read(path)
	if err != nil {
		l.bad.add(at, "cannot read %s: %v", path, words(err))
		return form, false
	}
	l.seen[absolute(path)] = true
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")) // some editors begin a file so
	return l.parse(newSource(path, filepath.Dir(path), data), data)
}

// parse reads the text of one file into its form.
func (l *loader) parse(src *source, data []byte) (form fileForm, ok bool) {
	if !utf8.Valid(data) {
		for i, line := range src.lines {
			if !utf8.ValidString(line) {
				src.hideSuspects()
				l.bad.add(place{src, i + 1, 1}, "the line is not UTF-8; save the file as UTF-8")
				return form, false
			}
		}
	}
	body, err := parseYAML(data)
	if err != nil {
		at := place{src: src}
		message := err.Error()
		var detail *yaml.LoadError
		if errors.As(err, &detail) {
			message = detail.Message
			at = src.at(detail.Mark.Line, detail.Mark.Column)
			if begun := detail.ContextMark; begun.Line > 0 && detail.Mark.Line >= len(src.lines) {
				// What is open to the end of the file is shown where it begins.
				message += ", " + detail.ContextMsg
				at = src.at(begun.Line, begun.Column)
			}
		}
		src.hideSuspects()
		l.bad.add(at, "not valid YAML: %s", message)
		return form, false
	}
	if body == nil {
		l.bad.add(place{src: src}, "the file is empty; begin it with version: 1")
		return form, false
	}
	before := len(l.bad.found)
	after := map[*yaml.Node]int{}
	follow(body, len(src.lines)+1, after)
	(&reader{src: src, bad: l.bad, kinds: l.kinds, after: after}).fields(body, &form)
	if form.Version.set && form.Version.value != 1 {
		l.bad.add(form.Version.at, "version %d is not known; this kmsiso reads version 1", form.Version.value)
	}
	return form, body.Kind == yaml.MappingNode || len(l.bad.found) == before
}

// take adds what a file declares, then what it includes. stack holds the
// files that led here.
func (l *loader) take(form fileForm, stack []string) {
	takeNamed(l, "host", &l.hosts, form.Hosts.entries)
	takeNamed(l, "forest", &l.forests, form.Forests.entries)
	takeNamed(l, "credential", &l.credentials, form.Credentials.entries)
	takeNamed(l, "vantage", &l.vantages, form.Vantages.entries)
	for _, s := range form.VantageSets.items {
		takeNamed(l, "vantage", &l.vantages, l.expand(s))
	}
	l.exemptions = append(l.exemptions, form.Exemptions.items...)
	l.waivers = append(l.waivers, form.Waivers.items...)
	for _, inc := range form.Include.items {
		if inc.set {
			l.include(inc, stack)
		}
	}
}

func (l *loader) include(inc text, stack []string) {
	pattern := inc.at.src.path(inc.value)
	paths, err := l.files.glob(pattern)
	if err != nil {
		l.bad.add(inc.at, "%q is no pattern of file names: %v", inc.value, err)
		return
	}
	if len(paths) == 0 && !strings.ContainsAny(inc.value, "*?[") {
		l.bad.add(inc.at, "cannot include %s: there is no such file", pattern)
	}
	for _, path := range paths {
		abs := absolute(path)
		if slices.Contains(stack, abs) {
			l.bad.add(inc.at, "%s includes itself: %s", path, strings.Join(append(slices.Clone(stack), abs), " -> "))
			continue
		}
		if l.seen[abs] {
			continue // reached twice, read once
		}
		form, ok := l.file(path, inc.at)
		if !ok {
			continue
		}
		for _, only := range []struct {
			key string
			at  place
			set bool
		}{
			{"isolation", form.Isolation.at, form.Isolation.set},
			{"defaults", form.Defaults.at, form.Defaults.set},
			{"limits", form.Limits.at, form.Limits.set},
			{"zone", form.Zone.at, form.Zone.set},
			{"ntlm", form.NTLM.at, form.NTLM.at.src != nil},
		} {
			if only.set {
				l.bad.add(only.at, "%s belongs into the main file, not into an included one", only.key)
			}
		}
		l.take(form, append(slices.Clone(stack), abs))
	}
}

// takeNamed appends entries whose names are new, and tells those that are not.
func takeNamed[T any](l *loader, what string, to *[]named[T], entries []named[T]) {
	*to = slices.Grow(*to, len(entries))
	for i := range entries {
		e := &entries[i]
		id := [2]string{what, e.name}
		if first, twice := l.declaredAt[id]; twice {
			l.bad.add(e.at, "%s %q is declared twice, first in %s; keep one of them", what, e.name, first)
			continue
		}
		l.declaredAt[id] = e.at
		l.checkName(what, e.name, e.at)
		*to = append(*to, *e)
	}
}

// path makes a path in a file relative to that file.
func (s *source) path(name string) string {
	if filepath.IsAbs(name) {
		return filepath.Clean(name)
	}
	return filepath.Join(s.dir, name)
}

func absolute(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return filepath.Clean(path)
}

// words are the system's, without the path, which is told beside it.
func words(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// disk is the file system of this machine.
type disk struct{}

func (disk) read(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errors.New("it is no regular file")
	case info.Size() > maxFile:
		return nil, fmt.Errorf("it has %d octets, more than %d", info.Size(), maxFile)
	}
	return os.ReadFile(path)
}

func (disk) glob(pattern string) ([]string, error) { return filepath.Glob(pattern) }

func (disk) stat(path string) (fs.FileInfo, error) { return os.Stat(path) }
