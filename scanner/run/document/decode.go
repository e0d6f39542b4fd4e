package document

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/run/jsonform"
)

// written is a run as its document has it. Of observations and cells there are many:
// each is read for itself, when the rest is known.
type written struct {
	*run.Run
	Schema       string            `json:"schema"`
	Observations []json.RawMessage `json:"observations"`
	Cells        []json.RawMessage `json:"cells"`
	// What stands once, and is named by many places.
	Notes   []string         `json:"notes"`
	Checks  map[string]about `json:"checks"`
	Reasons reason.Rows      `json:"reasons"`
	// NotTested is what [Run].Untested was in version 1 before there were codes, in
	// sentences.
	NotTested []reason.Reason `json:"notTested"`
	// Ports is the sample of a run that counted TCP ports alone.
	Ports int `json:"ports"`
}

// about is what cells have of their check.
type about struct {
	Title     string `json:"title"`
	Section   string `json:"section"`
	Confirmed string `json:"confirmed"`
}

// decoder makes a run of a document. The first error stays.
type decoder struct {
	*written
	// older is a document of version 1, in which nothing is left out.
	older bool
	ways  map[string]string
	left  int // octets that what stands once may come to in all its places
	err   error
}

// What stands once may come to mostRepeated times the document: no run comes to one.
// Else a short document could stand for one without end.
const (
	mostRepeated  = 4
	leastRepeated = 1 << 20 // in a short document
	leastOctets   = 64      // that one place comes to in memory
)

// decode reads a document of this version or an older one. What an older one says
// in sentences is a quotation.
func decode(b []byte) (*run.Run, error) {
	w := written{Run: new(run.Run)}
	if err := jsonform.Strictly(b, &w); err != nil {
		return nil, err
	}
	w.Untested = append(w.Untested, w.NotTested...)
	w.Sample.TCP = cmp.Or(w.Sample.TCP, w.Ports)
	d := decoder{written: &w, older: w.Schema == oldSchema, ways: usualWays(w.Vantages), left: mostRepeated*len(b) + leastRepeated}
	w.Run.Observations = each(&d, w.Observations, d.observation)
	w.Run.Cells = each(&d, w.Cells, d.cell)
	return w.Run, d.err
}

// each makes something of each entry of a list.
func each[W, T any](d *decoder, list []json.RawMessage, one func(*W) T) []T {
	if list == nil {
		return nil
	}
	all := make([]T, 0, len(list))
	for _, raw := range list {
		w := new(W)
		if d.fail(jsonform.Strictly(raw, w)); d.err != nil {
			return nil
		}
		all = append(all, one(w))
	}
	return all
}

func (d *decoder) fail(err error) {
	if d.err == nil {
		d.err = err
	}
}

// takes counts what a place comes to that names what stands elsewhere.
func (d *decoder) takes(octets int) {
	if d.left -= octets; d.left < 0 {
		d.fail(errors.New("it says the same more often than any run does"))
	}
}

// orUsual is what a field says, or else what is usual there.
func orUsual[T any](d *decoder, says *T, usual T) T {
	switch {
	case says != nil:
		return *says
	case d.older:
		return *new(T)
	}
	return usual
}

// text is orUsual of a text, which may be long.
func (d *decoder) text(says *string, usual string) string {
	if says == nil && !d.older {
		d.takes(len(usual))
	}
	return orUsual(d, says, usual)
}

// writtenObservation is an observation, with the fields of its need among its own.
// Version 1 has these apart.
type writtenObservation struct {
	run.Observation
	run.Need
	When  *run.When    `json:"when"`
	Via   *string      `json:"via"`
	Tries []writtenTry `json:"tries"`
}

type writtenTry struct {
	run.Try
	Class *run.Class `json:"class"`
	Took  *int64     `json:"took"`
	// Note is a place in the notes; a text in version 1.
	Note json.RawMessage `json:"note"`
}

func (d *decoder) observation(w *writtenObservation) run.Observation {
	o, other := w.Observation, w.Observation.Need
	if d.older {
		other = w.Need
	} else {
		o.Need = w.Need
		o.Need.When = orUsual(d, w.When, run.Once)
	}
	if other != (run.Need{}) || d.older && w.When != nil {
		d.fail(fmt.Errorf("observation %s has the need of another version", o.ID))
	}
	o.Via = d.text(w.Via, usualWay(&o, d.ways))
	for i := range w.Tries {
		o.Tries = append(o.Tries, d.try(&w.Tries[i], o.Class))
	}
	return o
}

func (d *decoder) try(w *writtenTry, of run.Class) run.Try {
	t := w.Try
	t.Class = orUsual(d, w.Class, of)
	t.Took = time.Duration(orUsual(d, w.Took, usuallyTook(&t)))
	switch {
	case w.Note == nil:
	case d.older:
		d.fail(json.Unmarshal(w.Note, &t.Note))
	default:
		t.Note = d.note(w.Note)
	}
	return t
}

func (d *decoder) note(b []byte) string {
	var n int
	if err := json.Unmarshal(b, &n); err != nil || n < 0 || n >= len(d.Notes) {
		d.fail(fmt.Errorf("there is no note %.20s", b))
		return ""
	}
	d.takes(len(d.Notes[n]))
	return d.Notes[n]
}
