package probes

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

type registryOf struct {
	values []registry.Value
	err    error
}

func (r registryOf) ReadRegistry(context.Context, string) ([]registry.Value, error) {
	return r.values, r.err
}

func TestRegistry(t *testing.T) {
	key := `HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\WindowsFirewall`
	tests := []struct {
		name   string
		reader registryOf
		class  run.Class
		note   string
		wrong  string
	}{
		{name: "there", reader: registryOf{values: []registry.Value{{Key: key}}}, class: run.Answered},
		{name: "not there", reader: registryOf{err: fmt.Errorf("reg query: %w", vantage.ErrNoKey)}, class: run.Answered, note: NoSuchKey},
		{name: "access denied", reader: registryOf{err: errors.New("access denied")}, wrong: "access denied"},
		{name: "empty", wrong: string(reason.RegistryEmpty)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			need := run.Need{Spec: run.Spec{Probe: run.ProbeRegistry, Param: key}}
			o := observe(t.Context(), fakeEnv(&vantage.Vantage{Offers: vantage.Offering(vantage.Registry.By(tt.reader.ReadRegistry))}), need)
			wellFormed(t, o)
			if tt.wrong != "" {
				if !quotes(o, tt.wrong) {
					t.Errorf("error %q", o.Trouble.Key())
				}
				return
			}
			if o.Class != tt.class || len(o.Tries) != 1 || o.Tries[0].Note != tt.note || (o.Registry == nil) != (tt.note != "") {
				t.Errorf("%+v", o)
			}
		})
	}
}
