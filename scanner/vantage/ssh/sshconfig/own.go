package sshconfig

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// The bounds of what is read without OpenSSH.
const (
	maxDepth = 16      // of Include, as OpenSSH
	maxFiles = 256     // in all
	maxText  = 4 << 20 // octets of one file
)

// keywords are those that count for kmsiso. A block that sets none of them is of
// no concern, whatever its condition.
var keywords = []string{
	"hostname", "user", "port", "hostkeyalias", "identityfile", "identitiesonly", "identityagent", "certificatefile",
	"proxyjump", "proxycommand", "userknownhostsfile", "globalknownhostsfile", "addressfamily", "pkcs11provider", "knownhostscommand",
	"revokedhostkeys", "pubkeyauthentication", "preferredauthentications", "canonicalizehostname",
}

// addUp are the keywords of which every line counts, not only the first.
var addUp = []string{"identityfile", "certificatefile"}

// evaluation reads ssh_config for one host, as ssh_config(5) says.
type evaluation struct {
	usr, host, port string // as given; "" is not given
	values          settings
	final           bool // the second reading, for Match final
	wantsFinal      bool
	files           []string
}

// own reads the files here.
func (r *Reader) own(usr, host, port string) (settings, error) {
	e := &evaluation{usr: usr, host: host, port: port, values: settings{}}
	if usr != "" {
		e.values["user"] = []string{usr}
	}
	files, must := []string{r.file}, true
	if r.file == "" {
		files, must = append(inHome("config"), inSystem("ssh_config")), false
	}
	for range 2 {
		for i, name := range files {
			err := e.file(name, must, i == len(files)-1 && !must, false, 0)
			if err != nil {
				return nil, fmt.Errorf("ssh_config: %w", err)
			}
		}
		if e.final || !e.wantsFinal {
			break
		}
		e.final = true
	}
	slices.Sort(e.files)
	r.read = slices.Compact(append(r.read, slices.Compact(e.files)...))
	if v := strings.ToLower(e.values.first("canonicalizehostname")); v == "yes" || v == "always" {
		return nil, fmt.Errorf("ssh_config for %s: CanonicalizeHostname is obeyed only where OpenSSH is installed: "+
			"install it, or write the whole name", host)
	}
	if v := e.values.first("hostname"); v != "" {
		e.values["hostname"] = []string{e.hostname()}
	}
	return e.values, nil
}

// hostname is HostName with its tokens, or the host as it was given.
func (e *evaluation) hostname() string {
	if v := e.values.first("hostname"); v != "" {
		return strings.NewReplacer("%%", "%", "%h", e.host).Replace(v)
	}
	return e.host
}

// file reads one file. Its blocks never match where never is set: it was included
// by a block that does not.
func (e *evaluation) file(name string, must, system, never bool, depth int) error {
	if depth > maxDepth || len(e.files) > maxFiles {
		return fmt.Errorf("%s: Include leads through more than %d files", name, maxFiles)
	}
	about, err := os.Stat(name)
	switch {
	case !must && errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !about.Mode().IsRegular() || about.Size() > maxText:
		return fmt.Errorf("%s is no regular file of at most %d octets", name, maxText)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	e.files = append(e.files, name)
	state := block{active: !never}
	n := 0
	for line := range strings.Lines(string(text)) {
		n++
		key, args, err := split(line)
		if err == nil && key != "" {
			err = e.line(&state, key, args, system, never, depth)
		}
		if err != nil {
			return fmt.Errorf("%s line %d: %w", name, n, err)
		}
	}
	return nil
}

// block is the Host or Match block of a line.
type block struct {
	active bool
	// unknown is the criterion that is not evaluated here, "" where it is known
	// whether the block counts.
	unknown string
}

func (e *evaluation) line(b *block, key string, args []string, system, never bool, depth int) error {
	switch key {
	case "host":
		*b = block{active: !never && matchAny(e.host, args)}
		return nil
	case "match":
		state, err := e.match(args)
		if never {
			state = block{}
		}
		*b = state
		return err
	case "include":
		return e.include(b, args, system, never, depth)
	}
	if !slices.Contains(keywords, key) || len(args) == 0 || !b.active && b.unknown == "" {
		return nil
	}
	if b.unknown != "" {
		return fmt.Errorf("this may count for %s or not: Match %s is evaluated only by OpenSSH, which is not installed here", e.host, b.unknown)
	}
	if slices.Contains(addUp, key) {
		for _, a := range args {
			if !slices.Contains(e.values[key], a) {
				e.values[key] = append(e.values[key], a)
			}
		}
	} else if len(e.values[key]) == 0 {
		e.values[key] = args
	}
	return nil
}

// include reads the files of an Include line.
func (e *evaluation) include(b *block, args []string, system, never bool, depth int) error {
	if b.unknown != "" {
		return fmt.Errorf("this may count for %s or not: Match %s is evaluated only by OpenSSH, which is not installed here", e.host, b.unknown)
	}
	for _, pattern := range args {
		pattern = expandHome(pattern)
		if !filepath.IsAbs(pattern) {
			dir := filepath.Dir(inSystem("ssh_config"))
			if !system {
				dir = filepath.Join(home(), ".ssh")
			}
			pattern = filepath.Join(dir, pattern)
		}
		names, err := filepath.Glob(pattern) // sorted
		if err != nil {
			return err
		}
		for _, name := range names {
			if err := e.file(name, false, system, never || !b.active, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// match evaluates the criteria of a Match line: all of them must hold.
func (e *evaluation) match(args []string) (block, error) {
	b := block{active: true}
	for i := 0; i < len(args); i++ {
		word, not := strings.CutPrefix(strings.ToLower(args[i]), "!")
		criterion, _, inline := strings.Cut(word, "=")
		holds, known := true, true
		switch criterion {
		case "all":
		case "final":
			holds, e.wantsFinal = e.final, true
		case "canonical":
			holds = false // there is no second reading of this kind without CanonicalizeHostname
		default:
			rest := ""
			if inline {
				rest = args[i][strings.IndexByte(args[i], '=')+1:]
			} else if i++; i < len(args) {
				rest = args[i]
			} else {
				return block{}, fmt.Errorf("the criterion %s of Match has no value", criterion)
			}
			holds, known = e.criterion(criterion, rest)
		}
		switch {
		case !known && b.unknown == "":
			b.unknown = criterion
		case known && holds == not:
			b.active = false
		}
	}
	if !b.active {
		b.unknown = "" // it does not count, whatever the rest is
	}
	if b.unknown != "" {
		b.active = false
	}
	return b, nil
}

// criterion evaluates one that has a value; known is false where only OpenSSH can.
func (e *evaluation) criterion(name, value string) (holds, known bool) {
	list := strings.Split(value, ",")
	switch name {
	case "host":
		return matchAny(strings.ToLower(e.hostname()), lower(list)), true
	case "originalhost":
		return matchAny(strings.ToLower(e.host), lower(list)), true
	case "user":
		return matchAny(first(e.values.first("user"), localUser()), list), true
	case "localuser":
		return matchAny(localUser(), list), true
	}
	return false, false
}
