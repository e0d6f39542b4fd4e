package serve

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"
)

// reloadTime bounds a reload: the file may lie on a network that is gone.
const reloadTime = 10 * time.Second

// reload does what a person asked for, by SIGHUP or POST /-/reload: the policy
// is read at once, and a run begins as soon as none is under way. Where the
// policy is bad that is logged, and the run fails by it as any would.
func (d *daemon) reload(ctx context.Context, by string) error {
	var err error
	if d.Reload != nil {
		ended := make(chan error, 1)
		go func() { ended <- d.Reload() }()
		late := time.NewTimer(reloadTime)
		defer late.Stop()
		select {
		case err = <-ended:
		case <-late.C:
			err = fmt.Errorf("the policy was not read within %s", reloadTime)
		case <-ctx.Done():
			err = context.Cause(ctx)
		}
	}
	if err != nil {
		d.log.Warn("a reload failed", "by", by, "error", err)
	} else {
		d.log.Info("reloaded: a run begins now", "by", by)
	}
	select {
	case d.asked <- struct{}{}:
	default: // one is asked for already
	}
	return err
}

// hangups reloads on every signal, until ctx is done.
func (d *daemon) hangups(ctx context.Context, signals <-chan os.Signal) {
	for {
		select {
		case s := <-signals:
			_ = d.reload(ctx, s.String()) // it is logged
		case <-ctx.Done():
			return
		}
	}
}

// serveReload is POST /-/reload.
func (d *daemon) serveReload(w http.ResponseWriter, r *http.Request) {
	// A person who goes away does not take the reload back.
	if err := d.reload(context.WithoutCancel(r.Context()), r.Method+" "+r.URL.Path); err != nil {
		plain(w, http.StatusInternalServerError, fmt.Sprintf("the reload failed: %v\n", err))
		return
	}
	plain(w, http.StatusOK, "reloaded: a run begins now\n")
}

// errStuck is of runs that never return.
var errStuck = errors.New("restart kmsiso serve: what never returns takes memory for ever")
