package reason

import (
	"errors"
	"fmt"
	"io"
	"testing"
)

// TestOf finds the reason that a chain of errors carries.
func TestOf(t *testing.T) {
	inner := Wrap(io.EOF, "ended", "way", "ssh")
	outer := Wrap(inner, "not-connected", "vantage", "guest", "why", Of(inner))
	for _, row := range []struct {
		err  error
		want List
	}{
		{nil, nil},
		{io.EOF, List{Quote("EOF")}},
		{inner, One("ended", "way", "ssh")},
		{fmt.Errorf("on the way: %w", inner), One("ended", "way", "ssh")},
		{outer, One("not-connected", "vantage", "guest", "why", One("ended", "way", "ssh"))},
		{errors.Join(io.ErrUnexpectedEOF, inner), List{Quote("unexpected EOF"), New("ended", "way", "ssh")}},
		{fmt.Errorf("two: %w, %w", inner, inner), One("ended", "way", "ssh")},
		{errors.Join(io.EOF, io.ErrUnexpectedEOF), List{Quote("EOF\nunexpected EOF")}},
	} {
		if got := Of(row.err); !got.Equal(row.want) {
			t.Errorf("%v: %s, want %s", row.err, got.Key(), row.want.Key())
		}
	}
	if !errors.Is(outer, io.EOF) {
		t.Error("the error beneath is lost")
	}
	if got, want := inner.Error(), `"ended" way="ssh"`; got != want {
		t.Errorf("a log has %s, want %s", got, want)
	}
}

// TestAnErrorAsAnArgument is the reasons that it carries, and else its words.
func TestAnErrorAsAnArgument(t *testing.T) {
	if got, want := New("broke", "words", fmt.Errorf("close: %w", Fail("ended", "way", "ssh"))), New("broke", "words", One("ended", "way", "ssh")); !got.Equal(want) {
		t.Errorf("%s, want %s", got.Key(), want.Key())
	}
	if got, want := New("broke", "words", io.EOF), New("broke", "words", "EOF"); !got.Equal(want) {
		t.Errorf("%s, want %s", got.Key(), want.Key())
	}
}
