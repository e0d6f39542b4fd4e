package belt

import (
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// Panic is a panic that was turned into an error.
type Panic struct {
	What  string // that broke: "check gpo-applied"
	Value any
	Stack []byte
}

func (p *Panic) Error() string {
	return fmt.Sprintf("%s broke: %v; this is a mistake in kmsiso: please report it, with the stack that it logged", p.What, p.Value)
}

// Why is the reason, by code.
func (p *Panic) Why() reason.List {
	return reason.One(reason.OwnMistake, "part", p.What, "words", fmt.Sprint(p.Value))
}

// Recovers says whether a panic is turned into an error. In a test it is not, so
// that it fails the test with its stack. Only belttest changes it, for a test that is
// about just that.
var Recovers atomic.Bool

func init() { Recovers.Store(!testing.Testing()) }

// logged are the parts whose stack was logged: once is enough.
var logged sync.Map

// Catch calls f. A panic in it is an error, a [*Panic], and is logged with its
// stack, once for each part.
func Catch(what string, f func()) (err error) {
	if !Recovers.Load() {
		f()
		return nil
	}
	defer func() {
		if v := recover(); v != nil {
			p := &Panic{What: what, Value: v, Stack: debug.Stack()}
			if _, again := logged.LoadOrStore(what, true); !again {
				slog.Error("a part of kmsiso broke", "part", what, "panic", fmt.Sprint(v), "stack", string(p.Stack))
			}
			err = p
		}
	}()
	f()
	return nil
}

// All does n things side by side, and returns when all are done. A panic in one
// is a panic of the caller, so that it is caught where the whole is.
func All(n int, do func(i int)) {
	var all sync.WaitGroup
	panics := make(chan any, n)
	for i := range n {
		all.Go(func() {
			defer func() {
				if v := recover(); v != nil {
					panics <- fmt.Sprintf("%v\n%s", v, debug.Stack())
				}
			}()
			do(i)
		})
	}
	all.Wait()
	select {
	case v := <-panics:
		panic(v)
	default:
	}
}
