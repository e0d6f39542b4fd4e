package probes

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// Where the link is slow, or nothing shows that it is not, an answer is waited for as
// long as anything that should succeed takes.
func TestASlowLinkIsWaitedFor(t *testing.T) {
	ikeNeed, espNeed := ask(run.ProbeIKE, run.Once, 500), ask(run.ProbeESP, run.Once, 0)
	for _, c := range []struct {
		name   string
		need   run.Need
		answer time.Duration // how long it takes
		slow   bool
		class  run.Class
		end    time.Duration
	}{
		{"IKE, quick", ikeNeed, 4100 * ms, false, run.Silent, 4 * sec},
		{"IKE, slow", ikeNeed, 4100 * ms, true, run.Answered, 6100 * ms},
		{"IKE, slower", ikeNeed, 6600 * ms, true, run.Answered, 8600 * ms},
		{"IKE, slow and silent", ikeNeed, time.Hour, true, run.Silent, 2*sec + 21*sec},
		{"ESP, quick", espNeed, 2 * sec, false, run.Silent, 1500 * ms},
		{"ESP, slow", espNeed, 2 * sec, true, run.Answered, 2100 * ms},
		{"ESP, slow and blocked", espNeed, time.Hour, true, run.Silent, 21 * sec},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				u := &exchanges{script[vantage.DatagramRequest]{play: []after{{d: c.answer, reply: reply(run.Answered)}}}}
				u.also = responder(false)
				w := &late{segment: segment{through: func(vantage.SendRequest) bool { return true }}, after: c.answer}
				env := fakeEnv(&vantage.Vantage{Offers: vantage.Offering(vantage.UDP.By(u.Exchange), vantage.Raw.By(w.Send))})
				env.Peer = &vantage.Vantage{Name: "kms01", Offers: vantage.Offering(vantage.Watch.By(w.Watch))}
				env.Quick = func() bool { return !c.slow }
				o := observe(t.Context(), env, c.need)
				wellFormed(t, o)
				if off := (o.End - c.end).Abs(); o.Class != c.class || off > espLook {
					t.Errorf("%s at %s", o.Class, o.End)
				}
			})
		})
	}
}

// late is a segment on which packets are seen some time after they were sent.
type late struct {
	segment

	after time.Duration
	sent  time.Time
}

func (l *late) Send(ctx context.Context, r vantage.SendRequest) (vantage.Reply, error) {
	l.sent = time.Now()
	return l.segment.Send(ctx, r)
}

func (l *late) Watch(context.Context, vantage.WatchRequest) (vantage.Watching, error) { return l, nil }

func (l *late) Read(ctx context.Context) (*vantage.Seen, error) {
	if time.Since(l.sent) < l.after {
		return &vantage.Seen{}, nil
	}
	return l.segment.Read(ctx)
}

func (l *late) Close() error { return nil }
