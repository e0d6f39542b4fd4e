package registry

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// LongKey writes the root of a key in full, as reg.exe does.
func LongKey(key string) string {
	root, rest, _ := strings.Cut(key, `\`)
	if strings.EqualFold(root, "HKLM") {
		root = "HKEY_LOCAL_MACHINE"
	}
	return strings.ToUpper(root) + `\` + rest
}

// valueLine is a value in the layout of reg.exe: four spaces between name, type
// and data. A name may hold spaces; data may be empty.
var valueLine = regexp.MustCompile(`^ {4}(.*?) {4}(REG_[A-Z_]+|0x[0-9a-fA-F]+)(?: {4}(.*))?$`)

// IsValue says whether a line has the layout of a value.
func IsValue(line string) bool { return valueLine.MatchString(line) }

// defaultName is how reg.exe prints the name of a key's default value in
// English. Other languages print other words between the same parentheses, and
// no value that a policy writes is named so.
var defaultName = regexp.MustCompile(`^\([^()]+\)$`)

// ParseText reads what reg.exe query prints for root and all below it with /s. A
// root of "" is any: the text may be of several questions. Text that fits
// nowhere is an error: it may be half of something. No error holds such text,
// which may be half of a preshared key.
func ParseText(text, root string) ([]Value, error) {
	var (
		values []Value
		prefix string
		of     = "the registry"
		key    string
		filled bool            // the current key has a value
		blank  = 1             // blank lines since the last text
		more   strings.Builder // what the last value's data has beyond its first line
	)
	if root != "" {
		prefix, of = strings.ToLower(LongKey(root)), root
	}
	begins := func(low string) bool {
		if prefix == "" {
			return strings.HasPrefix(low, "hkey_")
		}
		return low == prefix || strings.HasPrefix(low, prefix+`\`)
	}
	endValue := func() {
		if more.Len() > 0 {
			values[len(values)-1].Data += more.String()
			more.Reset()
		}
	}
	endKey := func() {
		endValue()
		if key != "" && !filled {
			values = append(values, Value{Key: key})
		}
	}
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimRight(strings.ToValidUTF8(line, "\uFFFD"), "\r\n")
		switch {
		case line == "":
			blank++
			continue
		case blank > 0 && begins(strings.ToLower(line)):
			endKey()
			key, filled = line, false
		case key == "":
			return nil, fmt.Errorf("reg.exe printed text before any key of %s", of)
		default:
			if m := valueLine.FindStringSubmatch(line); m != nil {
				v := Value{Key: key, Name: m[1], Type: m[2], Data: m[3]}
				if defaultName.MatchString(v.Name) {
					v.Name = ""
				}
				endValue()
				values, filled = append(values, v), true
				break
			}
			if !filled {
				return nil, fmt.Errorf("reg.exe printed under %s, in line %d, what is no value", key, number)
			}
			// The data of the last value has line breaks of its own.
			more.WriteString(strings.Repeat("\n", blank+1))
			more.WriteString(line)
		}
		blank = 0
	}
	endKey()
	if key == "" && strings.TrimSpace(text) != "" {
		return nil, errors.New("reg.exe printed no key")
	}
	return values, nil
}
