package policyfile

import (
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/kmsiso/kmsiso/scanner/way"
)

// scalar is one plain value and where it stands.
type scalar[T any] struct {
	at     place
	value  T
	set    bool
	choice []string // the words of the form, where it has a choice
}

// choose gives a value the words between which there is a choice.
func (s *scalar[T]) choose(words []string) { s.choice = words }

func (s *scalar[T]) read(r *reader, n *yaml.Node) {
	s.at = r.place(n)
	text, quoted, ok := plain(n)
	if !ok {
		r.wrong(n, wanted(&s.value))
		return
	}
	if err := parseValue(&s.value, text, quoted); err != nil {
		r.bad.add(s.at, "%v", err)
		return
	}
	s.set = true
}

// list is a sequence and where it stands.
type list[T any] struct {
	at    place
	items []T
	set   bool
}

func (l *list[T]) read(r *reader, n *yaml.Node) {
	l.at = r.place(n)
	switch {
	case isNull(n):
	case n.Kind == yaml.SequenceNode && unadorned(n):
		if !r.enter(n) {
			return
		}
		defer r.leave()
		l.set = true
		for _, v := range n.Content {
			var item T
			any(&item).(readable).read(r, v)
			l.items = append(l.items, item)
		}
	default:
		r.wrong(n, "a list, such as [a, b]")
	}
}

// table is a mapping of names of the reader's own, in the order of the file.
type table[T any] struct {
	at      place
	entries []named[T]
}

// named is one entry of a table.
type named[T any] struct {
	at    place
	name  string
	value T
}

func (t *table[T]) read(r *reader, n *yaml.Node) {
	t.at = r.place(n)
	if isNull(n) {
		return
	}
	pairs, ok := r.pairs(n, "a mapping of names")
	if !ok || !r.enter(n) {
		return
	}
	defer r.leave()
	t.entries = make([]named[T], len(pairs))
	for i, p := range pairs {
		e := &t.entries[i]
		e.at, e.name = p.at, p.key
		any(&e.value).(readable).read(r, p.value)
	}
}

// block is a mapping with the fixed keys of a form.
type block[T any] struct {
	at  place
	set bool
	// broken: something in it could not be read and was told, so that what is
	// missing may only have been misspelt.
	broken bool
	form   T
}

// keyAt prefers the key over the first thing in the block.
func (b *block[T]) keyAt(at place) { b.at = at }

func (b *block[T]) read(r *reader, n *yaml.Node) {
	b.at = r.place(n)
	b.set = true
	before := len(r.bad.found)
	r.fields(n, &b.form)
	b.broken = len(r.bad.found) > before
}

// unsupported takes any value, to be refused by name.
type unsupported struct {
	at  place
	set bool
}

func (u *unsupported) read(r *reader, n *yaml.Node) { u.at, u.set = r.place(n), true }

// plain returns the text of a scalar as it was written, and whether it was
// quoted or is text to YAML anyway.
func plain(n *yaml.Node) (text string, isText, ok bool) {
	if n.Kind != yaml.ScalarNode || !unadorned(n) || isNull(n) {
		return "", false, false
	}
	if n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		return strings.TrimSuffix(n.Value, "\n"), true, true
	}
	switch n.ShortTag() {
	case "!!int", "!!float", "!!bool":
		return n.Value, false, true
	}
	return n.Value, true, true
}

// port is a TCP port.
type port uint16

// percent is a share of a hundred.
type percent float64

// addresses is one entry of an exemption: an address, a network or a range.
type addresses []netip.Prefix

func wanted(v any) string {
	switch v.(type) {
	case *string:
		return "text"
	case *int:
		return "a whole number"
	case *port:
		return "a TCP port"
	case *percent:
		return "a percentage such as 99.5%"
	case *bool:
		return "true or false"
	case *netip.Addr:
		return "an IP address"
	case *addresses:
		return "an IP address, a network such as 198.18.40.0/24, or a range"
	case *time.Duration:
		return "a duration such as 3.5s"
	case *moment:
		return "a day such as 2027-06-30"
	case *days:
		return "a number of days such as 180d"
	}
	panic(fmt.Sprintf("policyfile: %T is no value", v))
}

func parseValue(v any, text string, isText bool) error {
	var err error
	switch v := v.(type) {
	case *string:
		*v = text
		if _, b := strconv.ParseBool(text); !isText && b == nil && len(text) > 1 {
			return fmt.Errorf("want text, not %s; put it in quotes if it is a name", text)
		}
		if text == "" {
			return fmt.Errorf("want text, not an empty value")
		}
		if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			return fmt.Errorf("want text on one line, without control characters")
		}
	case *int:
		if *v, err = strconv.Atoi(text); err != nil || isText || leadingZero(text) {
			return fmt.Errorf("want a whole number, not %q", text)
		}
	case *port:
		var n uint16
		n, err = way.Port(text)
		*v = port(n)
	case *percent:
		n, err := strconv.ParseFloat(strings.TrimSuffix(text, "%"), 64)
		if err != nil || !percentage.MatchString(text) || n > 100 {
			return fmt.Errorf("%q is no percentage: want a number from 0 to 100, such as 99.5%%", text)
		}
		*v = percent(n)
	case *bool:
		if isText || text != "true" && text != "false" {
			return fmt.Errorf("want true or false, not %q", text)
		}
		*v = text == "true"
	case *netip.Addr:
		*v, err = parseAddr(text)
	case *addresses:
		*v, err = parseAddresses(text)
	case *time.Duration:
		if *v, err = time.ParseDuration(text); err != nil {
			return fmt.Errorf("duration %q: write a number with its unit, such as 3.5s", text)
		}
	case *moment:
		*v, err = parseMoment(text)
	case *days:
		n, err := strconv.ParseUint(strings.TrimSuffix(text, "d"), 10, 16)
		if err != nil || n == 0 || !strings.HasSuffix(text, "d") || leadingZero(text) {
			return fmt.Errorf("%q is no number of days: write 180d", text)
		}
		*v = days(n)
	}
	return err
}

var percentage = regexp.MustCompile(`^(0|[1-9][0-9]{0,2})(\.[0-9]{1,4})?%?$`)

func leadingZero(text string) bool {
	return len(text) > 1 && (text[0] == '0' || text[0] == '+' || text[0] == '-' && text[1] == '0')
}

// days is a length of time in whole days.
type days int

// moment is a moment, or a day, which lasts to its end in the zone of the policy.
type moment struct {
	text string // as it was written
	at   time.Time
	day  bool // at is the beginning of the day, in no zone yet
}

func parseMoment(text string) (moment, error) {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return moment{text: text, at: t}, nil
	}
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return moment{}, fmt.Errorf("%q is no day: write 2027-06-30, or 2027-06-30T00:00:00+01:00", text)
	}
	return moment{text: text, at: t, day: true}, nil
}

// end is when the moment has come, or the day is over in a zone.
func (m moment) end(zone *time.Location) time.Time {
	if !m.day {
		return m.at
	}
	return time.Date(m.at.Year(), m.at.Month(), m.at.Day()+1, 0, 0, 0, 0, zone)
}
