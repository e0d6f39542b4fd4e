package belt_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/belt"
	"github.com/kmsiso/kmsiso/scanner/belt/belttest"
	"github.com/kmsiso/kmsiso/scanner/reason"
)

func TestAPanicIsAnErrorWithItsName(t *testing.T) {
	belttest.Recover(t)
	_, err := belt.Do(t.Context(), belt.Call{Name: "check gpo-applied"}, func(context.Context) int { panic("index out of range") }, nil)
	var p *belt.Panic
	if !errors.As(err, &p) || !strings.Contains(err.Error(), "gpo-applied") || !strings.Contains(string(p.Stack), "TestAPanicIsAnError") {
		t.Errorf("%v", err)
	}
	if why := reason.Of(err); !why.Equal(reason.One(reason.OwnMistake, "part", "check gpo-applied", "words", "index out of range")) {
		t.Error(why.Key())
	}
}

// In every other test a panic stays one.
func TestAPanicInATestIsOne(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("the panic was swallowed")
		}
	}()
	_ = belt.Catch("check gpo-applied", func() { panic("index out of range") })
}
