package krb5conf

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// files writes files below a folder, which DIR stands for in them.
func files(t *testing.T, texts map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range texts {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(strings.ReplaceAll(text, "DIR", dir)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const realm = "[realms]\nCONTOSO.TEST = {\n kdc = dc01.contoso.test\n}\n"

func TestRead(t *testing.T) {
	for name, row := range map[string]struct {
		files map[string]string
		list  string // the files of KRB5_CONFIG; krb5.conf if ""
		want  string // of CONTOSO.TEST
		dns   bool
	}{
		"plain":                         {files: map[string]string{"krb5.conf": "[libdefaults]\ndns_lookup_kdc = false\n" + realm}, want: "dc01.contoso.test:88"},
		"DNS by default":                {files: map[string]string{"krb5.conf": realm}, want: "dc01.contoso.test:88", dns: true},
		"DNS for realms":                {files: map[string]string{"krb5.conf": "[libdefaults]\ndns_lookup_kdc = no\ndns_lookup_realm = TRUE\n" + realm}, want: "dc01.contoso.test:88", dns: true},
		"the first value counts":        {files: map[string]string{"krb5.conf": "[libdefaults]\ndns_lookup_kdc = no\ndns_lookup_kdc = yes\n"}},
		"order, ports and IPv6":         {files: map[string]string{"krb5.conf": "[realms]\nCONTOSO.TEST = {\nkdc = b.test:750\nkdc = [2001:db8::1]:88\nkdc = [2001:db8::2]\nkdc = 2001:db8::3\nkdc=a.test\n}"}, want: "b.test:750 [2001:db8::1]:88 [2001:db8::2]:88 [2001:db8::3]:88 a.test:88", dns: true},
		"master_kdc is no kdc":          {files: map[string]string{"krb5.conf": "[realms]\nCONTOSO.TEST = {\nmaster_kdc = m.test\nprimary_kdc = p.test\nadmin_server = s.test\nkdc = a.test\n}"}, want: "a.test:88", dns: true},
		"a sub-block":                   {files: map[string]string{"krb5.conf": "[realms]\nCONTOSO.TEST = {\nauth_to_local_names = {\nkdc = evil.test\n}\nkdc = a.test\n}\n"}, want: "a.test:88", dns: true},
		"two sections":                  {files: map[string]string{"krb5.conf": realm + "[realms]\nOTHER.TEST = {\nkdc = o.test\n}\nCONTOSO.TEST = {\nkdc = b.test\n}\n"}, want: "dc01.contoso.test:88 b.test:88", dns: true},
		"a final tag":                   {files: map[string]string{"krb5.conf": "[realms]\nCONTOSO.TEST = {\nkdc* = a.test\nkdc = b.test\n}\n"}, want: "a.test:88", dns: true},
		"a final block":                 {files: map[string]string{"krb5.conf": "[realms]\nCONTOSO.TEST = {\nkdc = a.test\n}*\nCONTOSO.TEST = {\nkdc = b.test\n}\n"}, want: "a.test:88", dns: true},
		"a final section":               {files: map[string]string{"krb5.conf": "include DIR/first\n" + realm, "first": "[realms]*\nCONTOSO.TEST = {\nkdc = a.test\n}\n"}, want: "a.test:88", dns: true},
		"include":                       {files: map[string]string{"krb5.conf": "[libdefaults]\ninclude DIR/more\nforwardable = true\n", "more": realm}, want: "dc01.contoso.test:88", dns: true},
		"includedir":                    {files: map[string]string{"krb5.conf": "includedir DIR/d\n", "d/b_2": realm, "d/a-1.conf": strings.ReplaceAll(realm, "dc01", "dc02"), "d/.hidden.conf": "no", "d/old.bak": "no", "d/x~": "no"}, want: "dc02.contoso.test:88 dc01.contoso.test:88", dns: true},
		"a list":                        {files: map[string]string{"a": realm, "b": strings.ReplaceAll(realm, "dc01", "dc02")}, list: "DIR/a:DIR/b", want: "dc01.contoso.test:88 dc02.contoso.test:88", dns: true},
		"a brace on its own line":       {files: map[string]string{"krb5.conf": "[realms]\nCONTOSO.TEST =\n{\nkdc = a.test\n}\n"}, want: "a.test:88", dns: true},
		"comments, quotes, CRLF":        {files: map[string]string{"krb5.conf": "# c\r\n; c\r\n[realms]\r\n\tCONTOSO.TEST = {\r\n# kdc = evil.test\r\n  kdc = \"a.test\"\r\n}\r\n"}, want: "a.test:88", dns: true},
		"other sections are passed by":  {files: map[string]string{"krb5.conf": "[logging]\nkdc = FILE:/x # y\n[capaths]\nA = {\nB = .\n}\n[appdefaults]\nx = {\ny = {\nz = 1\n}\n}\n" + realm}, want: "dc01.contoso.test:88", dns: true},
		"another case is another realm": {files: map[string]string{"krb5.conf": strings.ReplaceAll(realm, "CONTOSO", "Contoso")}, dns: true},
	} {
		t.Run(name, func(t *testing.T) {
			dir := files(t, row.files)
			list := filepath.Join(dir, "krb5.conf")
			if row.list != "" {
				list = strings.ReplaceAll(strings.ReplaceAll(row.list, ":", string(filepath.ListSeparator)), "DIR", dir)
			}
			c, err := Read(list)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(c.Realms["CONTOSO.TEST"], " "); got != row.want || c.DNS != row.dns {
				t.Errorf("KDCs %s, DNS %v", got, c.DNS)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	for name, row := range map[string]struct {
		files map[string]string
		want  string
	}{
		"no such file":           {nil, "krb5.conf"},
		"an include is missing":  {map[string]string{"krb5.conf": "\ninclude DIR/none\n"}, "krb5.conf:2: "},
		"an include of itself":   {map[string]string{"krb5.conf": "include DIR/krb5.conf\n"}, "one in another"},
		"a short path":           {map[string]string{"krb5.conf": "include more\n"}, "krb5.conf:1: "},
		"a folder":               {map[string]string{"krb5.conf": "include DIR\n"}, "krb5.conf:1: "},
		"a bad included file":    {map[string]string{"krb5.conf": "include DIR/more\n", "more": "[realms]\nx\n"}, "more:2: "},
		"a module":               {map[string]string{"krb5.conf": "module /lib/x.so:y\n"}, "krb5.conf:1: "},
		"no section":             {map[string]string{"krb5.conf": "kdc = x\n"}, "krb5.conf:1: "},
		"an open brace":          {map[string]string{"krb5.conf": "[realms]\nX = {\nkdc = a\n"}, "within braces"},
		"a section in a brace":   {map[string]string{"krb5.conf": "[realms]\nX = {\n[libdefaults]\n"}, "krb5.conf:3: "},
		"a closing brace":        {map[string]string{"krb5.conf": "[realms]\n}\n"}, "krb5.conf:2: "},
		"a block on one line":    {map[string]string{"krb5.conf": "[realms]\nX = { kdc = a }\n"}, "krb5.conf:2: "},
		"a comment behind":       {map[string]string{"krb5.conf": "[realms]\nX = {\nkdc = a.test # the old one\n}\n"}, "krb5.conf:3: "},
		"two hosts":              {map[string]string{"krb5.conf": "[realms]\nX = {\nkdc = a.test b.test\n}\n"}, "krb5.conf:3: "},
		"a star behind the host": {map[string]string{"krb5.conf": "[realms]\nX = {\nkdc = a.test*\n}\n"}, "krb5.conf:3: "},
		"a proxy":                {map[string]string{"krb5.conf": "[realms]\nX = {\nkdc = https://a.test/KdcProxy\n}\n"}, "krb5.conf:3: "},
		"another transport":      {map[string]string{"krb5.conf": "[realms]\nX = {\nkdc = udp/a.test\n}\n"}, "krb5.conf:3: "},
		"a port":                 {map[string]string{"krb5.conf": "[realms]\nX = {\nkdc = a.test:0\n}\n"}, "krb5.conf:3: "},
		"no value":               {map[string]string{"krb5.conf": "[realms]\nX = {\nkdc =\nkdc = a\n}\n"}, "krb5.conf:4: "},
		"a realm that is a word": {map[string]string{"krb5.conf": "[realms]\nX = y\n"}, "krb5.conf:2: "},
		"UTF-16":                 {map[string]string{"krb5.conf": "[\x00r\x00"}, "krb5.conf:1: "},
	} {
		t.Run(name, func(t *testing.T) {
			dir := files(t, row.files)
			if c, err := Read(filepath.Join(dir, "krb5.conf")); err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("read as %+v: %v", c, err)
			}
		})
	}
}

func TestDomains(t *testing.T) {
	dir := files(t, map[string]string{"krb5.conf": "[domain_realm]\n.contoso.test = CONTOSO.TEST\ncontoso.test = ROOT.TEST\nB.test = B.TEST\n.contoso.test = LATER.TEST\n"})
	c, err := Read(filepath.Join(dir, "krb5.conf"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{".contoso.test": "CONTOSO.TEST", "contoso.test": "ROOT.TEST", "b.test": "B.TEST", ".b.test": "B.TEST"}
	if !maps.Equal(c.Domains, want) {
		t.Errorf("domains %v", c.Domains)
	}
}

func TestLowerCase(t *testing.T) {
	dir := files(t, map[string]string{"krb5.conf": strings.ToLower(realm)})
	c, err := Read(filepath.Join(dir, "krb5.conf"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.KDCs("CONTOSO.TEST"); !reason.Of(err).Has(reason.RealmMiswritten) || !strings.Contains(reason.Of(err)[0].Word("at"), "krb5.conf:") {
		t.Error(err)
	}
	if kdcs, err := c.KDCs("OTHER.TEST"); err != nil || kdcs != nil {
		t.Error(kdcs, err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(realm)
	f.Add("[a]*\nb* = {\n}*\nc = \"x\\\"\"\n[d]\n")
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "include") {
			return // of files of this machine
		}
		var r reader
		if r.parse("krb5.conf", text, 0) != nil {
			return
		}
		c, err := r.conf()
		if err != nil {
			return
		}
		for _, kdcs := range c.Realms {
			if slices.ContainsFunc(kdcs, func(k string) bool { return strings.ContainsAny(k, " \n#/") }) {
				t.Errorf("KDCs %q", kdcs)
			}
		}
	})
}
