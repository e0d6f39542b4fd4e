package ssh

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/user"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"github.com/kevinburke/ssh_config"
)

// hop is one server to log in to, as ssh_config and the address describe it.
type hop struct {
	alias string // as it was written
	user  string
	host  string // what is connected to
	port  string
	// key is the name that known_hosts is asked for: host:port, or the HostKeyAlias.
	key            string
	identities     []string // files, those that were named first
	identitiesOnly bool
	knownHosts     []string
	jumps          []string // addresses of the hops before this one
}

// dial is the hop's host:port.
func (h hop) dial() string { return net.JoinHostPort(h.host, h.port) }

// String is for sentences: user@host, with the port where it is not 22.
func (h hop) String() string {
	if h.port == "22" {
		return h.user + "@" + h.host
	}
	return h.user + "@" + h.dial()
}

// clientConfig is what the ssh_config files say, the user's before the system's.
type clientConfig []*ssh_config.Config

// readConfig reads the file, or the usual two where it is "".
func readConfig(file string) (clientConfig, error) {
	files, must := []string{file}, true
	switch file {
	case "none":
		return nil, nil
	case "":
		files, must = []string{systemConfig()}, false
		if h := home(); h != "" {
			files = []string{filepath.Join(h, ".ssh", "config"), systemConfig()}
		}
	}
	var all clientConfig
	for _, name := range files {
		text, err := os.ReadFile(name)
		if !must && errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("ssh_config: %w", err)
		}
		c, err := ssh_config.DecodeBytes(text)
		if err != nil {
			return nil, fmt.Errorf("ssh_config %s: %w; name another file for kmsiso, or none", name, err)
		}
		all = append(all, c)
	}
	return all, nil
}

func systemConfig() string {
	if runtime.GOOS == "windows" {
		return filepath.Join(os.Getenv("ProgramData"), "ssh", "ssh_config")
	}
	return "/etc/ssh/ssh_config"
}

// get is the first value of the key for the alias, "" where there is none.
func (c clientConfig) get(alias, key string) (string, error) {
	for _, file := range c {
		if v, err := file.Get(alias, key); err != nil || v != "" {
			return strings.TrimSpace(v), err
		}
	}
	return "", nil
}

// all are the values of a key that adds up.
func (c clientConfig) all(alias, key string) ([]string, error) {
	var values []string
	for _, file := range c {
		v, err := file.GetAll(alias, key)
		if err != nil {
			return nil, err
		}
		values = append(values, v...)
	}
	return values, nil
}

// splitAddress takes [user@]host[:port] apart. An IPv6 address with a port is in
// brackets.
func splitAddress(address string) (user, host, port string, err error) {
	host = address
	if i := strings.LastIndexByte(host, '@'); i >= 0 {
		user, host = host[:i], host[i+1:]
	}
	switch {
	case strings.HasPrefix(host, "["), strings.Count(host, ":") == 1:
		if strings.HasSuffix(host, "]") {
			host = host[1 : len(host)-1]
			break
		}
		if host, port, err = net.SplitHostPort(host); err != nil {
			return "", "", "", fmt.Errorf("address %q: want [user@]host[:port]", address)
		}
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return "", "", "", fmt.Errorf("address %q: %q is no port", address, port)
		}
	}
	if host == "" || strings.HasPrefix(host, "-") || strings.ContainsAny(host, " \t/\\\"'") {
		return "", "", "", fmt.Errorf("address %q: want [user@]host[:port]", address)
	}
	return user, host, port, nil
}

