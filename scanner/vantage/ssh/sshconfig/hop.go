package sshconfig

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"strings"
)

// Hop is one server to log in to, as ssh_config and the address describe it.
type Hop struct {
	Alias string // as it was written
	User  string
	Host  string // what is connected to
	Port  string
	// Network is tcp, or tcp4 and tcp6 where AddressFamily says so.
	Network string
	// Key is the name that known_hosts is asked for: host:port, or the
	// HostKeyAlias with port 22, which stands for no port.
	Key          string
	Identities   []string // private key files, or public ones of keys that the agent has
	Certificates []string // files
	// Defaults is set where Identities are OpenSSH's own and nobody named them.
	Defaults       bool
	IdentitiesOnly bool
	// Agent is the socket or pipe of the agent; "" is that of the environment,
	// "none" is none.
	Agent      string
	KnownHosts []string

	jumps []string // addresses of the hops before this one
}

// Dial is the hop's host:port.
func (h Hop) Dial() string { return net.JoinHostPort(h.Host, h.Port) }

// String is for sentences: user@host, with the port where it is not 22.
func (h Hop) String() string {
	if h.Port == "22" {
		return h.User + "@" + h.Host
	}
	return h.User + "@" + h.Dial()
}

// Split takes [user@]host[:port] apart. An IPv6 address with a port is in
// brackets. What could be taken for an option of a program is refused.
func Split(address string) (user, host, port string, err error) {
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
		if !isPort(port) {
			return "", "", "", fmt.Errorf("address %q: %q is no port", address, port)
		}
	}
	if host == "" || strings.HasPrefix(host, "-") || strings.HasPrefix(user, "-") || strings.ContainsAny(host, " \t\r\n/\\\"'") || strings.ContainsAny(user, "\x00\r\n") {
		return "", "", "", fmt.Errorf("address %q: want [user@]host[:port]", address)
	}
	return user, host, port, nil
}

func isPort(s string) bool {
	n, err := strconv.ParseUint(s, 10, 16)
	return err == nil && n > 0
}

// refused are the keywords that kmsiso does not obey and may not pass over: what
// they stand for would be another way to the host, or another ground to trust it.
var refused = []struct{ key, name, instead string }{
	{"proxycommand", "ProxyCommand", "kmsiso does not run it: use ProxyJump"},
	{"pkcs11provider", "PKCS11Provider", "kmsiso does not load it: give the key to the agent (ssh-add -s) and remove the line for this host"},
}

// refusedOfHostKeys are the same of the keys that a host may show.
var refusedOfHostKeys = []struct{ key, name, instead string }{
	{"knownhostscommand", "KnownHostsCommand", "kmsiso does not run it: put the keys into a file and name that as known_hosts of the vantage"},
	{"revokedhostkeys", "RevokedHostKeys", "kmsiso does not read it: write @revoked lines into a file of host keys and name that as known_hosts of the vantage"},
}

