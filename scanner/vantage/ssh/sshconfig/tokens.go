package sshconfig

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

// tokens are OpenSSH's percent tokens (ssh_config(5), TOKENS) of one host. ssh -G
// leaves those of IdentityFile and CertificateFile as they were written.
type tokens struct {
	hop   Hop
	alias string // HostKeyAlias
}

// expand fills in tokens, variables of the environment and a leading ~.
func (t tokens) expand(s string) (string, error) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '%' && i+1 < len(s):
			i++
			v, ok := t.token(s[i])
			if !ok {
				return "", fmt.Errorf("the token %%%c is not known to kmsiso: write out what it stands for", s[i])
			}
			b.WriteString(v)
		case s[i] == '$' && strings.HasPrefix(s[i:], "${") && strings.Contains(s[i:], "}"):
			name := s[i+2 : i+strings.IndexByte(s[i:], '}')]
			v, ok := os.LookupEnv(name)
			if !ok {
				return "", fmt.Errorf("%s is not set in the environment of kmsiso", name)
			}
			b.WriteString(v)
			i += len(name) + 2
		case s[i] == '$' && i == 0 && !strings.ContainsAny(s, "/\\"): // IdentityAgent $NAME
			v, ok := os.LookupEnv(s[1:])
			if !ok {
				return "", fmt.Errorf("%s is not set in the environment of kmsiso", s[1:])
			}
			return v, nil
		default:
			b.WriteByte(s[i])
		}
	}
	return expandHome(b.String()), nil
}

func (t tokens) token(c byte) (string, bool) {
	host, _ := os.Hostname()
	short, _, _ := strings.Cut(host, ".")
	v, ok := map[byte]string{
		'%': "%", 'd': home(), 'h': t.hop.Host, 'n': t.hop.Alias, 'p': t.hop.Port, 'r': t.hop.User, 'u': localUser(),
		'i': strconv.Itoa(os.Getuid()), 'k': first(t.alias, t.hop.Alias), 'l': host, 'L': short,
	}[c]
	return v, ok
}

// expandHome replaces a leading ~.
func expandHome(path string) string {
	if h := home(); h != "" && (path == "~" || strings.HasPrefix(path, "~/") || strings.HasPrefix(path, `~\`)) {
		return h + path[1:]
	}
	return path
}

// inHome is a file below the user's .ssh; none where there is no home.
func inHome(name string) []string {
	if h := home(); h != "" {
		return []string{filepath.Join(h, ".ssh", name)}
	}
	return nil
}

// inSystem is a file of the system's OpenSSH.
func inSystem(name string) string {
	if runtime.GOOS == "windows" {
		return filepath.Join(os.Getenv("ProgramData"), "ssh", name)
	}
	return "/etc/ssh/" + name
}
