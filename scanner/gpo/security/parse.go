package security

import (
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// maxSDDL is the most text that is read as one descriptor. The binary form has
// at most 64 KiB in a list; its hexadecimal form in SDDL is several times that.
const maxSDDL = 2 << 20

// ParseSDDL reads a descriptor in SDDL ([MS-DTYP] 2.5.1.1), and what
// [Descriptor.SDDL] writes beyond that. Letters for a group of a domain (DA,
// DC, DD ...) are resolved against the given one; where it is empty they are an
// error. Those of the root domain of a forest (EA, SA, RO, EK) are resolved
// against it as well: see [ParseSDDLIn] for the text of another domain.
// Conditions and values of claims are kept as text. The error names the
// offset.
func ParseSDDL(s string, domain SID) (*Descriptor, error) {
	return ParseSDDLIn(s, domain, domain)
}

// ParseSDDLIn is [ParseSDDL] with the root domain of the forest by itself.
// Where that is empty, a group of the root domain is an error.
func ParseSDDLIn(s string, domain, root SID) (*Descriptor, error) {
	if len(s) > maxSDDL {
		return nil, reason.Fail(reason.SDDLTooLong, "octets", len(s), "most", maxSDDL)
	}
	r := reader{text: s, domain: domain, root: root}
	if err := r.descriptor(); err != nil {
		return nil, reason.Wrap(err, reason.SDDLUnreadable, "offset", r.at, "why", reason.Of(err))
	}
	return &r.d, nil
}

// reader stands in the text at the place where an error would be.
type reader struct {
	text         string
	at           int
	domain, root SID
	d            Descriptor
	seen         [256]bool
}

func (r *reader) descriptor() error {
	r.d.Control = SelfRelative
	for r.space(); r.at < len(r.text); r.space() {
		if r.at+1 >= len(r.text) || r.text[r.at+1] != ':' {
			return malformed(reason.SDDLPart, r.text[r.at:])
		}
		tag := r.text[r.at] &^ 0x20 // upper case
		if r.seen[tag] {
			return malformed(reason.SDDLTwice, string(rune(tag)))
		}
		r.seen[tag] = true
		var err error
		switch tag {
		case 'O':
			err = r.owner(&r.d.Owner)
		case 'G':
			err = r.owner(&r.d.Group)
		case 'D':
			err = r.list(DACLPresent, daclWords, &r.d.DACL)
		case 'S':
			err = r.list(SACLPresent, saclWords, &r.d.SACL)
		default:
			err = malformed(reason.SDDLPart, r.text[r.at:])
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) space() {
	for r.at < len(r.text) && strings.IndexByte(" \t\r\n", r.text[r.at]) >= 0 {
		r.at++
	}
}

// until is the text up to the next part, or up to one of the stops.
func (r *reader) until(stops string) string {
	rest := r.text[r.at:]
	i := strings.IndexAny(rest, stops+":")
	switch {
	case i < 0:
		return rest
	case rest[i] == ':':
		return rest[:max(i-1, 0)] // the letter before is its tag
	}
	return rest[:i]
}

func (r *reader) owner(into *SID) error {
	r.at += 2
	word := r.until("")
	sid, err := r.sid(strings.TrimSpace(word))
	if err != nil {
		return err
	}
	*into = sid
	r.at += len(word)
	return nil
}

func (r *reader) list(present Control, words []pair, into **ACL) error {
	r.at += 2
	r.d.Control |= present
	word := r.until("(")
	flags := strings.ToUpper(strings.TrimSpace(word))
	rest, null := strings.CutSuffix(flags, noAccessControl)
	for rest != "" {
		i := slices.IndexFunc(words, func(w pair) bool { return strings.HasPrefix(rest, w.word) })
		if i < 0 {
			return malformed(reason.SDDLListFlags, flags)
		}
		r.d.Control |= Control(words[i].bits)
		rest = rest[len(words[i].word):]
	}
	r.at += len(word)
	if null {
		if r.at < len(r.text) && r.text[r.at] == '(' {
			return malformed(reason.SDDLNull, noAccessControl)
		}
		return nil
	}
	*into = &ACL{}
	for r.space(); r.at < len(r.text) && r.text[r.at] == '('; r.space() {
		end, err := closing(r.text[r.at:])
		if err != nil {
			return err
		}
		ace, err := r.ace(r.text[r.at+1 : r.at+end])
		if err != nil {
			return err
		}
		(*into).ACEs = append((*into).ACEs, ace)
		r.at += end + 1
	}
	return nil
}

// closing is where the parenthesis that s begins with is closed. Those within
// a quoted string do not count.
func closing(s string) (int, error) {
	depth, inString := 0, false
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"':
			inString = !inString
		case inString:
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth == 0 {
				return i, nil
			}
		}
	}
	return 0, malformed(reason.SDDLOpen, s)
}

// ace reads what is between the parentheses of an entry.
func (r *reader) ace(s string) (ACE, error) {
	var a ACE
	f := strings.SplitN(s, ";", 7)
	if len(f) < 6 {
		return a, malformed(reason.SDDLFields, s, "count", len(f))
	}
	for i := range f {
		f[i] = strings.TrimSpace(f[i])
	}
	if len(f) == 6 {
		f = append(f, "")
	}
	var err error
	if a.Type, err = parseType(f[0]); err != nil {
		return a, err
	}
	flags, err := parseWords(f[1], allFlags, reason.SDDLFlags)
	if err != nil {
		return a, err
	}
	a.Flags = Flags(flags)
	k := kinds[a.Type]
	if k.layout == unknownLayout {
		var ok bool
		if a.Data, ok = octets(f[6]); !ok || strings.Join(f[2:6], "") != "" {
			return a, malformed(reason.SDDLUnknownType, strings.Join(f[2:], ";"), "type", typeNumber(a.Type))
		}
		return a, nil
	}
	if a.Mask, err = parseMask(f[2]); err != nil {
		return a, err
	}
	if a.Object, err = parseObject(k, f[3]); err != nil {
		return a, err
	}
	if a.InheritedObject, err = parseObject(k, f[4]); err != nil {
		return a, err
	}
	if a.Trustee, err = r.sid(f[5]); err != nil {
		return a, err
	}
	return a, a.setData(f[6])
}

func (r *reader) sid(s string) (SID, error) {
	if len(s) != 2 {
		return ParseSID(s)
	}
	a := aliasByCode[strings.ToUpper(s)]
	if a == nil {
		return "", malformed(reason.SIDMalformed, s)
	}
	if a.sid != "" {
		return a.sid, nil
	}
	home := r.domain
	if a.root {
		home = r.root
	}
	if home == "" {
		return "", malformed(reason.SIDOfUnknownDomain, s)
	}
	return home.Child(a.rid), nil
}
