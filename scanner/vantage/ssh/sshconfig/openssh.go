package sshconfig

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"
)

// maxAnswer is how much of what ssh prints is read: ssh -G prints 6 kB.
const maxAnswer = 1 << 20

// find is the ssh that is installed; "" where there is none.
func find() string {
	if name, err := exec.LookPath("ssh"); err == nil {
		return name
	}
	if runtime.GOOS == "windows" {
		name := filepath.Join(os.Getenv("SystemRoot"), "System32", "OpenSSH", "ssh.exe")
		if about, err := os.Stat(name); err == nil && about.Mode().IsRegular() {
			return name
		}
	}
	return ""
}

var versionForm = regexp.MustCompile(`^OpenSSH_[!-~]{1,40}`)

// version is OpenSSH_9.2p1 or the like; "" where the program is none.
func version(ctx context.Context, program string) string {
	_, said, err := execute(ctx, program, "-V")
	if err != nil {
		return ""
	}
	return strings.TrimRight(versionForm.FindString(said), ",")
}

// arguments are those of the ssh that says what a host means. The host cannot be
// taken for an option.
func arguments(file, usr, host, port string) []string {
	args := []string{"-G"}
	if file != "" {
		args = append(args, "-F", file)
	}
	if usr != "" {
		args = append(args, "-l", usr)
	}
	if port != "" {
		args = append(args, "-p", port)
	}
	return append(args, "--", host)
}

// ask has OpenSSH say what a host means. That runs what Match exec names, and
// may ask for names: the caller's ctx bounds it.
func (r *Reader) ask(ctx context.Context, usr, host, port string) (settings, error) {
	args := arguments(r.file, usr, host, port)
	out, said, err := execute(ctx, r.program, args...)
	if err != nil {
		return nil, fmt.Errorf("ssh %s: %w: %.400s", strings.Join(args, " "), err, strings.Join(strings.Fields(said), " "))
	}
	s := settings{}
	for line := range strings.Lines(out) {
		key, value, _ := strings.Cut(strings.TrimRight(line, "\r\n"), " ")
		s[strings.ToLower(key)] = append(s[strings.ToLower(key)], value)
	}
	if s.first("hostname") == "" || s.first("port") == "" {
		return nil, fmt.Errorf("ssh %s: it says no host", strings.Join(args, " "))
	}
	for _, key := range []string{"userknownhostsfile", "globalknownhostsfile"} {
		if s[key], err = r.paths(s[key]); err != nil && !r.ignoreKnownHosts {
			return nil, fmt.Errorf("ssh_config for %s: %s: %w", host, key, err)
		}
	}
	return s, nil
}

// paths splits a list of files that ssh -G prints without its quotes.
func (r *Reader) paths(lines []string) ([]string, error) {
	var all []string
	for _, line := range lines {
		own := filepath.ToSlash(filepath.Join(accountHome(), ".ssh", "known_hosts"))
		if filepath.ToSlash(line) == own+" "+own+"2" {
			return nil, nil // the usual two
		}
		for _, name := range strings.Fields(line) {
			if set(name) && !filepath.IsAbs(name) && !strings.HasPrefix(name, "~") && !strings.HasPrefix(name, "__PROGRAMDATA__") {
				return nil, fmt.Errorf("%q holds a blank or is no whole path, and ssh -G drops the quotes: "+
					"give the file another name, or name it as known_hosts of the vantage", line)
			}
			name = strings.Replace(name, "__PROGRAMDATA__", os.Getenv("ProgramData"), 1)
			all = append(all, strings.ReplaceAll(name, "%", "%%")) // its tokens are expanded
		}
	}
	return all, nil
}

// execute runs OpenSSH without an input, in a group of its own that ends with
// ctx, and returns what it printed and what it complained of.
func execute(ctx context.Context, program string, args ...string) (out, complaint string, err error) {
	c := exec.CommandContext(ctx, program, args...)
	var printed, said limited
	c.Stdout, c.Stderr = &printed, &said
	c.WaitDelay = time.Second
	c.Env = slices.DeleteFunc(os.Environ(), func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		return strings.HasPrefix(name, "SSH_ASKPASS") || strings.HasPrefix(name, "LC_") || name == "LANG" || name == "LANGUAGE" || name == "DISPLAY"
	})
	c.Env = append(c.Env, "LC_ALL=C", "SSH_ASKPASS_REQUIRE=never")
	ownGroup(c)
	err = c.Run()
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	if err == nil && printed.over {
		err = errors.New("it prints without end")
	}
	return printed.String(), said.String(), err
}

// limited keeps the first octets of an output and refuses the rest.
type limited struct {
	bytes.Buffer
	over bool
}

func (l *limited) Write(p []byte) (int, error) {
	if room := maxAnswer - l.Len(); room < len(p) {
		l.over = true
		return 0, errors.New("too long")
	}
	return l.Buffer.Write(p)
}