// hop describes one server.
func (c clientConfig) hop(w Way, address string) (hop, error) {
	usr, alias, port, err := splitAddress(address)
	if err != nil {
		return hop{}, err
	}
	value := map[string]string{}
	for _, key := range []string{"HostName", "User", "Port", "HostKeyAlias", "ProxyJump", "ProxyCommand",
		"UserKnownHostsFile", "GlobalKnownHostsFile", "IdentitiesOnly"} {
		if value[key], err = c.get(alias, key); err != nil {
			return hop{}, fmt.Errorf("ssh_config for %s: %w", alias, err)
		}
	}
	h := hop{
		alias: alias,
		user:  first(usr, value["User"], localUser()),
		port:  first(port, value["Port"], "22"),
		host:  alias,
	}
	if h.user == "" {
		return hop{}, fmt.Errorf("no user for %s: write user@%s, or User in ssh_config", alias, alias)
	}
	if v := value["HostName"]; v != "" {
		h.host = strings.NewReplacer("%%", "%", "%h", alias).Replace(v)
	}
	if n, err := strconv.ParseUint(h.port, 10, 16); err != nil || n == 0 {
		return hop{}, fmt.Errorf("ssh_config for %s: %q is no port", alias, h.port)
	}
	h.key = net.JoinHostPort(strings.ToLower(h.host), h.port)
	if v := value["HostKeyAlias"]; v != "" {
		h.key = net.JoinHostPort(strings.ToLower(v), "22")
	}
	if h.jumps, err = jumps(alias, value["ProxyJump"], value["ProxyCommand"]); err != nil {
		return hop{}, err
	}
	h.knownHosts = h.files(first(value["UserKnownHostsFile"], "~/.ssh/known_hosts ~/.ssh/known_hosts2"))
	h.knownHosts = append(h.knownHosts, h.files(first(value["GlobalKnownHostsFile"], "/etc/ssh/ssh_known_hosts /etc/ssh/ssh_known_hosts2"))...)
	if w.KnownHosts != "" {
		h.knownHosts = []string{w.KnownHosts}
	}
	named, err := c.all(alias, "IdentityFile")
	if err != nil {
		return hop{}, fmt.Errorf("ssh_config for %s: %w", alias, err)
	}
	if w.Identity != "" {
		h.identities = append(h.identities, w.Identity)
	}
	for _, n := range named { // the parser has taken the quotes off
		if !strings.EqualFold(n, "none") {
			h.identities = append(h.identities, h.file(n))
		}
	}
	h.identitiesOnly = strings.EqualFold(value["IdentitiesOnly"], "yes")
	return h, nil
}

// jumps are the hops that ProxyJump names, in order.
func jumps(alias, jump, command string) ([]string, error) {
	if jump != "" && !strings.EqualFold(jump, "none") {
		return strings.Split(strings.ReplaceAll(jump, " ", ""), ","), nil
	}
	if jump == "" && command != "" && !strings.EqualFold(command, "none") {
		return nil, fmt.Errorf("ssh_config sets ProxyCommand for %s, which kmsiso does not run: use ProxyJump", alias)
	}
	return nil, nil
}

// files splits a list of files.
func (h hop) files(list string) []string {
	var files []string
	for _, f := range fields(list) {
		if !strings.EqualFold(f, "none") {
			files = append(files, h.file(f))
		}
	}
	return files
}

// file fills in OpenSSH's tokens (ssh_config(5)).
func (h hop) file(name string) string {
	return expandHome(strings.NewReplacer("%%", "%", "%d", home(), "%h", h.host, "%n", h.alias, "%p", h.port,
		"%r", h.user, "%u", localUser()).Replace(name))
}

// fields splits at spaces outside of double quotes.
func fields(s string) []string {
	quoted := false
	parts := strings.FieldsFunc(s, func(r rune) bool {
		if r == '"' {
			quoted = !quoted
		}
		return !quoted && (r == ' ' || r == '\t')
	})
	for i, p := range parts {
		parts[i] = strings.Trim(p, `"`)
	}
	return parts
}

// localUser is the name of whoever runs kmsiso, without a Windows domain.
func localUser() string {
	u, err := user.Current()
	if err != nil {
		return ""
	}
	return u.Username[strings.LastIndexByte(u.Username, '\\')+1:]
}

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
