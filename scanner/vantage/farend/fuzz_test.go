package farend

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"
)

// FuzzMessage reads octets as either side would. What passes the checks must
// survive being written and read again, or the two ends would not agree.
func FuzzMessage(f *testing.F) {
	f.Fuzz(func(t *testing.T, b []byte) {
		var q, q2 request
		if newInbox(bytes.NewReader(b), always(maxRequest)).next(&q) == nil && q.check() == nil {
			again(t, &q, &q2)
		}
		var a, a2 answer
		if newInbox(bytes.NewReader(b), always(maxAnswer)).next(&a) == nil {
			for k := wantReply; k <= wantValues; k++ {
				if a.check(k) == nil {
					a2 = answer{}
					again(t, &a, &a2)
				}
			}
		}
		for _, side := range []string{sideController, sideFarEnd} {
			if h, err := parseHello(b, side); err == nil && h.Kmsiso != side {
				t.Errorf("a hello of %q passed for one of %q", h.Kmsiso, side)
			}
		}
	})
}

func again(t *testing.T, m, into any) {
	t.Helper()
	b, err := json.Marshal(m)
	if err != nil {
		t.Fatalf("%+v was read and cannot be written: %v", m, err)
	}
	if err := newInbox(bytes.NewReader(b), always(maxAnswer)).next(into); err != nil {
		t.Fatalf("%s was written and cannot be read: %v", b, err)
	}
	b2, err := json.Marshal(into)
	if err != nil || !bytes.Equal(b, b2) && !reflect.DeepEqual(m, into) {
		t.Fatalf("%s became %s (%v)", b, b2, err)
	}
}
