package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/expfmt"

	"github.com/kmsiso/kmsiso/report/render"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// The codes of kmsiso_cell_status, best first, so that max by (check) folds
// cells the way the matrix does and "above waived" means "look at it". They are
// part of what alerts rest on: never renumber them.
var statuses = []struct {
	name string
	is   func(*run.Cell) bool
}{
	{"pass", func(c *run.Cell) bool { return c.Verdict == run.Pass && !c.Weak }},
	{"weak pass", func(c *run.Cell) bool { return c.Verdict == run.Pass }},
	{"skip", func(c *run.Cell) bool { return c.Verdict == run.Skip }},
	{"waived", func(c *run.Cell) bool { return c.Verdict == run.Waived }},
	{"inconclusive", func(c *run.Cell) bool { return c.Verdict == run.Inconclusive }},
	{"error", func(c *run.Cell) bool { return c.Verdict != run.Fail }},
	{"fail", func(c *run.Cell) bool { return c.Verdict == run.Fail }},
}

// status is the code of a cell.
func status(c *run.Cell) int {
	for code, s := range statuses {
		if s.is(c) {
			return code
		}
	}
	return len(statuses) - 1
}

// codes lists the codes with their names, for HELP.
func codes() string {
	said := make([]string, len(statuses))
	for code, s := range statuses {
		said[code] = fmt.Sprintf("%d %s", code, s.name)
	}
	return strings.Join(said, ", ")
}

func desc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("kmsiso_"+name, help, labels, nil)
}

// The families of a run. A cell is one series whose labels never change with
// its verdict, so that an alert on it neither flaps nor resolves by vanishing.
var (
	descCell         = desc("cell_status", "Status of a cell of the last judged run: "+codes()+".", "check", "vantage", "target")
	descCells        = desc("run_cells", "Cells of the last judged run, by verdict; weak passes count as pass.", "verdict")
	descGo           = desc("run_go", "1 when the last judged run answered GO: no fail, nothing inconclusive or in error, something passed.")
	descStopped      = desc("run_stopped", "1 when the last judged run was stopped before its end: cells that were not decided by then are errors.")
	descBroken       = desc("run_broken", "Parts of kmsiso itself that broke in the last judged run.")
	descFault        = desc("run_fault", "1 when the run could not be made at all.")
	descStarted      = desc("run_timestamp_seconds", "When the last judged run began, in seconds since the epoch.")
	descDuration     = desc("run_duration_seconds", "How long the last judged run took.")
	descOwed         = desc("run_obligations", "What a GO owes beside its cells, by how it is paid.", "paid")
	descUnattributed = desc("run_unattributed", "Passes that rest on a deny which nothing shows to be the host's own doing.")
	descWarnings     = desc("run_warnings", "Findings of severity warn or above.")
	descInfo         = desc("run_info", "What the last judged run was about; always 1.", "deployment", "stage", "basis", "scope")
	descRefused      = desc("credential_refused", "1 while a credential is held back: it was refused, or an attempt more could lock its account out.", "credential")
	descBuild        = desc("build_info", "The kmsiso that made the last judged run; always 1.", "version")
)

// series is a run as a collector of constant metrics.
type series struct{ run *run.Run }

// Describe sends the families there can be.
func (s series) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		descCell, descCells, descGo, descStopped, descBroken, descFault, descStarted, descDuration, descOwed, descUnattributed, descWarnings, descInfo, descBuild, descRefused,
	} {
		ch <- d
	}
}

// Collect sends the series.
func (s series) Collect(ch chan<- prometheus.Metric) {
	r, n := s.run, s.run.Count()
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		for i, l := range labels {
			labels[i] = render.Clean(l)
		}
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	// Names that are the same once they are cleaned are one series, the worst.
	worst := make(map[run.CellID]int, len(r.Cells))
	for i := range r.Cells {
		c := &r.Cells[i]
		id := run.CellID{Check: render.Clean(c.ID.Check), Vantage: render.Clean(c.ID.Vantage), Target: render.Clean(c.ID.Target)}
		worst[id] = max(worst[id], status(c))
	}
	for id, code := range worst {
		gauge(descCell, float64(code), id.Check, id.Vantage, id.Target)
	}
	for v, count := range map[run.Verdict]int{
		run.Pass: n.Pass, run.Fail: n.Fail, run.Inconclusive: n.Inconclusive,
		run.Error: n.Error, run.Skip: n.Skip, run.Waived: n.Waived,
	} {
		gauge(descCells, float64(count), string(v))
	}
	for _, paid := range []run.Support{run.Shown, run.Weak, run.NotShown, run.Void} {
		gauge(descOwed, float64(r.Owes(paid)), string(paid))
	}
	gauge(descGo, truth(r.Answer().Goes()))
	gauge(descStopped, truth(r.Stopped != nil))
	gauge(descBroken, float64(len(r.Broken)))
	gauge(descFault, truth(r.Fault != ""))
	gauge(descStarted, float64(r.Started.UnixMilli())/1000)
	gauge(descDuration, r.Duration.Seconds())
	gauge(descUnattributed, float64(n.Unattributed))
	gauge(descWarnings, float64(n.Warnings))
	gauge(descInfo, 1, r.Name, r.Stage, r.Basis, r.Scope)
	gauge(descBuild, 1, r.Version)
	held := map[string]float64{} // names that are the same once they are cleaned are one
	for _, c := range r.Credentials {
		name := render.Clean(c.Name)
		held[name] = max(held[name], truth(c.Held))
	}
	for name, v := range held {
		gauge(descRefused, v, name)
	}
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// writePrometheus writes the run in the Prometheus text format 0.0.4, for the
// textfile collector of node_exporter or as the body of /metrics.
func writePrometheus(w io.Writer, r *run.Run, _ Options) error {
	registry := prometheus.NewPedanticRegistry()
	if err := registry.Register(series{r}); err != nil {
		return fmt.Errorf("register the series of a run: %w", err)
	}
	families, err := registry.Gather()
	if err != nil {
		return fmt.Errorf("gather the series of a run: %w", err)
	}
	e := expfmt.NewEncoder(w, expfmt.NewFormat(expfmt.TypeTextPlain))
	for _, f := range families {
		if err := e.Encode(f); err != nil {
			return fmt.Errorf("write %s: %w", f.GetName(), err)
		}
	}
	return nil
}
