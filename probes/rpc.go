package probes

import (
	"context"
	"crypto/rand"

	"github.com/kmsiso/kmsiso/probes/wire"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

var (
	bindFrame = vantage.Frame{Header: wire.BindHeader, Length: wire.BindLength, Max: wire.BindMax}
	kmsBind   = wire.Bind(wire.KMSInterface)
)

// rpcBind connects, binds to the KMS interface and reads the answer; then, on
// a second connection, does the same with a random interface, which a Windows
// RPC runtime rejects. The class is that of the first connection, and Cut where
// the answer to the bind did not come whole or is not one. The control bind is
// made only when the first was answered: else it would say nothing. Nor is it
// made after the denied window, when the same was asked before it: there the
// question is only whether the port still answers.
func rpcBind(ctx context.Context, env Env, need run.Need) run.Observation {
	o, ok := begin(env, need, env.At.TCP != nil)
	if !ok {
		return o
	}
	r, answer, err := bind(ctx, env, &o, kmsBind)
	if err != nil {
		return failed(env, o, err)
	}
	o.Class, o.Weak = r.Class, r.Weak
	if o.Class == run.Answered {
		o.RPC = &run.RPC{KMS: string(answer.Outcome), Note: answer.Reason}
	}
	if o.Class == run.Answered && need.When != run.After {
		r, answer, err = bind(ctx, env, &o, wire.Bind(randomInterface()))
		switch {
		case err != nil:
			return failed(env, o, err)
		case r.Class == run.Answered:
			o.RPC.Control = string(answer.Outcome)
		case o.RPC.Note == "":
			o.RPC.Note = "control bind: " + string(r.Class)
		default:
			o.RPC.Note += "; control bind: " + string(r.Class)
		}
	}
	o.End = env.Clock()
	return o
}

// bind makes one connection with one bind. Where the reply is Answered, there
// is an answer to the bind.
func bind(ctx context.Context, env Env, o *run.Observation, pdu []byte) (vantage.Reply, wire.BindAnswer, error) {
	r, err := dial(ctx, env, o, vantage.DialRequest{
		Send: pdu, Frame: bindFrame, Read: orDefault(env.Limits.ConnectRead, defaultConnectRead),
	})
	if err != nil || r.Class != run.Answered {
		return r, wire.BindAnswer{}, err
	}
	answer, parseErr := wire.ParseBindAnswer(r.Data)
	if parseErr != nil {
		r.Class = run.Cut
		t := &o.Tries[len(o.Tries)-1]
		t.Class, t.Note = run.Cut, parseErr.Error()
	}
	return r, answer, nil
}

// randomInterface is a UUID of version 4, as it stands in a PDU.
func randomInterface() (u [16]byte) {
	rand.Read(u[:])
	u[7] = u[7]&0x0f | 0x40
	u[8] = u[8]&0x3f | 0x80
	return u
}
