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
	// paddedBind is of 556 octets, and its answer of some 320.
	paddedBind = wire.BindContexts(wire.KMSInterface, 12)
)

// rpcBind connects and asks for the KMS interface, or, with the Param
// [run.RandomInterface], for one that nobody has. One bind, one answer, and the
// connection is closed: no request is ever made. The class is that of the
// connection; Cut is an answer to the bind that did not come whole or is none.
func rpcBind(ctx context.Context, env *Env, o *run.Observation) {
	pdu := kmsBind
	switch o.Need.Param {
	case run.RandomInterface:
		pdu = wire.Bind(randomInterface())
	case run.PaddedBind:
		pdu = paddedBind
	}
	var r vantage.Reply
	answer, err := bind(ctx, env, o, pdu, &r)
	if err != nil {
		failed(env, o, err)
		return
	}
	o.Class, o.Weak = r.Class, r.Weak
	if o.Class == run.Answered {
		o.RPC = &run.RPC{Bind: string(answer.Outcome), Note: answer.Reason, Asked: len(pdu), Heard: len(r.Data)}
	}
	o.End = env.Clock()
}

// bind makes one connection with one bind. Where the reply in r is Answered, there
// is an answer to the bind.
func bind(ctx context.Context, env *Env, o *run.Observation, pdu []byte, r *vantage.Reply) (wire.BindAnswer, error) {
	err := dial(ctx, env, o, vantage.DialRequest{
		Send: pdu, Frame: bindFrame, Read: orDefault(env.Limits.ConnectRead, defaultConnectRead),
	}, r)
	if err != nil || r.Class != run.Answered {
		return wire.BindAnswer{}, err
	}
	answer, parseErr := wire.ParseBindAnswer(r.Data)
	if parseErr != nil {
		r.Class = run.Cut
		for i := range o.Tries {
			if t := &o.Tries[i]; t.Class == run.Answered {
				t.Class, t.Note = run.Cut, parseErr.Error()
			}
		}
	}
	return answer, nil
}

// randomInterface is a UUID of version 4, as it stands in a PDU.
func randomInterface() (u [16]byte) {
	rand.Read(u[:])
	u[7] = u[7]&0x0f | 0x40
	u[8] = u[8]&0x3f | 0x80
	return u
}