// hop describes one server.
func (r *Reader) hop(ctx context.Context, address string) (Hop, error) {
	usr, alias, port, err := Split(address)
	if err != nil {
		return Hop{}, err
	}
	s, err := r.settings(ctx, usr, alias, port)
	if err != nil {
		return Hop{}, err
	}
	fail := func(format string, args ...any) (Hop, error) {
		return Hop{}, fmt.Errorf("ssh_config for %s: %s", alias, fmt.Sprintf(format, args...))
	}
	h := Hop{
		Alias: alias, Network: "tcp",
		User: first(usr, s.first("user"), localUser()),
		Port: first(port, s.first("port"), "22"),
		Host: first(s.first("hostname"), alias),
	}
	switch {
	case h.User == "":
		return Hop{}, fmt.Errorf("no user for %s: write user@%s, or User in ssh_config", alias, alias)
	case !isPort(h.Port):
		return fail("%q is no port", h.Port)
	}
	if _, host, _, err := Split(h.Host); err != nil || host != h.Host {
		return fail("HostName %q is no host", h.Host)
	}
	switch strings.ToLower(s.first("addressfamily")) {
	case "inet":
		h.Network = "tcp4"
	case "inet6":
		h.Network = "tcp6"
	}
	h.Key = net.JoinHostPort(strings.ToLower(h.Host), h.Port)
	if v := s.first("hostkeyalias"); set(v) {
		h.Key = net.JoinHostPort(strings.ToLower(v), "22")
	}
	if v := s.first("proxyjump"); set(v) {
		h.jumps = strings.Split(strings.ReplaceAll(v, " ", ""), ",")
		delete(s, "proxycommand") // ProxyJump came first
		for i, j := range h.jumps {
			h.jumps[i] = strings.TrimSuffix(strings.TrimPrefix(j, "ssh://"), "/")
		}
	}
	no := refused
	if !r.ignoreKnownHosts {
		no = append(no[:len(no):len(no)], refusedOfHostKeys...)
	}
	for _, k := range no {
		if set(s.first(k.key)) {
			return fail("it sets %s: %s", k.name, k.instead)
		}
	}
	if why := withoutKeys(s); why != "" {
		return fail("%s, and kmsiso logs in with keys only: allow publickey for this host", why)
	}
	return h, r.files(&h, s)
}

// withoutKeys says what rules out a log-on with a key.
func withoutKeys(s settings) string {
	if v := strings.ToLower(s.first("pubkeyauthentication")); v == "no" || v == "false" {
		return "PubkeyAuthentication is " + v
	}
	if v := strings.ToLower(s.first("preferredauthentications")); v != "" {
		for m := range strings.SplitSeq(v, ",") {
			if strings.TrimSpace(m) == "publickey" {
				return ""
			}
		}
		return "PreferredAuthentications is " + v
	}
	return ""
}

// files fills in the files of h, with OpenSSH's tokens expanded.
func (r *Reader) files(h *Hop, s settings) error {
	t := tokens{hop: *h, alias: s.first("hostkeyalias")}
	var err error
	list := func(key string) []string {
		var all []string
		for _, v := range s[key] {
			if !set(v) || err != nil {
				continue
			}
			var name string
			if name, err = t.expand(v); err != nil {
				err = fmt.Errorf("ssh_config for %s: %s %q: %w", h.Alias, key, v, err)
			}
			all = append(all, name)
		}
		return all
	}
	h.Identities, h.Certificates = list("identityfile"), list("certificatefile")
	if len(s["identityfile"]) == 0 {
		for _, name := range []string{"id_ed25519", "id_ecdsa", "id_rsa"} {
			h.Identities = append(h.Identities, inHome(name)...)
		}
	}
	h.Defaults = usual(s["identityfile"])
	h.IdentitiesOnly = isYes(s.first("identitiesonly"))
	switch v := s.first("identityagent"); {
	case strings.EqualFold(v, "none"):
		h.Agent = "none"
	case v != "" && v != "SSH_AUTH_SOCK":
		if agent := list("identityagent"); len(agent) > 0 {
			h.Agent = agent[0]
		}
	}
	if r.ignoreKnownHosts {
		return err
	}
	h.KnownHosts = list("userknownhostsfile")
	if len(s["userknownhostsfile"]) == 0 {
		h.KnownHosts = append(inHome("known_hosts"), inHome("known_hosts2")...)
	}
	global := list("globalknownhostsfile")
	if len(s["globalknownhostsfile"]) == 0 {
		global = []string{inSystem("ssh_known_hosts"), inSystem("ssh_known_hosts2")}
	}
	h.KnownHosts = append(h.KnownHosts, global...)
	return err
}

// usual reports whether files are those that OpenSSH tries where none is named:
// ssh -G lists them all.
func usual(files []string) bool {
	for _, f := range files {
		if !strings.HasPrefix(f, "~/.ssh/id_") {
			return false
		}
	}
	return len(files) == 0 || len(files) >= 4
}

func isYes(v string) bool { return strings.EqualFold(v, "yes") || strings.EqualFold(v, "true") }

// set reports whether a value says something.
func set(v string) bool { return v != "" && !strings.EqualFold(v, "none") }

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
