package serve

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/exporter-toolkit/web"

	"github.com/kmsiso/kmsiso/scanner/run"
)

// Server makes runs and shows the last one. Set its fields, then call Serve
// once.
type Server struct {
	// Run makes one run. It must return soon after its context is done. Never
	// called twice at a time.
	Run func(context.Context) *run.Run
	// Encode writes a run in the Prometheus text format 0.0.4. It is called
	// once for every run, not for every scrape.
	Encode func(*run.Run) ([]byte, error)
	// Table writes a run as plain text for the page; nil shows none.
	Table func(*run.Run) ([]byte, error)

	// Interval from the start of one run to the start of the next. A run that
	// takes longer delays the next; runs never overlap.
	Interval time.Duration
	// Jitter is the most that is added to the interval, at random each time,
	// so that many instances do not probe at the same moment.
	Jitter time.Duration
	// Timeout cancels a run; 0 is the interval.
	Timeout time.Duration
	// Grace is what a cancelled run has to return before it is called stuck;
	// 0 is 10 s.
	Grace time.Duration

	// StateDir keeps the last run across restarts; empty keeps none.
	StateDir string
	Log      *slog.Logger // nil is slog.Default
}

// Web says where and how to listen.
type Web struct {
	Listen []string // host:port, each
	// ConfigFile is a web configuration file of Prometheus' exporter-toolkit
	// (TLS, client certificates, basic authentication); empty is plain HTTP
	// for everybody.
	ConfigFile string
}

// shutdownTime is what answers under way have to end when the server stops.
const shutdownTime = 5 * time.Second

// Serve listens, makes the first run at once and then one an interval, until
// ctx is done (it then returns nil) or a listener fails. A mistake in the web
// configuration is an error before the first run.
func (s *Server) Serve(ctx context.Context, w Web) error {
	if len(w.Listen) == 0 {
		return errors.New("serve: no address to listen on")
	}
	var listeners []net.Listener
	for _, address := range w.Listen {
		l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
		if err != nil {
			closeAll(listeners)
			return fmt.Errorf("serve: %w", err)
		}
		listeners = append(listeners, l)
	}
	return s.ServeOn(ctx, listeners, w.ConfigFile)
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
	d.public = configFile == ""
	if err := d.readKept(); err != nil {
		return fmt.Errorf("serve: %w", err)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var answering sync.WaitGroup
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
	stop, done := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
	defer done()
	for _, h := range servers {
		if h.Shutdown(stop) != nil {
			_ = h.Close()
		}
	}
	answering.Wait()
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) && !errors.Is(cause, context.DeadlineExceeded) {
		return errors.Join(cause, err)
	}
	return err
}

// daemon checks the fields and fills in what was left out.
func (s *Server) daemon() (*daemon, error) {
	switch {
	case s.Run == nil || s.Encode == nil:
		return nil, errors.New("nothing to run, or no way to write it")
	case s.Interval <= 0:
		return nil, fmt.Errorf("interval %s: must be more than nothing", s.Interval)
	case s.Jitter < 0 || s.Timeout < 0 || s.Grace < 0:
		return nil, errors.New("jitter, timeout and grace must not be negative")
	}
	d := &daemon{Server: *s, log: s.Log}
	if d.log == nil {
		d.log = slog.Default()
	}
	if d.Timeout == 0 {
		d.Timeout = d.Interval
	}
	if d.Grace == 0 {
		d.Grace = 10 * time.Second
	}
	return d, d.measure()
}
