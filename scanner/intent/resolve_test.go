package intent_test

import (
	"context"
	"net/netip"
	"reflect"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/directory/sources"
	"github.com/kmsiso/kmsiso/scanner/intent"
)

// Neither a policy that was loaded nor one that is resolved changes, whatever is made
// of it.
func TestNothingChangesAPolicy(t *testing.T) {
	at := func(addr string) intent.Lookup {
		return func(context.Context, string) ([]netip.Addr, error) { return []netip.Addr{ip(addr)}, nil }
	}
	for _, name := range good {
		t.Run(name, func(t *testing.T) {
			loaded, untouched := mustLoad(t, name), mustLoad(t, name)
			one, _ := loaded.Resolve(t.Context(), at("198.18.50.6"))
			two, _ := loaded.Resolve(t.Context(), at("198.18.50.6"))
			if !reflect.DeepEqual(one, two) {
				t.Errorf("resolved twice:\n%+v\n%+v", one, two)
			}
			for _, p := range []*intent.Policy{loaded, one} {
				p.Resolve(t.Context(), at("198.18.50.7"))
				p.AtStage(intent.StageRequest)
				p.WithWarnings([]string{"more"})
				p.WithFileSource(intent.FileSourceAt(sources.Kinds()[0], "gpos"))
			}
			if !reflect.DeepEqual(loaded, untouched) {
				t.Errorf("the loaded policy is\n%+v\nit was\n%+v", loaded, untouched)
			}
			if !reflect.DeepEqual(one, two) {
				t.Errorf("the resolved policy is\n%+v\nit was\n%+v", one, two)
			}
		})
	}
}
