package winrm

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// clock reads the clock with PowerShell: what cmd.exe itself prints of it is in the
// language and the time zone of the machine.
type clock struct{ h *host }

// clockCommand prints the time in UTC as RFC 3339 has it, to 100 ns. The form "o" is the
// same in every culture, and Constrained Language lets it through.
const clockCommand = `powershell -NoLogo -NoProfile -NonInteractive -Command "[DateTime]::UtcNow.ToString('o')"`

// clockLimit is for starting PowerShell and its one line.
const clockLimit = 30 * time.Second

// ReadClock reads the clock.
func (c clock) ReadClock(ctx context.Context, _ vantage.ClockRequest) (vantage.ClockReading, error) {
	unread := func(err error) (vantage.ClockReading, error) {
		return vantage.ClockReading{}, reason.Wrap(err, reason.ClockUnread, "host", c.h.post.endpoint.host, "why", reason.Of(err))
	}
	out, err := c.h.run(ctx, clockCommand, clockLimit)
	if err != nil {
		return unread(err)
	}
	at, err := parseClock(out)
	if err != nil {
		return unread(err)
	}
	return vantage.ClockReading{Time: at}, nil
}

// parseClock reads what PowerShell printed: one time of UTC, and nothing else. Where it
// did not end well there is no PowerShell, or it is not for this account: that is
// [vantage.ErrNoClock].
func parseClock(out result) (time.Time, error) {
	at, err := time.Parse(time.RFC3339Nano, strings.TrimSpace(out.stdout))
	if err != nil || out.exit != 0 || at.Location() != time.UTC {
		words := clean(out.stdout + " " + out.stderr)
		var cause error
		if out.exit != 0 {
			cause = vantage.ErrNoClock
		}
		return at, reason.Wrap(cause, reason.ClockAnswerOdd, "exit", out.exit, "words", fmt.Sprintf("%.120s", words))
	}
	return at, nil
}
