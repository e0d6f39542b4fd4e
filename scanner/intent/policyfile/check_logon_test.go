package policyfile

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLogonsThatNobodyJudges(t *testing.T) {
	const directory = "forests: {contoso.test: {directory: {urls: [ldaps://%s], credential: reader}}}"
	for name, c := range map[string]struct {
		user, forests string
		machines      int
		say           string // "" is no warning
	}{
		"no controller":      {`CONTOSO\admin`, "", 2, "add forests: {contoso.example: "},
		"a DNS name":         {"admin@contoso.test", "", 2, "add forests: {contoso.test: "},
		"one machine":        {`CONTOSO\admin`, "", 1, ""},
		"a controller":       {`CONTOSO\admin`, fmt.Sprintf(directory, "dc01.contoso.test"), 2, ""},
		"by its address":     {"admin@contoso.test", fmt.Sprintf(directory, "198.18.11.10"), 2, ""},
		"of a child":         {`EMEA\admin`, fmt.Sprintf(directory, "dc01.emea.contoso.test"), 2, ""},
		"of another":         {`FABRIKAM\admin`, fmt.Sprintf(directory, "dc01.contoso.test"), 2, "add forests: {fabrikam.example: "},
		"a long name":        {`VERYLONGNAMEOFA\admin`, fmt.Sprintf(directory, "dc01.verylongnameofadomain.test"), 2, ""},
		"of no domain":       {"admin", fmt.Sprintf(directory, "dc01.contoso.test"), 2, `.\admin`},
		"of each itself":     {`.\admin`, "", 2, ""},
		"of the one machine": {`PC1\admin`, "", 1, ""},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "secret"), []byte("x"), 0o600); err != nil {
				t.Fatal(err)
			}
			text := "version: 1\nhosts: {kms01: {addresses: [192.0.2.1]}}\n" + c.forests + "\ncredentials:\n  reader: {kind: password, user: r@contoso.test, password: {file: secret}}\n" +
				"  admin: {kind: password, user: '" + c.user + "', password: {file: secret}, tier: 0}\nvantages:\n"
			for i := range c.machines {
				text += fmt.Sprintf("  pc%d: {role: domain, via: [{winrm: pc%d.contoso.test, credential: admin}]}\n", i+1, i+1)
			}
			path := filepath.Join(dir, "k.yaml")
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			p, err := loadAt(path)
			if err != nil {
				t.Fatal(err)
			}
			said := strings.Join(p.Warnings, "\n")
			if got := strings.Contains(said, "is shown to"); got != (c.say != "") || !strings.Contains(said, c.say) {
				t.Errorf("said %q", said)
			}
		})
	}
}
