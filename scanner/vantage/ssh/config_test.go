package ssh

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSplitAddress(t *testing.T) {
	for _, c := range []struct{ address, user, host, port, err string }{
		{address: "guest.example.test", host: "guest.example.test"},
		{address: "ops@guest", user: "ops", host: "guest"},
		{address: "ops@guest:2222", user: "ops", host: "guest", port: "2222"},
		{address: `CONTOSO\ops@corp@guest:22`, user: `CONTOSO\ops@corp`, host: "guest", port: "22"},
		{address: "198.18.30.9:22", host: "198.18.30.9", port: "22"},
		{address: "2001:db8::9", host: "2001:db8::9"},
		{address: "root@[2001:db8::9]:2222", user: "root", host: "2001:db8::9", port: "2222"},
		{address: "[2001:db8::9]", host: "2001:db8::9"},
		{address: "", err: "want [user@]host[:port]"},
		{address: "root@", err: "want [user@]host[:port]"},
		{address: "guest:ssh", err: `"ssh" is no port`},
		{address: "guest:0", err: `"0" is no port`},
		{address: "guest:70000", err: `"70000" is no port`},
		{address: "-oProxyCommand=x", err: "want [user@]host[:port]"},
		{address: "ssh://guest", err: "is no port"},
		{address: "[2001:db8::9", err: "want [user@]host[:port]"},
	} {
		t.Run(c.address, func(t *testing.T) {
			user, host, port, err := splitAddress(c.address)
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) {
					t.Fatalf("error %v, want one that says %q", err, c.err)
				}
				return
			}
			if err != nil || user != c.user || host != c.host || port != c.port {
				t.Errorf("got %q %q %q, %v", user, host, port, err)
			}
		})
	}
}

// configured writes an ssh_config and reads it.
func configured(t *testing.T, text string) clientConfig {
	t.Helper()
	name := filepath.Join(t.TempDir(), "config")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := readConfig(name)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestHopFromConfig(t *testing.T) {
	t.Setenv("HOME", "/home/ops")
	t.Setenv("USERPROFILE", "/home/ops")
	c := configured(t, `
Host far
  HostName %h.example.test
  User admin
  Port 2222
  IdentityFile ~/.ssh/%r_%n
  IdentityFile "%d/my keys/id"
  IdentitiesOnly yes
  UserKnownHostsFile ~/known /etc/known2
  GlobalKnownHostsFile none
Host aliased
  HostKeyAlias Cluster
  ProxyCommand none
  UserKnownHostsFile none
  GlobalKnownHostsFile none
`)
	for _, d := range []struct {
		name string
		way  Way
		want hop
	}{
		{"everything from the file", Way{Address: "far"}, hop{
			alias: "far", user: "admin", host: "far.example.test", port: "2222", key: "far.example.test:2222",
			identities: []string{"/home/ops/.ssh/admin_far", "/home/ops/my keys/id"}, identitiesOnly: true,
			knownHosts: []string{"/home/ops/known", "/etc/known2"},
		}},
		{"the address and the way go first", Way{Address: "root@far:22", Identity: "/k", KnownHosts: "/kh"}, hop{
			alias: "far", user: "root", host: "far.example.test", port: "22", key: "far.example.test:22",
			identities: []string{"/k", "/home/ops/.ssh/root_far", "/home/ops/my keys/id"}, identitiesOnly: true,
			knownHosts: []string{"/kh"},
		}},
		{"an alias of the host key has no port", Way{Address: "x@aliased:9"}, hop{
			alias: "aliased", user: "x", host: "aliased", port: "9", key: "cluster:22",
		}},
		{"nothing configured", Way{Address: "x@Plain"}, hop{
			alias: "Plain", user: "x", host: "Plain", port: "22", key: "plain:22",
			knownHosts: []string{"/home/ops/.ssh/known_hosts", "/home/ops/.ssh/known_hosts2", "/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2"},
		}},
	} {
		t.Run(d.name, func(t *testing.T) {
			got, err := c.hop(d.way, d.way.Address)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(d.want, got, cmp.AllowUnexported(hop{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPathThroughHops(t *testing.T) {
	c := configured(t, `
Host far
  ProxyJump root@one:2201, two
Host one
  ProxyJump zero
Host two
  ProxyJump nowhere
Host loop
  ProxyJump loop
Host command
  ProxyCommand nc %h %p
Host badport
  Port many
`)
	hops, err := c.path(Way{Address: "root@far"})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, h := range hops {
		names = append(names, h.host+":"+h.port)
	}
	if diff := cmp.Diff([]string{"zero:22", "one:2201", "two:22", "far:22"}, names); diff != "" {
		t.Error(diff)
	}
	for address, want := range map[string]string{
		"loop":    "leads back to itself",
		"command": "use ProxyJump",
		"badport": `"many" is no port`,
	} {
		if _, err := c.path(Way{Address: "root@" + address}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want one that says %q", address, err, want)
		}
	}
}

func TestConfigThatCannotBeRead(t *testing.T) {
	if _, err := readConfig(filepath.Join(t.TempDir(), "absent")); err == nil {
		t.Error("a named file that is absent is no error")
	}
	name := filepath.Join(t.TempDir(), "config")
	if err := os.WriteFile(name, []byte("Match exec true\n  User x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := readConfig(name); err == nil || !strings.Contains(err.Error(), name) {
		t.Errorf("error %v, want one that names %s", err, name)
	}
	if c, err := readConfig("none"); err != nil || len(c) != 0 {
		t.Errorf("none: %v, %v", c, err)
	}
}
