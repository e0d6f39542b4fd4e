package document

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/run"
)

// readOld reads once, on load, what an older kmsiso said in words or not at all,
// so that nothing behind it has to look at words.
func readOld(r *run.Run) {
	for i := range r.Cells {
		c := &r.Cells[i]
		c.Weak = c.Weak || c.Unattributed()
	}
	for i := range r.Observations {
		o := &r.Observations[i]
		o.Forest.ReadOld()
		for j := range o.Tries {
			readOldTry(&o.Tries[j], o.Need.Addr.Is6())
		}
		if o.Class == run.Cut && len(o.Tries) > 0 && !slices.ContainsFunc(o.Tries, func(t run.Try) bool { return t.Class == run.Cut }) {
			o.Class = run.Unknown
		}
	}
}

// readOldTry reads the note of a try: the numbers of an ICMP error, and that an SSH
// server did not tell what became of a connect, which once was called cut.
func readOldTry(t *run.Try, six bool) {
	switch t.Class {
	case run.Cut:
		if words, unknown := strings.CutPrefix(t.Note, oldUnknown); unknown {
			t.Class, t.Note = run.Unknown, words
		}
	case run.Unreachable, run.Refused:
		if t.ICMP == (run.ICMP{}) {
			t.ICMP = oldICMP(t.Note, six)
		}
	}
}

// What the notes of commit d73fdb6 and before say: of a connect through an SSH
// server, of an ICMP error, and of an IP_STATUS of Windows.
const (
	oldUnknown    = "unknown: "
	oldProhibited = "prohibited"
)

var (
	oldNumbers = regexp.MustCompile(`\(type (\d{1,3}) code (\d{1,3})\)$`)
	oldStatus  = regexp.MustCompile(`\(IP_STATUS \d+\)$`)
)

func oldICMP(note string, six bool) run.ICMP {
	if m := oldNumbers.FindStringSubmatch(note); m != nil {
		typ, err := strconv.ParseUint(m[1], 10, 8)
		code, codeErr := strconv.ParseUint(m[2], 10, 8)
		if err != nil || codeErr != nil {
			return run.ICMP{}
		}
		return run.ICMP{Type: uint8(typ), Code: uint8(code)}
	}
	// Windows has one status for it, for IPv6 only.
	if six && strings.Contains(note, oldProhibited) && (oldStatus.MatchString(note) || oldReply.MatchString(note)) {
		return run.ICMP{Type: 1, Code: 1}
	}
	return run.ICMP{}
}

// oldReply is a line of ping.exe that names who replied.
var oldReply = regexp.MustCompile(`^Reply from [0-9A-Fa-f:]+`)

// oldSchema is version 1 of the run document.
const oldSchema = "kmsiso/run/v1"
