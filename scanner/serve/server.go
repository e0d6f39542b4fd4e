package serve

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/prometheus/exporter-toolkit/web"

	"github.com/kmsiso/kmsiso/scanner/run"
)

// Server makes runs and shows the last one. Set its fields, then call Serve
// once.
type Server struct {
	// Run makes one run. It must return soon after its context is done. Never
	// called twice at a time, but beside one that did not return.
	Run func(context.Context) *run.Run
	// Encode writes a run in the Prometheus text format 0.0.4. It is called
	// once for every run, not for every scrape.
	Encode func(*run.Run) ([]byte, error)
	// Table writes a run as plain text for the page; nil shows none.
	Table func(*run.Run) ([]byte, error)

	// Reload reads the policy, because a person asked for it: by SIGHUP, or by
	// POST /-/reload. It is not called because a run finds the policy changed. A
	// run begins after it, whatever it returns; nil has nothing to read.
	Reload func() error
	// Hangup asks for a reload with each signal; nil never does.
	Hangup <-chan os.Signal
	// Left counts the calls of runs that never returned; nil counts none.
	Left func() int

	// Interval from the start of one run to the start of the next. A run that
	// takes longer delays the next; runs never overlap.
	Interval time.Duration
	// Jitter is the most that is added to the interval, at random each time,
	// so that many instances do not probe at the same moment.
	Jitter time.Duration
	// Timeout cancels a run; 0 is the interval, and 5 minutes at least.
	Timeout time.Duration
	// Grace is what a cancelled run has to return before it is called stuck;
	// 0 is 10 s.
	Grace time.Duration

	// StateDir keeps the last run across restarts; empty keeps none.
	StateDir string
	// ExternalURL is where people find the page, behind a proxy or by a name of
	// its own; requests for that name are answered.
	ExternalURL string
	// Hostname is the name of this machine; nil is [os.Hostname].
	Hostname func() (string, error)

	Log *slog.Logger // nil is slog.Default
}

// Web says where and how to listen.
type Web struct {
	// Listen are host:port, each; none is [Loopback].
	Listen []string
	// ConfigFile is a web configuration file of Prometheus' exporter-toolkit
	// (TLS, client certificates, basic authentication); empty is plain HTTP
	// for everybody.
	ConfigFile string
}

// Loopback is where a server listens that was not told: on this machine alone.
var Loopback = []string{"127.0.0.1:9688", "[::1]:9688"}

// MinInterval is the shortest interval. A run that takes longer delays the next.
const MinInterval = 10 * time.Second

// leastTimeout is what a run has, however short the interval is.
const leastTimeout = 5 * time.Minute

// shutdownTime is what answers under way have to end when the server stops.
const shutdownTime = 5 * time.Second

// Serve listens, makes the first run at once and then one an interval, until
// ctx is done (it then returns nil) or a listener fails. A mistake in the web
// configuration is an error before the first run.
func (s *Server) Serve(ctx context.Context, w Web) error {
	listeners, err := listen(ctx, w.Listen)
	if err != nil {
		return fmt.Errorf("serve: %w", err)
	}
	return s.ServeOn(ctx, listeners, w.ConfigFile)
}

// listen listens on all addresses, or on those of [Loopback] whose family this
// machine has.
func listen(ctx context.Context, addresses []string) (listeners []net.Listener, err error) {
	given := len(addresses) > 0
	if !given {
		addresses = Loopback
	}
	for _, address := range addresses {
		l, bad := new(net.ListenConfig).Listen(ctx, "tcp", address)
		if bad != nil {
			err = errors.Join(err, bad)
			if given || hasFamily(ctx, address) {
				closeAll(listeners)
				return nil, err
			}
			continue
		}
		listeners = append(listeners, l)
	}
	if len(listeners) == 0 {
		return nil, err
	}
	return listeners, nil
}

// hasFamily reports whether this machine has the address at all: then another
// port of it can be had.
func hasFamily(ctx context.Context, address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return true
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		return false
	}
	_ = l.Close()
	return true
}

// closeAll closes listeners, of which some may be closed already.
func closeAll(listeners []net.Listener) {
	for _, l := range listeners {
		_ = l.Close()
	}
}

// ServeOn is Serve on listeners that are there already. It closes them.
func (s *Server) ServeOn(ctx context.Context, listeners []net.Listener, configFile string) error {
	defer closeAll(listeners)
	d, err := s.daemon()
	if err != nil {
		return fmt.Errorf("serve: %w", err)
	}
	if err := web.Validate(configFile); err != nil {
		return fmt.Errorf("serve: web configuration %s: %w", configFile, err)
	}
	d.config = configFile
	if err := d.readKept(); err != nil {
		return fmt.Errorf("serve: %w", err)
	}
	whole := ctx
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var answering sync.WaitGroup
	answering.Go(func() { d.hangups(ctx, d.Hangup) })
	var servers []*http.Server
	for _, l := range listeners {
		// One server each: the toolkit wraps the handler of the one it is given.
		h := &http.Server{
			Handler:           d.handler(),
			ReadHeaderTimeout: 10 * time.Second,
			WriteTimeout:      time.Minute,
			IdleTimeout:       2 * time.Minute,
			ErrorLog:          slog.NewLogLogger(d.log.Handler(), slog.LevelWarn),
		}
		servers = append(servers, h)
		answering.Go(func() {
			if err := web.Serve(l, h, &web.FlagConfig{WebConfigFile: &configFile}, d.log); !errors.Is(err, http.ErrServerClosed) {
				cancel(fmt.Errorf("serve on %s: %w", l.Addr(), err))
			}
		})
	}
	err = d.loop(ctx)
	ended := context.Cause(ctx)
	if whole.Err() != nil {
		ended = nil // as it was told to
		d.log.Info("kmsiso serve ends", "reason", context.Cause(whole))
	}
	cancel(nil)
	stop, done := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
	defer done()
	for _, h := range servers {
		if h.Shutdown(stop) != nil {
			_ = h.Close()
		}
	}
	answering.Wait()
	return errors.Join(ended, err)
}

// daemon checks the fields and fills in what was left out.
func (s *Server) daemon() (*daemon, error) {
	switch {
	case s.Run == nil || s.Encode == nil:
		return nil, errors.New("nothing to run, or no way to write it")
	case s.Interval < MinInterval:
		return nil, fmt.Errorf("interval %s is below %s: a run takes that long, and the hosts count what is asked of them", s.Interval, MinInterval)
	case s.Jitter < 0 || s.Timeout < 0 || s.Grace < 0:
		return nil, errors.New("jitter, timeout and grace must not be negative")
	}
	external, err := externalName(s.ExternalURL)
	if err != nil {
		return nil, err
	}
	d := &daemon{Server: *s, log: s.Log, external: external, asked: make(chan struct{}, 1)}
	if d.log == nil {
		d.log = slog.Default()
	}
	if d.Timeout == 0 {
		d.Timeout = max(d.Interval, leastTimeout)
	}
	if d.Grace == 0 {
		d.Grace = 10 * time.Second
	}
	return d, d.measure()
}
