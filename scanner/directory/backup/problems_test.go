package backup

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf16"

	"github.com/kmsiso/kmsiso/scanner/directory"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// wide is text as gpreport.xml has it.
func wide(s string) []byte {
	out := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(s)) {
		out = append(out, byte(u), byte(u>>8))
	}
	return out
}

// TestProblems damages one file at a time. Each is told with its file and, in
// XML, the line; the other GPO is read all the same.
func TestProblems(t *testing.T) {
	const info, core, rep, pol = newer + "/bkupInfo.xml", newer + "/Backup.xml", newer + "/gpreport.xml", newer + "/DomainSysvol/GPO/Machine/registry.pol"
	swap := func(name, from, to string) func(fstest.MapFS) {
		return func(tree fstest.MapFS) {
			text := string(tree[name].Data)
			if !strings.Contains(text, from) {
				panic(from + " is not in " + name)
			}
			tree[name] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(text, from, to))}
		}
	}
	swapWide := func(name, from, to string) func(fstest.MapFS) {
		return swap(name, string(wide(from)[2:]), string(wide(to)[2:]))
	}
	put := func(name string, data []byte) func(fstest.MapFS) {
		return func(tree fstest.MapFS) { tree[name] = &fstest.MapFile{Data: data} }
	}
	gone := func(names ...string) func(fstest.MapFS) {
		return func(tree fstest.MapFS) {
			for _, name := range names {
				delete(tree, name)
			}
		}
	}
	for name, c := range map[string]struct {
		damage func(fstest.MapFS)
		aspect run.Aspect
		where  string
		say    string
	}{
		"no bkupInfo.xml":               {gone(info), run.AspectGPOs, "b/" + info, "could not be opened"},
		"bkupInfo.xml is cut":           {put(info, []byte("<BackupInst><GPOGuid>")), run.AspectGPOs, "b/" + info + ":1:22", "not well-formed XML"},
		"bkupInfo.xml is empty":         {put(info, nil), run.AspectGPOs, "b/" + info, "it has no element"},
		"bkupInfo.xml of another form":  {put(info, []byte("<html/>")), run.AspectGPOs, "b/" + info + ":1:8", "begins with the element html, not BackupInst"},
		"a GPO without GUID":            {swap(info, "<GPOGuid><![CDATA[{6", "<GPOGuid><![CDATA[6"), run.AspectGPOs, "b/" + info, "no GUID in braces"},
		"a domain that is none":         {swap(info, "CDATA[contoso.test]", "CDATA[contoso,DC=test]"), run.AspectGPOs, "b/" + info, "no DNS name of a domain"},
		"a time that is none":           {swap(info, "2026-11-20T09", "yesterday"), run.AspectGPOs, "b/" + info, "is no time"},
		"Git LFS pointer":               {put(pol, []byte("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")), run.AspectSettings, "b/" + pol, "git lfs pull"},
		"Registry.pol is cut":           {put(pol, []byte("PReg\x01\x00\x00\x00[")), run.AspectSettings, "b/" + pol, "at byte 0x8"},
		"Registry.pol is gone":          {gone(pol), run.AspectSettings, "b/" + pol, "says that it was backed up"},
		"no Backup.xml":                 {gone(core), run.AspectGPOs, "b/" + core, "could not be opened"},
		"options in words":              {swap(core, "<Options><![CDATA[1]]>", "<Options>one"), run.AspectGPOs, "b/" + core + ":2:", `Options "one" is no number`},
		"descriptor not in hex":         {swap(core, "<SecurityDescriptor>01", "<SecurityDescriptor>0g"), run.AspectGPOs, "b/" + core + ":2:", "no list of octets"},
		"descriptor cut":                {swap(core, "<SecurityDescriptor>01 00 ", "<SecurityDescriptor>01 00</SecurityDescriptor><x>"), run.AspectGPOs, "b/" + core, "not well-formed"},
		"descriptor of another kind":    {swap(core, "<SecurityDescriptor>01 00", "<SecurityDescriptor>07 00"), run.AspectSecurity, "b/" + core, "cannot be read"},
		"a filter without id":           {swap(core, "<WMIFilter/>", "<WMIFilter>Windows 10</WMIFilter>"), run.AspectFilters, "b/" + core, `"Windows 10" is not known by its id`},
		"an entity of its own":          {swap(core, "<FilePaths/>", "<FilePaths>&xxe;</FilePaths>"), run.AspectGPOs, "b/" + core + ":2:", "not well-formed"},
		"files of another GPO":          {swap(core, "<ID><![CDATA[{6C0DE000-1688-4A00-8000-00000000A001}", "<ID><![CDATA[{6C0DE000-1688-4A00-8000-00000000A009}"), run.AspectGPOs, "b/" + newer, "files of several backups are mixed"},
		"files of another domain":       {swap(core, "<Domain><![CDATA[contoso.test]", "<Domain><![CDATA[fabrikam.test]"), run.AspectGPOs, "b/" + newer, "of different domains"},
		"halves that differ":            {swap(core, "<Options><![CDATA[1]", "<Options><![CDATA[2]"), run.AspectGPOs, "b/" + core, "which half is off is not known"},
		"no gpreport.xml":               {gone(rep), run.AspectLinks, "b/" + rep, "could not be opened"},
		"gpreport.xml in another code":  {put(rep, []byte(`<?xml version="1.0" encoding="koi8-r"?><GPO/>`)), run.AspectLinks, "b/" + rep + ":1", `"koi8-r" is not read`},
		"gpreport.xml is cut":           {put(rep, wide("<GPO>\n<Name>KMS")), run.AspectLinks, "b/" + rep + ":2", "not well-formed XML"},
		"gpreport.xml twice":            {put(rep, wide("<GPO/><GPO/>")), run.AspectLinks, "b/" + rep + ":1", "begins with the element GPO, not GPO"},
		"gpreport.xml nested":           {put(rep, wide("<GPO>"+strings.Repeat("<a>", 200))), run.AspectLinks, "b/" + rep, "more than 100 deep"},
		"a version in words":            {swapWide(rep, "<VersionDirectory>4", "<VersionDirectory>four"), run.AspectLinks, "b/" + rep, `"four" is no number of 16 bits`},
		"versions nobody gives":         {func(tree fstest.MapFS) { gone(rep)(tree); swap(core, "262148", "262149")(tree) }, run.AspectCopies, "b/" + newer, "without doubt"},
		"flags nobody gives":            {gone(rep, core), run.AspectGPOs, "b/" + newer, "whether a half of the GPO is off"},
		"permissions nobody gives":      {gone(rep, core), run.AspectSecurity, "b/" + newer, "security descriptor"},
		"nothing says whether settings": {gone(rep, core, pol), run.AspectSettings, "b/" + pol, "no file says whether"},
		"an extension in error": {func(tree fstest.MapFS) {
			gone(pol)(tree)
			swapWide(rep, "</Enabled>\r\n  </Computer>", "</Enabled><ExtensionData><Name>Registrierung</Name><Error>Zugriff verweigert</Error></ExtensionData></Computer>")(tree)
		}, run.AspectSettings, "b/" + rep, `"Registrierung" are missing in it: Zugriff verweigert`},
		"a stale one beside it": {func(tree fstest.MapFS) {
			gone(info, rep)(tree)
			swap(older+"/gpreport.xml", "\r\x00\n\x00", "\n\x00")(tree)
		}, run.AspectGPOs, "b/" + newer, "nothing says which of them"},
		"GPO and domain broken": {func(tree fstest.MapFS) { gone(core, rep)(tree); put(info, []byte("<BackupInst/>"))(tree) }, run.AspectGPOs, "b/" + newer, "is left out"},
		"a manifest that lists more": {func(tree fstest.MapFS) {
			for name := range tree {
				if strings.HasPrefix(name, newer) {
					delete(tree, name)
				}
			}
		}, run.AspectGPOs, "b/manifest.xml", "lists the backup " + newer},
		"a broken manifest":   {put("manifest.xml", []byte("<Backups>")), run.AspectGPOs, "b/manifest.xml:1", "not well-formed"},
		"two of the same age": {swap(older+"/bkupInfo.xml", "2026-10-01T09:00:00", "2026-11-20T09:00:00"), run.AspectGPOs, "b/" + older, "nothing says which of them"},
	} {
		t.Run(name, func(t *testing.T) {
			tree := copyOf(t, "testdata/isolation")
			c.damage(tree)
			f, err := read(t.Context(), tree, "b", directory.Ask{})
			if err != nil {
				t.Fatal(err)
			}
			all := f.Problems
			for _, d := range f.Domains {
				for _, g := range d.GPOs {
					all = append(all, g.Problems...)
				}
			}
			found := c.say == ""
			for _, p := range all {
				if strings.Contains(p.Text, "<nil>") || strings.Contains(p.Where+p.Text, "%!") || strings.HasSuffix(p.Text, ".") {
					t.Errorf("hard to read: %s: %s", p.Where, p.Text)
				}
				found = found || p.Aspect == c.aspect && strings.HasPrefix(p.Where, c.where) && strings.Contains(p.Text, c.say)
			}
			if !found {
				t.Errorf("none of these is %s %s ... %s:\n%s", c.aspect, c.where, c.say, list(all))
			}
			if n := len(f.Domains); n == 0 || f.Domains[n-1].GPOs[0].Name != "KMS Isolation West" {
				t.Errorf("the other GPO is not read: %+v", f.Domains)
			}
		})
	}
}

