package document

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// TestOldExports reads the export of a registry as older versions wrote it: a domain
// with a GPO for each file.
func TestOldExports(t *testing.T) {
	values := []registry.Value{registry.NewDWord(run.FirewallKey, "PolicyVersion", 0x21a)}
	problems := []run.Problem{{Aspect: run.AspectSettings, Where: "a/kms01.reg", Why: reason.One(reason.ExportShallow)}}
	written := &run.Forest{Name: "contoso.test", Kind: run.SourceRegistry, Domains: []run.Domain{{Name: "contoso.test", GPOs: []run.GPO{
		{ID: "KMS01.REG", Name: "kms01.reg", Path: "a/kms01.reg", RegistryFile: true, Registry: values, Settings: 1, Problems: problems},
	}}}}
	want := &run.Forest{Name: "contoso.test", Kind: run.SourceRegistry, Machines: []run.MachinePolicy{
		{Name: "kms01.reg", Path: "a/kms01.reg", Registry: values, Settings: 1, Problems: problems},
	}}
	r := &run.Run{Observations: []run.Observation{{Class: run.Answered, Forest: written}}}
	for range 2 {
		readOld(r) // the second time nothing is left to read
	}
	if diff := cmp.Diff(want, r.Observations[0].Forest); diff != "" {
		t.Error(diff)
	}
}
