package probes

import (
	"context"
	"errors"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// NoSuchKey is the note of the one try of a registry observation whose key is
// not there.
const NoSuchKey = "no such key"

// readRegistry reads the key in Spec.Param with everything below it. The class is
// Answered. Where there is no such key, Registry is nil and the one try says
// [NoSuchKey]; anything else that goes wrong is an error, never a "no".
func readRegistry(ctx context.Context, env *Env, o *run.Observation) {
	values, err := vantage.Registry.At(env.At)(ctx, o.Need.Param)
	t := run.Try{Start: o.Start, RTT: env.Clock() - o.Start, Class: run.Answered}
	switch {
	case errors.Is(err, vantage.ErrNoKey):
		t.Note, values = NoSuchKey, nil
	case err != nil:
		failed(env, o, err)
		return
	case len(values) == 0:
		failed(env, o, reason.Fail(reason.RegistryEmpty, "key", o.Need.Param))
		return
	}
	o.Class, o.Registry, o.Tries = run.Answered, values, []run.Try{t}
	o.End = env.Clock()
}
