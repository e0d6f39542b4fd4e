package backup

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/guid"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// seeds adds the files of that name in the real and the made backups.
func seeds(f *testing.F, name string) {
	for _, root := range []string{realBackups, "testdata/isolation"} {
		files, err := filepath.Glob(filepath.Join(root, "*", name))
		if err != nil || len(files) == 0 {
			f.Fatalf("no %s in %s: %v", name, root, err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			if len(data) < 64<<10 { // the certificates of one only slow it down
				f.Add(data)
			}
		}
	}
	f.Add([]byte(`<!DOCTYPE a [<!ENTITY b "c">]><GPO>&b;</GPO>`))
	f.Add([]byte("\xff\xfe<"))
	f.Add([]byte("\xfe\xff\x00<\x00G"))
}

// readBoth reads a document by the decoder, and holds against that what it says
// where it is plain.
func readBoth[T any](t *testing.T, p *plain, data []byte, f func(*document) (T, error)) (T, error) {
	t.Helper()
	quick, odd := f(p.document(data))
	out, err := f(&document{tokens: newStrict(p.text)})
	if odd == nil && (err != nil || !reflect.DeepEqual(quick, out)) {
		t.Errorf("%+v, by the decoder %+v, %v", quick, out, err)
	}
	return out, err
}

func FuzzReport(f *testing.F) {
	seeds(f, "gpreport.xml")
	var p plain
	f.Fuzz(func(t *testing.T, data []byte) {
		out, err := readBoth(t, &p, data, readReport)
		if err != nil && len(reason.Of(wrong(err))) == 0 {
			t.Error("an error without words")
		}
		if out.id != "" && !isGUID(out.id) {
			t.Errorf("id %q", out.id)
		}
		for _, v := range out.firewall.of("{G}") {
			if !strings.HasPrefix(v.Key, run.FirewallKey) || v.Type == "" {
				t.Errorf("value %+v", v)
			}
			if rule := strings.HasSuffix(v.Key, "Rules"); rule && (!strings.HasPrefix(v.Data, "v") || !strings.HasSuffix(v.Data, "|")) {
				t.Errorf("rule %q", v.Data)
			}
		}
	})
}

func FuzzBackupXML(f *testing.F) {
	seeds(f, "Backup.xml")
	seeds(f, "bkupInfo.xml")
	var p plain
	f.Fuzz(func(t *testing.T, data []byte) {
		out, err := readBoth(t, &p, data, readScheme)
		if err != nil && len(reason.Of(wrong(err))) == 0 {
			t.Error("an error without words")
		}
		if out.id != "" && !isGUID(out.id) || out.domain != "" && !isDomainName(out.domain) {
			t.Errorf("%+v", out)
		}
		if filter, err := filterOf(out.filter); err == nil && filter != "" && strings.Count(filter, ";") != 2 {
			t.Errorf("filter %q", filter)
		}
		info, err := readBoth(t, &p, data, readInstance)
		if err == nil && info.gpo != "" && !isGUID(info.gpo) {
			t.Errorf("%+v", info)
		}
	})
}

// isGUID reports whether a text is a GUID in the form that is compared.
func isGUID(s string) bool {
	id, ok := guid.Canonical(s)
	return ok && id == s
}
