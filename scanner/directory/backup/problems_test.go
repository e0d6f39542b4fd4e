package backup

import (
	"encoding/xml"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf16"

	"github.com/kmsiso/kmsiso/scanner/directory"
	"github.com/kmsiso/kmsiso/scanner/reason"
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
		code   reason.Code
	}{
		"no bkupInfo.xml":               {gone(info), run.AspectGPOs, "b/" + info, reason.FileMissing},
		"bkupInfo.xml is cut":           {put(info, []byte("<BackupInst><GPOGuid>")), run.AspectGPOs, "b/" + info + ":1:22", reason.XMLMalformed},
		"bkupInfo.xml is empty":         {put(info, nil), run.AspectGPOs, "b/" + info, reason.XMLEmpty},
		"bkupInfo.xml of another form":  {put(info, []byte("<html/>")), run.AspectGPOs, "b/" + info + ":1:8", reason.XMLOther},
		"a GPO without GUID":            {swap(info, "<GPOGuid><![CDATA[{6", "<GPOGuid><![CDATA[6"), run.AspectGPOs, "b/" + info, reason.NotAGUID},
		"a domain that is none":         {swap(info, "CDATA[contoso.test]", "CDATA[contoso,DC=test]"), run.AspectGPOs, "b/" + info, reason.NotADomain},
		"a time that is none":           {swap(info, "2026-11-20T09", "yesterday"), run.AspectGPOs, "b/" + info, reason.NotATime},
		"Git LFS pointer":               {put(pol, []byte("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")), run.AspectSettings, "b/" + pol, reason.FilePointer},
		"Registry.pol is cut":           {put(pol, []byte("PReg\x01\x00\x00\x00[")), run.AspectSettings, "b/" + pol, reason.FileDamaged},
		"Registry.pol is gone":          {gone(pol), run.AspectSettings, "b/" + pol, reason.BackupFileLost},
		"no Backup.xml":                 {gone(core), run.AspectGPOs, "b/" + core, reason.FileMissing},
		"options in words":              {swap(core, "<Options><![CDATA[1]]>", "<Options>one"), run.AspectGPOs, "b/" + core + ":2:", reason.NotANumber},
		"descriptor not in hex":         {swap(core, "<SecurityDescriptor>01", "<SecurityDescriptor>0g"), run.AspectGPOs, "b/" + core + ":2:", reason.NotHex},
		"descriptor cut":                {swap(core, "<SecurityDescriptor>01 00 ", "<SecurityDescriptor>01 00</SecurityDescriptor><x>"), run.AspectGPOs, "b/" + core, reason.XMLMalformed},
		"descriptor of another kind":    {swap(core, "<SecurityDescriptor>01 00", "<SecurityDescriptor>07 00"), run.AspectSecurity, "b/" + core, reason.DescriptorUnread},
		"a filter without id":           {swap(core, "<WMIFilter/>", "<WMIFilter>Windows 10</WMIFilter>"), run.AspectFilters, "b/" + core, reason.FilterMalformed},
		"an entity of its own":          {swap(core, "<FilePaths/>", "<FilePaths>&xxe;</FilePaths>"), run.AspectGPOs, "b/" + core + ":2:", reason.XMLMalformed},
		"files of another GPO":          {swap(core, "<ID><![CDATA[{6C0DE000-1688-4A00-8000-00000000A001}", "<ID><![CDATA[{6C0DE000-1688-4A00-8000-00000000A009}"), run.AspectGPOs, "b/" + newer, reason.BackupOfGPOs},
		"files of another domain":       {swap(core, "<Domain><![CDATA[contoso.test]", "<Domain><![CDATA[fabrikam.test]"), run.AspectGPOs, "b/" + newer, reason.BackupOfDomains},
		"halves that differ":            {swap(core, "<Options><![CDATA[1]", "<Options><![CDATA[2]"), run.AspectGPOs, "b/" + core, reason.BackupFlagsDiffer},
		"no gpreport.xml":               {gone(rep), run.AspectLinks, "b/" + rep, reason.FileMissing},
		"gpreport.xml in another code":  {put(rep, []byte(`<?xml version="1.0" encoding="koi8-r"?><GPO/>`)), run.AspectLinks, "b/" + rep + ":1", reason.XMLEncoding},
		"gpreport.xml is cut":           {put(rep, wide("<GPO>\n<Name>KMS")), run.AspectLinks, "b/" + rep + ":2", reason.XMLMalformed},
		"gpreport.xml twice":            {put(rep, wide("<GPO/><GPO/>")), run.AspectLinks, "b/" + rep + ":1", reason.XMLOther},
		"gpreport.xml nested":           {put(rep, wide("<GPO>"+strings.Repeat("<a>", 200))), run.AspectLinks, "b/" + rep, reason.XMLDeep},
		"a version in words":            {swapWide(rep, "<VersionDirectory>4", "<VersionDirectory>four"), run.AspectLinks, "b/" + rep, reason.NotANumber},
		"versions nobody gives":         {func(tree fstest.MapFS) { gone(rep)(tree); swap(core, "262148", "262149")(tree) }, run.AspectCopies, "b/" + newer, reason.BackupVersionUnknown},
		"flags nobody gives":            {gone(rep, core), run.AspectGPOs, "b/" + newer, reason.BackupFlagsUnknown},
		"permissions nobody gives":      {gone(rep, core), run.AspectSecurity, "b/" + newer, reason.BackupDescriptorMissing},
		"nothing says whether settings": {gone(rep, core, pol), run.AspectSettings, "b/" + pol, reason.BackupSettingsUnknown},
		"an extension in error": {func(tree fstest.MapFS) {
			gone(pol)(tree)
			swapWide(rep, "</Enabled>\r\n  </Computer>", "</Enabled><ExtensionData><Name>Registrierung</Name><Error>Zugriff verweigert</Error></ExtensionData></Computer>")(tree)
		}, run.AspectSettings, "b/" + rep, reason.ExtensionFailed},
		"a stale one beside it": {func(tree fstest.MapFS) {
			gone(info, rep)(tree)
			swap(older+"/gpreport.xml", "\r\x00\n\x00", "\n\x00")(tree)
		}, run.AspectGPOs, "b/" + newer, reason.NewerBackupUnknown},
		"GPO and domain broken": {func(tree fstest.MapFS) { gone(core, rep)(tree); put(info, []byte("<BackupInst/>"))(tree) }, run.AspectGPOs, "b/" + newer, reason.BackupUnidentified},
		"a manifest that lists more": {func(tree fstest.MapFS) {
			for name := range tree {
				if strings.HasPrefix(name, newer) {
					delete(tree, name)
				}
			}
		}, run.AspectGPOs, "b/manifest.xml", reason.ListedBackupMissing},
		"a broken manifest":               {put("manifest.xml", []byte("<Backups>")), run.AspectGPOs, "b/manifest.xml:1", reason.XMLMalformed},
		"two of the same age":             {swap(older+"/bkupInfo.xml", "2026-10-01T09:00:00", "2026-11-20T09:00:00"), run.AspectGPOs, "b/" + older, reason.NewerBackupUnknown},
		"text outside the elements":       {swap(info, "</BackupInst>", "</BackupInst>x"), run.AspectGPOs, "b/" + info + ":", reason.XMLStray},
		"half that is neither on nor off": {swapWide(rep, "<Enabled>true", "<Enabled>maybe"), run.AspectLinks, "b/" + rep, reason.NotABoolean},
		"a filter by its name alone":      {swapWide(rep, "</SecurityDescriptor>", "</SecurityDescriptor><FilterName>W</FilterName>"), run.AspectFilters, "b/" + newer, reason.FilterUnidentified},
	} {
		t.Run(name, func(t *testing.T) {
			tree := copyOf(t, "testdata/isolation")
			c.damage(tree)
			f, err := read(t.Context(), source{tree: tree, name: "b"}, directory.Ask{})
			if err != nil {
				t.Fatal(err)
			}
			all := f.Problems
			for _, d := range f.Domains {
				for _, g := range d.GPOs {
					all = append(all, g.Problems...)
				}
			}
			if !slices.ContainsFunc(all, func(p run.Problem) bool {
				return p.Aspect == c.aspect && strings.HasPrefix(p.Where, c.where) && p.Why.Has(c.code)
			}) {
				t.Errorf("none of these is %s %s ... %s:\n%s", c.aspect, c.where, c.code, list(all))
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
		fmt.Fprintf(&b, "%s %s: %s\n", p.Aspect, p.Where, p.Why.Key())
	}
	return b.String()
}

// TestTooLarge reads no more than a bound, whatever the file.
func TestTooLarge(t *testing.T) {
	tree := copyOf(t, "testdata/isolation")
	tree[newer+"/bkupInfo.xml"] = &fstest.MapFile{Data: make([]byte, maxInfo+1)}
	tree[newer+"/Backup.xml"] = &fstest.MapFile{Mode: fs.ModeNamedPipe | 0o644}
	f, err := read(t.Context(), source{tree: tree, name: "b"}, directory.Ask{})
	if err != nil {
		t.Fatal(err)
	}
	all := f.Domains[0].GPOs[0].Problems
	for _, want := range []reason.List{reason.One(reason.FileTooLarge, "size", maxInfo+1, "most", maxInfo), reason.One(reason.FileIrregular)} {
		if !slices.ContainsFunc(all, func(p run.Problem) bool { return p.Why.Equal(want) }) {
			t.Errorf("%s\nhas no %s", list(all), want.Key())
		}
	}
}

// What the report has and cannot be rebuilt is named, each once and not all.
func TestWhatIsNotRebuilt(t *testing.T) {
	var f firewall
	rule := func(nodes ...node) node {
		return node{name: "InboundFirewallRules", nodes: append(nodes, node{name: "Name", text: "R"})}
	}
	f.rule("", rule())
	f.rule("", rule(node{name: "Version", text: "2.0"}, node{name: "LA4", nodes: []node{{}}}))
	f.rule("", rule(node{name: "Version", text: "2.0"}, node{name: "Desc", text: "a|b"}))
	f.set(node{name: "Phase1AuthenticationSets"})
	of := func(code reason.Code, args ...any) reason.Reason {
		return reason.New(code, append(args, "element", "InboundFirewallRules", "rule", "R")...)
	}
	want := reason.List{of(reason.RuleVersionMissing), of(reason.RuleFieldNested, "field", "LA4"), of(reason.RuleFieldBar, "field", "Desc"),
		reason.New(reason.SetUnidentified, "element", "Phase1AuthenticationSets")}
	if !f.lost.Equal(want) {
		t.Errorf("lost %s", f.lost.Key())
	}
	for i := range 2 * maxLost {
		f.loses(reason.ElementUnknown, "element", fmt.Sprint(i/2))
	}
	if n := len(f.lost); n != maxLost+1 || !f.lost[maxLost].Is(reason.MoreLost) || !f.lost[4].Equal(reason.New(reason.ElementUnknown, "element", "0")) {
		t.Errorf("%d are lost: %s", n, f.lost.Key())
	}
	d := new(plain).document([]byte("<a>" + strings.Repeat("<b/>", maxNodes+1) + "</a>"))
	left := maxNodes
	if err := d.root("a", func() error {
		return d.children(func(e xml.StartElement) error { _, err := d.node(e, &left); return err })
	}); !reason.Of(err).Has(reason.XMLParts) {
		t.Errorf("many parts: %v", err)
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
