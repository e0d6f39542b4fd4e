package farend

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// TestWhyAFarEndIsNotUsed meets one whose stream breaks, asks one what is too long,
// and leaves one that does not end.
func TestWhyAFarEndIsNotUsed(t *testing.T) {
	broken := errors.New("input/output error")
	_, err := meet(bufio.NewReader(iotest.ErrReader(broken)), "v1")
	if got, want := reason.Of(err), reason.One(reason.HelloUnread, "words", broken); !got.Equal(want) {
		t.Errorf("%s, want %s", got.Key(), want.Key())
	}

	v, end := attached(t, newPlace())
	_, err = vantage.Registry.At(v)(t.Context(), strings.Repeat("x", maxRequest))
	if got := reason.Of(err); !got.Has(reason.FarEndUnasked) || !errors.Is(err, errTooLong) {
		t.Errorf("a question that is too long: %s", got.Key())
	}
	if err := end(); err != nil {
		t.Error(err)
	}

	synctest.Test(t, func(t *testing.T) {
		r, w := io.Pipe()
		near, drain := io.Pipe()
		go func() { _, _ = io.Copy(io.Discard, near) }()
		go func() { _, _ = io.WriteString(w, goodHello) }()
		v, err := Attach(t.Context(), r, drain, "v1")
		if err != nil {
			t.Fatal(err)
		}
		if got, want := reason.Of(v.Close()), reason.One(reason.FarEndNotEnded, "limit", closeWait); !got.Equal(want) {
			t.Errorf("%s, want %s", got.Key(), want.Key())
		}
		_ = w.Close()
	})
}
