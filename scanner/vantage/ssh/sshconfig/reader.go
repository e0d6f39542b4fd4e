// Package sshconfig tells what ssh_config says of a host: where it is, by which
// names, keys and servers before it. Where OpenSSH is installed it is asked (ssh
// -G); without it the files are read here.
//
// It knows files and one program. It opens no connection and reads no key.
package sshconfig

import (
	"context"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"runtime"
	"strings"
)

// Reader reads ssh_config.
type Reader struct {
	// file is the one file to read; "" is the user's and the system's.
	file string
	none bool // no file at all
	// ignoreKnownHosts is set where kmsiso.yaml says whose host keys to believe.
	ignoreKnownHosts bool

	program string // of OpenSSH; "" is none
	version string
	read    []string // the files that were read here
}

// New returns a reader of one file, of "none", or, for "", of the user's and the
// system's. ignoreKnownHosts is set where the known_hosts files that ssh_config
// names do not count. It runs ssh -V where there is an ssh.
func New(ctx context.Context, file string, ignoreKnownHosts bool) *Reader {
	r := &Reader{file: file, ignoreKnownHosts: ignoreKnownHosts}
	if file == "none" {
		r.file, r.none = "", true
		return r
	}
	if r.file == "" {
		r.file = otherHome()
	}
	if name := find(); name != "" {
		if v := version(ctx, name); v != "" {
			r.program, r.version = name, v
		}
	}
	return r
}

// String says how ssh_config is read, for the evidence of a run.
func (r *Reader) String() string {
	switch {
	case r.none:
		return "no ssh_config"
	case r.program == "" && len(r.read) == 0:
		return "kmsiso's own reading of ssh_config: no file is there"
	case r.program == "":
		return "kmsiso's own reading of " + strings.Join(r.read, ", ")
	case r.file != "":
		return "ssh -G -F " + r.file + " of " + r.version
	}
	return "ssh -G of " + r.version
}

// Command is what is run for [user@]host[:port], for a plan; "" where there is
// no OpenSSH to run. It runs nothing.
func Command(address string) string {
	usr, host, port, err := Split(address)
	if err != nil || find() == "" {
		return ""
	}
	return strings.Join(append([]string{"ssh"}, arguments(otherHome(), usr, host, port)...), " ")
}

// settings are the values of the keywords, in lower case, that say something.
type settings map[string][]string

// first is the first value, "" where there is none.
func (s settings) first(key string) string {
	if v := s[key]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// settings of one host.
func (r *Reader) settings(ctx context.Context, usr, host, port string) (settings, error) {
	switch {
	case r.none:
		return settings{}, nil
	case r.program != "":
		return r.ask(ctx, usr, host, port)
	}
	return r.own(usr, host, port)
}

// home is the directory that ~ stands for; "" where there is none.
func home() string {
	dir, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return dir
}

// accountHome is the home of the account, which OpenSSH goes by whatever HOME is.
func accountHome() string {
	u, err := user.Current()
	if err != nil {
		return ""
	}
	return u.HomeDir
}

// otherHome is the ssh_config below HOME where HOME is not the account's own
// home, and the file is there: OpenSSH has to be told of it.
func otherHome() string {
	h, own := home(), accountHome()
	if runtime.GOOS == "windows" || h == "" || own == "" || filepath.Clean(h) == filepath.Clean(own) {
		return ""
	}
	name := filepath.Join(h, ".ssh", "config")
	if about, err := os.Stat(name); err != nil || !about.Mode().IsRegular() {
		return ""
	}
	return name
}

// localUser is the name of whoever runs kmsiso, without a Windows domain.
func localUser() string {
	u, err := user.Current()
	if err != nil {
		return ""
	}
	return u.Username[strings.LastIndexByte(u.Username, '\\')+1:]
}

// maxHops ends a ProxyJump that leads back to itself.
const maxHops = 8

// Path lists the hops to [user@]host[:port], ProxyJump resolved, the host itself
// last. Each hop has a reading of its own.
func (r *Reader) Path(ctx context.Context, address string) ([]Hop, error) {
	last, err := r.hop(ctx, address)
	if err != nil {
		return nil, err
	}
	hops := []Hop{last}
	for len(hops[0].jumps) > 0 {
		if len(hops)+len(hops[0].jumps) > maxHops {
			return nil, fmt.Errorf("ssh_config: ProxyJump for %s takes more than %d hops, or leads back to itself", last.Alias, maxHops)
		}
		before := make([]Hop, 0, len(hops[0].jumps)+len(hops))
		for i, address := range hops[0].jumps {
			h, err := r.hop(ctx, address)
			if err != nil {
				return nil, fmt.Errorf("ProxyJump: %w", err)
			}
			if i > 0 {
				h.jumps = nil // the one before it is its way
			}
			before = append(before, h)
		}
		hops[0].jumps = nil
		hops = append(before, hops...)
	}
	return hops, nil
}
