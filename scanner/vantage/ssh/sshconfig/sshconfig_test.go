package sshconfig

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kmsiso/kmsiso/fixtures/need"
)

func TestSplit(t *testing.T) {
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
		{address: "root@-oProxyCommand=x", err: "want [user@]host[:port]"},
		{address: "-l@host", err: "want [user@]host[:port]"},
		{address: "[-v]:22", err: "want [user@]host[:port]"},
		{address: "ssh://guest", err: "is no port"},
		{address: "[2001:db8::9", err: "want [user@]host[:port]"},
	} {
		t.Run(c.address, func(t *testing.T) {
			user, host, port, err := Split(c.address)
			if c.err != "" {
				wantErr(t, err, c.err)
				return
			}
			if err != nil || user != c.user || host != c.host || port != c.port {
				t.Errorf("got %q %q %q, %v", user, host, port, err)
			}
		})
	}
}

func wantErr(t *testing.T, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one that says %q", words)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("error %v, want one that says %q", err, w)
		}
	}
}

// written is an ssh_config in a HOME of its own; a part of the text that begins
// with "# file NAME" is another file beside it.
func written(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("HOME", dir)
	t.Setenv("USERPROFILE", dir)
	ssh := filepath.Join(dir, ".ssh")
	parts := strings.Split(text, "# file ")
	for i, part := range parts {
		name := "config"
		if i > 0 {
			name, part, _ = strings.Cut(part, "\n")
		}
		name = filepath.Join(ssh, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(strings.ReplaceAll(part, "{dir}", dir)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(ssh, "config")
}

// readers are OpenSSH, where it is installed, and our own reading of one file.
func readers(t *testing.T, file string) map[string]*Reader {
	t.Helper()
	all := map[string]*Reader{"own": {file: file}}
	switch r := New(t.Context(), file, false); {
	case r.program != "":
		all["OpenSSH"] = r
	case need.Must:
		t.Fatal("there is no OpenSSH to compare with")
	default:
		t.Log("there is no OpenSSH to compare with")
	}
	return all
}

// TestBothReadingsMeanTheSame: OpenSSH itself is the judge of our own reading.
func TestBothReadingsMeanTheSame(t *testing.T) {
	for _, c := range []struct{ name, address, config, host, user, port string }{
		{"nothing", "x@plain", "", "plain", "x", "22"},
		{"host", "far", "Host far\n HostName 127.0.0.9\n User a\n Port 2222\n", "127.0.0.9", "a", "2222"},
		{"the address wins", "b@far:99", "Host far\n HostName 127.0.0.9\n User a\n Port 2222\n", "127.0.0.9", "b", "99"},
		{"the first wins", "far", "Host far\n HostName one\nHost *\n HostName two\n User u\n", "one", "u", "22"},
		{"%h", "far", "Host far\n HostName %h.example.test\n User u\n", "far.example.test", "u", "22"},
		{"patterns", "web12", "Host web1? !web13\n HostName one\nHost *\n HostName two\n User u\n", "one", "u", "22"},
		{"a negated pattern", "web13", "Host web1? !web13\n HostName one\nHost *\n HostName two\n User u\n", "two", "u", "22"},
		{"= and quotes", "far", "host = \"far\"\n\tHOSTNAME=\"one\"\n User = u # the user\n", "one", "u", "22"},
		{"match all", "far", "Match all\n HostName one\n User u\n", "one", "u", "22"},
		{"match final", "far", "Host far\n HostName one\n User u\nMatch final all\n HostName two\n Port 23\n", "one", "u", "23"},
		{"match final host", "far", "Host far\n HostName one\n User u\nMatch final host one\n Port 23\nMatch final host far\n Port 24\n", "one", "u", "23"},
		{"match canonical", "far", "Match canonical all\n HostName two\nHost far\n HostName one\n User u\n", "one", "u", "22"},
		{"match host by the new name", "far", "Host far\n HostName one\nMatch host one\n User u\nMatch host far\n User no\n", "one", "u", "22"},
		{"match originalhost", "far", "Match originalhost elsewhere\n HostName no\nMatch originalhost far,x\n HostName one\n User u\n", "one", "u", "22"},
		{"match user given", "git@far", "Match user git\n HostName one\nMatch user other\n HostName two\n", "one", "git", "22"},
		{"match user set", "far", "Host far\n User git\nMatch user git\n HostName one\n", "one", "git", "22"},
		{"match not", "far", "Match !host far\n HostName no\nMatch !originalhost elsewhere\n HostName one\n User u\n", "one", "u", "22"},
		{"match localuser", "far", "Match localuser nobody-of-this-name\n HostName no\nHost far\n HostName one\n User u\n", "one", "u", "22"},
		{"exec that cannot count", "far", "Match originalhost elsewhere exec \"true\"\n HostName no\nHost far\n HostName one\n User u\n", "one", "u", "22"},
		{"include", "far", "Include conf.d/*\nHost *\n HostName two\n# file conf.d/1\nHost far\n HostName one\n User u\n# file conf.d/2\nHost far\n User no\n", "one", "u", "22"},
		{"include within a block that does not count", "far", "Host elsewhere\n Include conf.d/*\nHost far\n HostName one\n User u\n# file conf.d/1\nHost far\n HostName no\nMatch all\n HostName no\n", "one", "u", "22"},
		{"a block of an included file ends with it", "far", "Host far\n Include conf.d/*\n HostName one\n User u\n# file conf.d/1\nHost elsewhere\n Port 23\n", "one", "u", "22"},
		{"an alias of the host key", "far", "Host far\n HostKeyAlias Cluster\n User u\n", "far", "u", "22"},
		{"family", "far", "Host far\n AddressFamily inet\n User u\n", "far", "u", "22"},
		{"identities", "far", "Host far\n IdentityFile ~/.ssh/%r_%n\n IdentityFile \"%d/my keys/%h-%p\"\nHost *\n User u\n IdentityFile /third\n IdentitiesOnly yes\n CertificateFile ~/c-cert.pub\n", "far", "u", "22"},
		{"an agent", "far", "Host far\n User u\n IdentityAgent {dir}/agent.sock\n", "far", "u", "22"},
		{"no agent", "far", "Host far\n User u\n IdentityAgent none\n", "far", "u", "22"},
		{"known hosts", "far", "Host far\n User u\n UserKnownHostsFile {dir}/known {dir}/other\n GlobalKnownHostsFile none\n", "far", "u", "22"},
		{"no known hosts", "far", "Host far\n User u\n UserKnownHostsFile none\n GlobalKnownHostsFile none\n", "far", "u", "22"},
		{"jumps", "far", "Host far\n User u\n ProxyJump root@one:22,two\n ProxyCommand no\nHost one two\n User u\n", "far", "u", "22"},
		{"no jump", "far", "Host far\n User u\n ProxyJump none\nHost *\n ProxyJump one\n", "far", "u", "22"},
		{"never obeyed", "far", "Host far\n User u\n StrictHostKeyChecking no\n UpdateHostKeys yes\n VerifyHostKeyDNS yes\n", "far", "u", "22"},
		{"gssapi beside keys", "far", "Host far\n User u\n GSSAPIAuthentication yes\n", "far", "u", "22"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got [][]Hop
			for who, r := range readers(t, written(t, c.config)) {
				hops, err := r.Path(t.Context(), c.address)
				if err != nil {
					t.Fatalf("%s: %v", who, err)
				}
				last := hops[len(hops)-1]
				if last.Host != c.host || last.User != c.user || last.Port != c.port {
					t.Errorf("%s: %s, want %s@%s:%s", who, last, c.user, c.host, c.port)
				}
				for i := range hops {
					if hops[i].Defaults { // OpenSSH lists its own, we list ours
						hops[i].Identities = nil
					}
				}
				got = append(got, hops)
			}
			if len(got) == 2 {
				if diff := cmp.Diff(got[0], got[1], cmp.AllowUnexported(Hop{})); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
}

func TestRefusedByName(t *testing.T) {
	for name, c := range map[string]struct{ config, want string }{
		"ProxyCommand":      {"ProxyCommand nc %h %p", "ProxyCommand"},
		"KnownHostsCommand": {"KnownHostsCommand /bin/echo %H", "KnownHostsCommand"},
		"PKCS11Provider":    {"PKCS11Provider /lib/x.so", "PKCS11Provider"},
		"RevokedHostKeys":   {"RevokedHostKeys /etc/x", "RevokedHostKeys"},
		"GSSAPI alone":      {"PreferredAuthentications gssapi-with-mic", "PreferredAuthentications"},
		"no keys":           {"PubkeyAuthentication no", "PubkeyAuthentication"},
		"a token":           {"IdentityFile /x/%C", "%C"},
		"a variable":        {"IdentityFile ${KMSISO_NOT_SET}/x", "KMSISO_NOT_SET"},
		"a loop":            {"ProxyJump far", " far"},
		"a jump as option":  {"ProxyJump -oProxyCommand=x", "-oProxyCommand"},
	} {
		t.Run(name, func(t *testing.T) {
			for who, r := range readers(t, written(t, "Host far\n User u\n "+c.config+"\nHost other\n HostName one\n User u\n")) {
				if _, err := r.Path(t.Context(), "far"); err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("%s: %v, want %q", who, err, c.want)
				}
				if _, err := r.Path(t.Context(), "other"); err != nil {
					t.Errorf("%s: a host that it does not concern: %v", who, err)
				}
			}
		})
	}
}

func TestWhatOnlyOpenSSHEvaluatesIsRefusedWhereItCouldCount(t *testing.T) {
	for name, c := range map[string]struct {
		config string
		refuse bool
	}{
		"exec":                          {"Match exec \"false\"\n HostName two\n", true},
		"exec for this host":            {"Match originalhost far exec \"false\"\n HostName two\n", true},
		"exec for another host":         {"Match originalhost other exec \"false\"\n HostName two\n", false},
		"exec of nothing that counts":   {"Match exec \"false\"\n Compression yes\n", false},
		"exec that includes":            {"Match exec \"false\"\n Include x\n", true},
		"localnetwork":                  {"Match localnetwork 10.0.0.0/8\n ProxyJump two\n", true},
		"canonicalising":                {"CanonicalizeHostname yes\n", true},
		"canonicalising another":        {"Host other\n CanonicalizeHostname yes\n", false},
		"a quote without end elsewhere": {"Host other\n IdentityFile \"x\n", true},
	} {
		t.Run(name, func(t *testing.T) {
			r := &Reader{file: written(t, c.config+"Host far\n HostName one\n User u\n")}
			hops, err := r.Path(t.Context(), "far")
			if (err != nil) != c.refuse {
				t.Errorf("%v, %v", hops, err)
			}
		})
	}
}

func FuzzOwn(f *testing.F) {
	f.Add("Host far\n HostName one\nMatch user x exec \"y\"\n Port 3\n")
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(strings.ToLower(text), "include") {
			return // of files of this machine
		}
		name := filepath.Join(t.TempDir(), "config")
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		hops, err := (&Reader{file: name}).Path(t.Context(), "u@far")
		if err == nil && (len(hops) == 0 || hops[len(hops)-1].Host == "" || strings.HasPrefix(hops[0].Host, "-")) {
			t.Errorf("%v", hops)
		}
	})
}
