package consec

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// maxRule is the longest rule string that is read, in octets. A string value
// of Registry.pol has at most 65,535.
const maxRule = 64 << 10

// Version is a schema version: 2.10 is {2, 10}.
type Version struct{ Major, Minor uint8 }

func (v Version) String() string { return fmt.Sprintf("%d.%d", v.Major, v.Minor) }

// UpTo reports whether the version is at most w.
func (v Version) UpTo(w Version) bool {
	return v.Major < w.Major || v.Major == w.Major && v.Minor <= w.Minor
}

// scan walks over the tokens of a rule string, [MS-GPFAS] 2.2.2.19 and 2.2.6.2,
// and gives each to take, which returns a bit for a token that may be there
// once, 0 for others. It returns the version.
func scan(value string, take func(name, value string) (once uint64, err error)) (Version, error) {
	if len(value) > maxRule {
		return Version{}, reason.Fail(reason.RuleStringLong, "octets", len(value), "most", maxRule)
	}
	rest := strings.TrimRight(value, "\x00")
	if !strings.HasSuffix(rest, "|") {
		return Version{}, reason.Fail(reason.RuleStringCut, "text", Short(value))
	}
	head, rest, _ := strings.Cut(rest, "|")
	if head == "" || head[0] != 'v' && head[0] != 'V' {
		return Version{}, reason.Fail(reason.RuleStringNoVersion, "text", Short(value))
	}
	version, err := parseVersion(head[1:])
	if err != nil {
		return version, reason.Fail(reason.RuleStringVersion, "text", Short(value), "why", reason.Of(err))
	}
	var seen uint64
	for rest != "" {
		var field string
		field, rest, _ = strings.Cut(rest, "|")
		name, v, ok := strings.Cut(field, "=")
		if !ok {
			return version, reason.Fail(reason.RuleStringToken, "text", Short(value), "token", Short(field))
		}
		once, err := take(name, v)
		if err != nil {
			return version, reason.Fail(reason.RuleStringValue, "text", Short(value), "name", Short(name), "value", Short(v), "why", reason.Of(err))
		}
		if seen&once != 0 {
			return version, reason.Fail(reason.RuleStringTwice, "text", Short(value), "name", name)
		}
		seen |= once
	}
	return version, nil
}

// grammar is the tokens of one kind of rule: by name, and by name in lower
// case, for the specification itself is not of one mind about the case.
type grammar struct {
	exact, lower map[string]token
}

// token is what a rule string may say, and once the bit of one that may be
// there once.
type token struct {
	id   tokenID
	once uint64
}

// newGrammar makes a grammar of the tokens that may be there once and of those
// that may be repeated.
func newGrammar(once, many map[string]tokenID) grammar {
	g := grammar{exact: map[string]token{}, lower: map[string]token{}}
	bit := uint64(1)
	for name, id := range once {
		g.exact[name] = token{id, bit}
		bit <<= 1
	}
	for name, id := range many {
		g.exact[name] = token{id, 0}
	}
	for name, t := range g.exact {
		g.lower[strings.ToLower(name)] = t
	}
	return g
}

func (g grammar) find(name string) (token, bool) {
	t, ok := g.exact[name]
	if !ok {
		t, ok = g.lower[strings.ToLower(name)]
	}
	return t, ok
}

// ProfileNames are the profiles of a firewall, in the order of their bits ([MS-FASP]
// 2.2.2).
var ProfileNames = [...]string{"domain", "private", "public"}

// profileSets are all sets of profiles, by their bits. They are shared, for a
// large policy has one in every rule.
var profileSets = func() (sets [8][]string) {
	for bits := range sets {
		for i, name := range ProfileNames {
			if bits&(1<<i) != 0 {
				sets[bits] = append(sets[bits], name)
			}
		}
	}
	return sets
}()

func profileBit(value string) (int, error) {
	for i, name := range ProfileNames {
		if strings.EqualFold(value, name) {
			return 1 << i, nil
		}
	}
	return 0, reason.Fail(reason.WantWord, "words", ProfileNames[:])
}

func parseVersion(s string) (Version, error) {
	major, minor, ok := strings.Cut(s, ".")
	a, ok1 := number(major, 255)
	b, ok2 := number(minor, 255)
	if !ok || !ok1 || !ok2 {
		return Version{}, reason.Fail(reason.WantVersion, "version", Short(s))
	}
	return Version{uint8(a), uint8(b)}, nil
}

// number reads a decimal number without a sign.
func number(s string, largest uint64) (uint64, bool) {
	n, err := strconv.ParseUint(s, 10, 64)
	return n, err == nil && n <= largest
}

func parseProtocol(s string) (int, error) {
	n, ok := number(s, 255)
	if !ok {
		return 0, reason.Fail(reason.WantNumber, "most", 255)
	}
	return int(n), nil
}

func parseBool(s string) (bool, error) {
	word, err := oneOf(s, "TRUE", "FALSE")
	return word == "TRUE", err
}

// oneOf returns the word that the value is, whatever its case: the
// specification's own examples differ from its grammar.
func oneOf(value string, words ...string) (string, error) {
	for _, w := range words {
		if strings.EqualFold(value, w) {
			return w, nil
		}
	}
	return "", reason.Fail(reason.WantWord, "words", slices.Clone(words))
}

func appendWord(to *[]string, value string, words ...string) error {
	w, err := oneOf(value, words...)
	if err == nil && !slices.Contains(*to, w) {
		*to = append(*to, w)
	}
	return err
}

// title is a rule's name in quotes, or its id.
func title(name, id string) string {
	switch {
	case name != "":
		return strconv.Quote(name)
	case id != "":
		return id
	}
	return "without a name"
}

// Short cuts a text of unknown origin and length for a reason.
func Short(s string) string {
	if len(s) > 60 {
		s = s[:60] + "..."
	}
	return s
}
