package observe

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kmsiso/kmsiso/probes"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// Silence that was cut short is not evidence of a deny, whatever a way in says.
func TestSilenceThatWasCutShortIsNone(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("interrupted"))
	for _, c := range []struct {
		is      run.Observation
		stopped bool
	}{
		{run.Observation{Class: run.Silent}, true},
		{run.Observation{Trouble: reason.List{reason.Quote("context canceled")}}, true},
		{run.Observation{Class: run.Answered}, false},
		{run.Observation{Class: run.Refused}, false},
		{run.Observation{Missing: reason.List{reason.Quote("none here")}}, false},
	} {
		got, now := c.is, c.is
		stopped(ctx, &got)
		if got.Stopped != c.stopped || c.stopped == (got.Class != "") && len(c.is.Missing) == 0 || c.stopped != (len(got.Trouble) > 0) {
			t.Errorf("%+v became %+v", c.is, got)
		}
		if stopped(t.Context(), &now); now.Stopped {
			t.Errorf("%+v counts as stopped in a run that was not", c.is)
		}
	}
}

// slowWay opens when its context ends.
type slowWay struct{}

func (slowWay) String() string { return "slow" }

func (slowWay) Open(ctx context.Context) (*vantage.Vantage, error) {
	<-ctx.Done()
	return nil, context.Cause(ctx)
}

func TestAWayHasTheTimeOfTheLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, err := held(8*time.Second, []vantage.Way{slowWay{}})[0].Open(t.Context())
		if got, want := reason.Of(err), reason.One(reason.ConnectLimit, "limit", "8s"); !got.Equal(want) {
			t.Errorf("%s, want %s", got.Key(), want.Key())
		}
	})
}

// TestWhyNothingWasObserved asks for what an observer cannot observe.
func TestWhyNothingWasObserved(t *testing.T) {
	o := &Observer{policy: &intent.Policy{}, places: &places{connected: map[string]*vantage.Vantage{}}, clock: func() time.Duration { return 0 }}
	nowhere := tcpNeed("nowhere", run.Once)
	got := o.one(t.Context(), &nowhere, probes.Limits{}, &probes.Env{})
	if want := reason.One(reason.VantageUndeclared, "vantage", "nowhere"); !got.Trouble.Equal(want) {
		t.Errorf("%s, want %s", got.Trouble.Key(), want.Key())
	}
	got = o.one(t.Context(), &run.Need{Spec: run.Spec{Probe: run.ProbeUnlisted, Param: "a/b/c"}}, probes.Limits{}, &probes.Env{})
	if want := reason.One(reason.NeedsUnlisted, "cell", "a/b/c"); !got.Trouble.Equal(want) {
		t.Errorf("%s, want %s", got.Trouble.Key(), want.Key())
	}
	ended, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("interrupted"))
	for _, c := range []struct {
		is   *run.Observation
		want reason.Code
	}{
		{o.one(ended, &nowhere, probes.Limits{}, &probes.Env{}), reason.NotBegun},
		{&run.Observation{Class: run.Silent}, reason.SilenceCutShort},
	} {
		stopped(ended, c.is)
		if got, want := c.is.Trouble, reason.One(reason.RunStopped, "words", "interrupted", "why", reason.One(c.want)); !got.Equal(want) {
			t.Errorf("%s, want %s", got.Key(), want.Key())
		}
	}
}
