package winrm

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kmsiso/kmsiso/fixtures/hostile"
	far "github.com/kmsiso/kmsiso/fixtures/hostile/winrm"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// An interrupt at any step leaves at once, and no shell stays, whoever named it.
func TestAnInterruptLeavesNoShell(t *testing.T) {
	for _, auth := range []string{authBasic, authNegotiate} {
		for _, step := range []far.Step{far.Hello, far.Create, far.Command, far.Receive, far.Signal} {
			for _, from := range []int{1, 2} {
				if (auth == authBasic || from == 2) && step == far.Hello || step == far.Create && from == 2 {
					continue
				}
				t.Run(fmt.Sprint(auth, " ", step, " ", from), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						peers, end := context.WithCancel(t.Context())
						defer end()
						ctx, interrupt := context.WithCancel(t.Context())
						defer interrupt()
						p := &far.Peer{Habit: hostile.Mute, At: step, From: from}
						w := inMemory(peers, p, auth)
						began := time.Now()
						time.AfterFunc(time.Second, interrupt)
						opening, asking, closing := use(ctx, w)
						if took := time.Since(began); took != time.Second {
							t.Errorf("it took %s", took)
						}
						if err := errors.Join(append(asking, opening)...); !errors.Is(err, context.Canceled) {
							t.Errorf("the errors: %v", err)
						}
						if closing != nil {
							t.Errorf("the end: %v", closing)
						}
						if c := p.Counts(); p.Open() != 0 || c.Made != c.Delete || step != far.Hello && c.Made == 0 {
							t.Errorf("%+v", c)
						}
					})
				})
			}
		}
	}
}

// A close in the middle of a command ends it, and deletes the shell.
func TestCloseEndsACommand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		p := &far.Peer{Habit: hostile.Mute, At: far.Receive, From: 2}
		v, err := inMemory(ctx, p, authNegotiate).Open(ctx)
		if err != nil {
			t.Fatal(err)
		}
		asked := make(chan error)
		go func() {
			_, err := vantage.Registry.At(v)(ctx, `HKLM\SOFTWARE\Policies`)
			asked <- err
		}()
		synctest.Wait()
		began := time.Now()
		if err := v.Close(); err != nil || time.Since(began) > time.Second {
			t.Errorf("%v after %s", err, time.Since(began))
		}
		if err := <-asked; !errors.Is(err, context.Canceled) || p.Open() != 0 {
			t.Errorf("%v, %d shells", err, p.Open())
		}
	})
}

// Each quota is recovered from where that can be, and else named. Windows
// answers in its own language, so only the code counts.
func TestQuotas(t *testing.T) {
	const words = "Диспетчер не может обработать запрос."
	operations := func(most int) func(far.Step, int, int) *far.Fault {
		return func(s far.Step, _, n int) *far.Fault {
			if s == far.Command && n >= most {
				return &far.Fault{Subcode: "w:QuotaLimit", Code: codeOperations, Text: words}
			}
			return nil
		}
	}
	always := func(at far.Step, code uint32) func(far.Step, int, int) *far.Fault {
		return func(s far.Step, _, _ int) *far.Fault {
			if s == at {
				return &far.Fault{Subcode: "w:QuotaLimit", Code: code, Text: words}
			}
			return nil
		}
	}
	times := func(n int, f func(far.Step, int, int) *far.Fault) func(far.Step, int, int) *far.Fault {
		return func(s far.Step, shells, ops int) *far.Fault {
			fault := f(s, shells, ops)
			if fault != nil {
				if n--; n < 0 {
					return nil
				}
			}
			return fault
		}
	}
	for name, c := range map[string]struct {
		fault func(far.Step, int, int) *far.Fault
		names string // the quota that the error names; "" where it is recovered from
	}{
		"operations, given back with the shell":   {operations(1), ""},
		"operations, taken by others":             {operations(0), quotaOperations},
		"operations of Windows 8 and later":       {always(far.Command, 0x803381e8), quotaOperations},
		"operations, refused with the output":     {always(far.Receive, codeOperations), quotaOperations},
		"shells":                                  {always(far.Create, codeShells), quotaShells},
		"shells of Windows 8 and later":           {always(far.Create, 0x803381e4), quotaShells},
		"shells, free a moment later":             {times(2, always(far.Create, codeShells)), ""},
		"users":                                   {always(far.Create, codeShellUsers), quotaUsers},
		"users, gone a moment later":              {times(1, always(far.Create, codeShellUsers)), ""},
		"processes":                               {always(far.Command, 1816), quotaProcesses},
		"processes, ended with the shell":         {times(1, always(far.Command, 0x80070718)), ""},
		"memory":                                  {always(far.Command, 0x8007000e), quotaMemory},
		"memory, given back with the shell":       {times(1, always(far.Command, 1455)), ""},
		"requests in a time":                      {always(far.Create, codeRate), "requests per time"},
		"no code at all":                          {always(far.Create, 0), quotaShells},
		"the shell was deleted by somebody else":  {times(1, always(far.Command, codeUnexpected)), ""},
		"an error that nobody knows, once":        {times(1, always(far.Receive, 995)), ""},
		"the host does not let us name the shell": {times(1, always(far.Create, 2150858817)), ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				p := &far.Peer{Fault: c.fault}
				opening, asking, closing := use(ctx, inMemory(ctx, p, authNegotiate))
				err := errors.Join(append(asking, opening, closing)...)
				if quota := quotaOf(err); (err == nil) != (c.names == "") || !strings.Contains(quota, c.names) {
					t.Errorf("%v; want %q", err, c.names)
				}
				if n := p.Counts(); p.Open() != 0 || n.Made != n.Delete {
					t.Errorf("%+v", n)
				}
			})
		})
	}
}

