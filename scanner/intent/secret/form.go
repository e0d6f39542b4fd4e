package secret

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
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
	where, err := filepath.Abs(path)
	if err != nil {
		where = path
	}
	return fmt.Errorf("the password file %s %s, so it is not used. Write it anew, so that no history of a shell has the password: %s",
		path, why, howToWrite(runtime.GOOS, where))
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

// Look tells of a secret that a run could not use, without running a command:
// mistake is of its form, and unusable is what may be otherwise at the time of a
// run. Nothing of the secret is kept.
func (r Reference) Look() (mistake, unusable error) {
	switch {
	case r.File != "":
		b, open, err := readSecretFile(r.File)
		if err != nil {
			return nil, err
		}
		if why := misshapenFile(trim(b)); why != "" {
			mistake = badSecretFile(r.File, why)
		}
		return mistake, open
	case r.Env != "":
		value, ok := os.LookupEnv(r.Env)
		if why := misshapen(trim([]byte(value))); ok && why != "" {
			mistake = fmt.Errorf("the secret from %s %s", r, why)
		}
		if !ok || value == "" {
			unusable = fmt.Errorf("%s is not set here", r)
		}
	case len(r.Exec) > 0:
		if _, err := exec.LookPath(r.Exec[0]); err != nil {
			unusable = fmt.Errorf("the program %s is not found here", r.Exec[0])
		}
	}
	return mistake, unusable
}
