package run

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
)

// TestOldExports reads the export of a registry as older versions wrote it: a domain
// with a GPO for each file.
func TestOldExports(t *testing.T) {
	values := []registry.Value{registry.NewDWord(FirewallKey, "PolicyVersion", 0x21a)}
	problems := []Problem{{Aspect: AspectSettings, Where: "a/kms01.reg", Why: reason.One(reason.ExportShallow)}}
	written := &Forest{Name: "contoso.test", Kind: SourceRegistry, Domains: []Domain{{Name: "contoso.test", GPOs: []GPO{
		{ID: "KMS01.REG", Name: "kms01.reg", Path: "a/kms01.reg", RegistryFile: true, Registry: values, Settings: 1, Problems: problems},
	}}}}
	want := &Forest{Name: "contoso.test", Kind: SourceRegistry, Machines: []MachinePolicy{
		{Name: "kms01.reg", Path: "a/kms01.reg", Registry: values, Settings: 1, Problems: problems},
	}}
	r := &Run{Observations: []Observation{{Class: Answered, Forest: written}}}
	for range 2 {
		r.readOld() // the second time nothing is left to read
	}
	if diff := cmp.Diff(want, r.Observations[0].Forest); diff != "" {
		t.Error(diff)
	}
}
