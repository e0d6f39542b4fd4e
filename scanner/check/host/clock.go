package host

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/rsop"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Clock is the check host-clock: the KMS host's clock is near that of the domain controllers.
var Clock = check.Check{
	ID:        "host-clock",
	Title:     "the KMS host's clock is near that of the domain controllers",
	Section:   "+",
	Confirmed: "spec",
	Cells: func(p *intent.Policy) []run.CellID {
		var ids []run.CellID
		for _, k := range p.WithRole(intent.RoleKMSHost) {
			ids = append(ids, run.CellID{Check: "host-clock", Vantage: k.Name, Target: k.Host})
		}
		return ids
	},
	Trials: check.ItsMachine,
	Claims: check.Looking(func(p *intent.Policy, t *check.Trial) []run.Need {
		return append(check.DirectoryNeeds(p, run.CellID{}), clockNeed(t))
	},
		hostClock, reason.ClaimRead, reason.ClaimInForce),
}

// apartWarns is a fifth of [run.KerberosSkew]: no clock that somebody sets is so far away.
const apartWarns = time.Minute

// clockNeed is the need of the clock of a trial's machine.
func clockNeed(t *check.Trial) run.Need {
	return run.Need{Vantage: t.From.Name, When: run.Once, Spec: run.Spec{Probe: run.ProbeClock}}
}

// hostClock holds the clock of a host against that of a domain controller, by which
// Kerberos goes. Where none is known, nobody can say which is wrong of the clock of the
// host and that of kmsiso.
func hostClock(e *check.Evidence, l *check.Ledger) {
	o, told := e.Learns(l, clockNeed(e.Trial))
	if !told {
		return
	}
	l.Intended = reason.One(reason.IntendedClock, "allowed", run.KerberosSkew)
	if o.Clock == nil {
		l.Of(reason.ClaimRead).By = nil
		return
	}
	l.Seen = reason.One(reason.SeenHostClock, "host", e.Host.Name, "ahead", shown(o.Clock.Ahead), "within", shown(o.Clock.Within))
	inForce := l.Of(reason.ClaimInForce)
	inForce.Shown([]*run.Observation{o})
	dc := controllerClock(e)
	if dc == nil {
		byKmsiso(e, l, between(*o.Clock, run.Clock{}))
		return
	}
	inForce.Shown(e.Forests())
	l.Seen = append(l.Seen, reason.New(reason.SeenControllerClock, "ahead", shown(dc.Ahead), "within", shown(dc.Within)))
	d := between(*o.Clock, *dc)
	switch {
	case d.surely(run.KerberosSkew):
		inForce.Broken = d.why(reason.HostClockWrong, e.Host)
	case d.perhaps(run.KerberosSkew):
		inForce.Unsure = d.why(reason.HostClockUnsure, e.Host)
	case d.perhaps(apartWarns):
		inForce.Weak = d.why(reason.HostClockApart, e.Host)
		l.Find(run.Found(inForce.Weak[0]))
	}
}

// byKmsiso enters what the clock of kmsiso alone says of a host's: never that it is
// right.
func byKmsiso(e *check.Evidence, l *check.Ledger, d apart) {
	inForce := l.Of(reason.ClaimInForce)
	unheld := d.why(reason.NoControllerClock, e.Host)
	wrong := d.why(reason.OneClockWrong, e.Host)
	if d.perhaps(apartWarns) {
		l.Find(run.Found(wrong[0]))
	}
	switch {
	case d.perhaps(run.KerberosSkew):
		inForce.Unsure = wrong
	case tellsTime(e.Directories):
		inForce.Unsure = unheld
	default:
		inForce.Void = unheld
	}
}

// tellsTime reports whether some declared source could tell the time of a domain
// controller. No copy can.
func tellsTime(all *rsop.Deployment) bool {
	if all == nil {
		return false
	}
	told := func(f *run.Forest) bool { return f.Skew != nil }
	return len(all.Failed) > 0 || slices.ContainsFunc(all.Forests, told)
}

// controllerClock is the clock of a domain controller of the host's forest, nil where it
// is not known, or not how exactly.
func controllerClock(e *check.Evidence) *run.Clock {
	if e.Directories == nil {
		return nil
	}
	a, domain := e.Directories.Account(cmp.Or(e.Host.FQDN, e.Host.Name))
	if a == nil {
		return nil
	}
	f := e.Directories.Forest(domain)
	if f.Skew == nil || f.SkewWithin <= 0 {
		return nil
	}
	return &run.Clock{Ahead: *f.Skew, Within: f.SkewWithin}
}

// apart is how far two clocks are apart, and how exact that is, in seconds: a document
// may hold more than a [time.Duration] can add up.
type apart struct{ by, within float64 }

func between(a, b run.Clock) apart {
	return apart{math.Abs(a.Ahead.Seconds() - b.Ahead.Seconds()), math.Abs(a.Within.Seconds()) + math.Abs(b.Within.Seconds())}
}

// surely and perhaps say whether they are as far apart as that, or further.
func (d apart) surely(limit time.Duration) bool  { return d.by-d.within >= limit.Seconds() }
func (d apart) perhaps(limit time.Duration) bool { return d.by+d.within >= limit.Seconds() }

// why says how far the clock of a host is away.
func (d apart) why(code reason.Code, h intent.Host) reason.List {
	return reason.One(code, "host", h.Name, "apart", seconds(d.by), "within", seconds(d.within), "allowed", run.KerberosSkew)
}

// seconds and shown are times as people read them.
func seconds(s float64) time.Duration {
	const most = float64(math.MaxInt64 / int64(time.Second))
	return shown(time.Duration(min(s, most) * float64(time.Second)))
}

func shown(d time.Duration) time.Duration { return d.Round(time.Second / 10) }