// quotaOf is the quota that an error names, "" without one.
func quotaOf(err error) string {
	for r := range reason.Of(err).All {
		if r.Is(reason.QuotaUsed) {
			return r.Word("quota")
		}
	}
	return ""
}

// Faults that are no quota, and names that are not ours.
func TestOneFaultIsNoLoss(t *testing.T) {
	for name, p := range map[string]*far.Peer{
		"the shell is gone":          {Habit: far.Forget, At: far.Command, From: 2},
		"the host names its shells":  {OwnNames: true},
		"AutoRun prints":             {AutoRun: "Active code page: 65001\r\n"},
		"AutoRun prints no line end": {AutoRun: `C:\Users\svc>`},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				opening, asking, closing := use(ctx, inMemory(ctx, p, authNegotiate))
				if err := errors.Join(append(asking, opening, closing)...); err != nil || p.Open() != 0 {
					t.Errorf("%v, %d shells", err, p.Open())
				}
			})
		})
	}
}

// What AutoRun prints on stderr is no complaint of reg.exe, and what reg.exe
// complains of is.
func TestTheCommandsOwnComplaint(t *testing.T) {
	for complaint, want := range map[string]bool{"": true, "ERROR: Access is denied.\r\n": false} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			p := &far.Peer{AutoRun: "The system cannot find the path specified.\r\n", Run: func(string) (string, string, int) { return "", complaint, 0 }}
			v, err := inMemory(ctx, p, authNegotiate).Open(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := vantage.Registry.At(v)(ctx, `HKLM\SOFTWARE\Policies`); (err == nil) != want || err != nil && (!reason.Of(err).Has(reason.RegistryUnread) || !reason.Of(err).Names(reason.KeyReadInPart)) {
				t.Errorf("complaint %q: %v", complaint, err)
			}
			if err := v.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// A host that stops answering costs one message's time, not one for each of what
// is asked of it.
func TestAHostThatFallsAsleepIsAskedNoMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		p := &far.Peer{Habit: hostile.Mute, At: far.Receive, From: 2}
		v, err := inMemory(ctx, p, authNegotiate).Open(ctx)
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		for n := range 50 {
			_, err := vantage.Ping.At(v)(ctx, vantage.PingRequest{To: netip.MustParseAddr("127.0.0.1"), Timeout: time.Second})
			if why := reason.Of(err); !why.Has(reason.PingToolFailed) || why.Names(reason.AskedNoMore) != (n > 0) {
				t.Fatal(why.Key())
			}
		}
		if took := time.Since(began); took > messageLimit+cleanupLimit {
			t.Errorf("50 questions took %s", took)
		}
		if err := v.Close(); err != nil || p.Open() != 0 {
			t.Errorf("%v, %d shells", err, p.Open())
		}
	})
}

// onLoopback is the way to a peer on a real socket.
func onLoopback(ctx context.Context, t *testing.T, p *far.Peer) Way {
	t.Helper()
	w := inMemory(ctx, p, authNegotiate)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go p.Serve(c)
		}
	}()
	w.Address, w.Dial = "https://"+l.Addr().String(), nil
	return w
}

// In real time, on real sockets: a peer that answers 101 costs no time, and a
// cancel ends a question to a mute one at once.
func TestHostilePeersInRealTime(t *testing.T) {
	peers, end := context.WithCancel(t.Context())
	defer end()
	p := &far.Peer{Habit: hostile.Switch, At: far.Receive, From: 2}
	began := time.Now()
	opening, asking, closing := use(t.Context(), onLoopback(peers, t, p))
	if err := errors.Join(opening, closing); err != nil || asking[0] == nil || p.Open() != 0 {
		t.Errorf("opening and closing: %v; asking: %v; %d shells", err, asking, p.Open())
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it took %s", took)
	}
	p = &far.Peer{Habit: hostile.Mute, At: far.Receive, From: 2}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(300*time.Millisecond, cancel)
	began = time.Now()
	_, asking, closing = use(ctx, onLoopback(peers, t, p))
	if took := time.Since(began); took > 5*time.Second || closing != nil || len(asking) == 0 || !errors.Is(asking[0], context.Canceled) || p.Open() != 0 {
		t.Errorf("after %s: %v, %v; %d shells", took, asking, closing, p.Open())
	}
}

// The words of another language come as they are: silence in French.
func TestSilenceInFrench(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		p := &far.Peer{Run: func(string) (string, string, int) { return languages["french"].silent, "", 1 }}
		v, err := inMemory(ctx, p, authNegotiate).Open(ctx)
		if err != nil {
			t.Fatal(err)
		}
		r, err := vantage.Ping.At(v)(ctx, vantage.PingRequest{To: netip.MustParseAddr("198.18.10.30"), Timeout: time.Second})
		if err != nil || r.Class != run.Silent {
			t.Errorf("%+v, %v", r, err)
		}
		if err := v.Close(); err != nil {
			t.Error(err)
		}
	})
}
