package farend

import (
	"bufio"
	"bytes"
	"encoding/json"
	"reflect"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// FuzzMessage reads octets as either side would. What passes the checks must survive
// being written and read again, or the two ends would not agree.
func FuzzMessage(f *testing.F) {
	f.Fuzz(func(t *testing.T, b []byte) {
		in := newInbox(bufio.NewReader(bytes.NewReader(b)), always(maxRequest))
		var m message
		for in.next(&m) == nil {
			v := newPlace().vantage()
			if op := vantage.Named(vantage.Capability(m.word)); op != nil {
				_, _ = op.Served(v, func(into any) error {
					err := in.decode(m.body, into)
					if err == nil {
						again(t, into)
					}
					return err
				})
			}
			for _, answer := range []any{new(vantage.Reply), new([]registry.Value), new(vantage.Seen), nil} {
				k := &call{q: &vantage.Question{Answer: answer}}
				if a, err := k.read(in, &m); err == nil && a.failure != nil {
					again(t, a.failure)
				} else if err == nil && answer != nil {
					again(t, answer)
				}
				in = newInbox(in.r, in.limit) // a decoder that failed once does so for ever
			}
		}
		for _, side := range []string{sideController, sideFarEnd} {
			if h, err := parseHello(b, side); err == nil && h.Kmsiso != side {
				t.Errorf("a hello of %q passed for one of %q", h.Kmsiso, side)
			}
		}
	})
}

func again(t *testing.T, m any) {
	t.Helper()
	b, err := json.Marshal(m)
	if err != nil {
		t.Fatalf("%+v was read and cannot be written: %v", m, err)
	}
	into := reflect.New(reflect.TypeOf(m).Elem()).Interface()
	if err := newInbox(nil, nil).decode(b, into); err != nil {
		t.Fatalf("%s was written and cannot be read: %v", b, err)
	}
	if b2, err := json.Marshal(into); err != nil || !bytes.Equal(b, b2) && !reflect.DeepEqual(m, into) {
		t.Fatalf("%s became %s (%v)", b, b2, err)
	}
}