func list(all []run.Problem) string {
	var b strings.Builder
	for _, p := range all {
		fmt.Fprintf(&b, "%s %s: %s\n", p.Aspect, p.Where, p.Text)
	}
	return b.String()
}

// TestTooLarge reads no more than a bound, whatever the file.
func TestTooLarge(t *testing.T) {
	tree := copyOf(t, "testdata/isolation")
	tree[newer+"/bkupInfo.xml"] = &fstest.MapFile{Data: make([]byte, maxInfo+1)}
	tree[newer+"/Backup.xml"] = &fstest.MapFile{Mode: fs.ModeNamedPipe | 0o644}
	f, err := read(t.Context(), tree, "b", directory.Ask{})
	if err != nil {
		t.Fatal(err)
	}
	text := list(f.Domains[0].GPOs[0].Problems)
	for _, say := range []string{"more than the 1048576 that are read", "it is no regular file"} {
		if !strings.Contains(text, say) {
			t.Errorf("%s\ndoes not say %q", text, say)
		}
	}
}

func TestDomainName(t *testing.T) {
	long := strings.Repeat("a", 63)
	for name, want := range map[string]bool{
		"contoso.test": true, "CONTOSO": true, "under_score.a-b.test": true, "münchen.example": true, "例え.テスト": true, "1.2": true,
		long: true, strings.Repeat(long+".", 3) + strings.Repeat("a", 61): true,
		"": false, ".": false, "contoso.": false, ".test": false, "a..b": false, "a b": false, "DC=contoso": false, "a/b": false, "\xff": false,
		long + "a": false, strings.Repeat(long+".", 3) + strings.Repeat("a", 62): false,
	} {
		if got, err := domainName(name); (err == nil) != want || want && got != strings.ToLower(name) {
			t.Errorf("%q: %q, %v", name, got, err)
		}
	}
}
