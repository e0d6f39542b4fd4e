package intent

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"unicode"
	"unicode/utf8"
)

// trim takes one line end off, which editors and echo leave.
func trim(b []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimSuffix(b, []byte("\n")), []byte("\r"))
}

// misshapen says why a secret cannot be one that somebody types, "" where it can.
// It tells nothing of what the secret holds. Such octets come from the program
// that wrote it; a peer would count them as a wrong password.
func misshapen(b []byte) string {
	switch {
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")):
		return "begins with a byte order mark"
	case bytes.HasPrefix(b, []byte("\xff\xfe")), bytes.HasPrefix(b, []byte("\xfe\xff")):
		return "is UTF-16, with a byte order mark"
	case bytes.IndexByte(b, 0) >= 0:
		return "has NUL characters, as UTF-16 does"
	case !utf8.Valid(b):
		return "is not UTF-8"
	case bytes.ContainsAny(b, "\r\n"):
		return "has more than one line"
	case bytes.ContainsFunc(b, unicode.IsControl):
		return "has control characters"
	}
	return ""
}

// misshapenFile is misshapen for a file, where a blank at either end is hardly
// meant either.
func misshapenFile(b []byte) string {
	if why := misshapen(b); why != "" {
		return why
	}
	blank := func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) }
	switch first, _ := utf8.DecodeRune(b); {
	case len(b) == 0:
		return "is empty"
	case blank(first):
		return "begins with a blank"
	}
	if last, _ := utf8.DecodeLastRune(b); blank(last) {
		return "ends with a blank"
	}
	return ""
}

// badSecretFile names the file and a way to write it anew.
func badSecretFile(path, why string) error {
	return fmt.Errorf("the password file %s %s, so it is not used. Write it anew, so that no history of a shell has the password: %s",
		path, why, howToWrite(runtime.GOOS, absolute(path)))
}

// howToWrite is a command that asks for a password and writes it into a file:
// UTF-8, no mark, no line end, for this user alone.
func howToWrite(goos, path string) string {
	if goos == "windows" {
		return fmt.Sprintf("$p = Read-Host -AsSecureString; [IO.File]::WriteAllText('%s', [Net.NetworkCredential]::new('', $p).Password)",
			strings.ReplaceAll(path, "'", "''"))
	}
	quoted := "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
	return "(umask 077; IFS= read -rs p && printf %s \"$p\" > " + quoted + ")"
}

// look tells of a secret that a run could not use: its form is a mistake, and
// what may be otherwise at the time of a run is a warning. No command is run.
func (l *loader) look(credential string, f secretForm, s Secret) {
	switch {
	case s.File != "":
		if _, err := os.Stat(s.File); err != nil {
			return // told already
		}
		b, open, err := readSecretFile(s.File)
		if err != nil {
			l.bad.warn(f.File.at, "credential %s cannot be used: %v", credential, err)
			return
		}
		if why := misshapenFile(trim(b)); why != "" {
			l.bad.add(f.File.at, "credential %s: %v", credential, badSecretFile(s.File, why))
		}
		if open != nil {
			l.bad.warn(f.File.at, "credential %s cannot be used: %v", credential, open)
		}
	case s.Env != "" && envName.MatchString(s.Env):
		value, ok := os.LookupEnv(s.Env)
		if why := misshapen(trim([]byte(value))); ok && why != "" {
			l.bad.add(f.Env.at, "credential %s: the secret from %s %s", credential, s, why)
		}
		if !ok || value == "" {
			l.bad.warn(f.Env.at, "credential %s cannot be used: environment variable %s is not set here", credential, s.Env)
		}
	case len(s.Exec) > 0:
		if _, err := exec.LookPath(s.Exec[0]); err != nil {
			l.bad.warn(f.Exec.at, "credential %s cannot be used: the program %s is not found here", credential, s.Exec[0])
		}
	}
}
