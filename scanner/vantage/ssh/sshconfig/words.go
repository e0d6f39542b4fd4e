package sshconfig

import (
	"errors"
	"strings"
)

func lower(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = strings.ToLower(s)
	}
	return out
}

// matchAny reports whether one of the patterns matches and none with ! does.
func matchAny(s string, patterns []string) bool {
	found := false
	for _, p := range patterns {
		p, not := strings.CutPrefix(strings.TrimSpace(p), "!")
		if !like(s, p) {
			continue
		}
		if not {
			return false
		}
		found = true
	}
	return found
}

// like matches with * and ?.
func like(s, pattern string) bool {
	star, from := -1, 0
	i, j := 0, 0
	for i < len(s) {
		switch {
		case j < len(pattern) && pattern[j] == '*':
			star, from = j, i
			j++
		case j < len(pattern) && (pattern[j] == '?' || pattern[j] == s[i]):
			i, j = i+1, j+1
		case star >= 0:
			from++
			i, j = from, star+1
		default:
			return false
		}
	}
	return strings.Trim(pattern[j:], "*") == ""
}

// split takes a line apart: the keyword in lower case, and the arguments with
// their quotes taken off.
func split(line string) (key string, args []string, err error) {
	line = strings.TrimSpace(line)
	if line == "" || line[0] == '#' {
		return "", nil, nil
	}
	end := strings.IndexAny(line, " \t=\"")
	if end < 0 {
		return strings.ToLower(line), nil, nil
	}
	key, rest := strings.ToLower(line[:end]), strings.TrimLeft(line[end:], " \t")
	rest = strings.TrimLeft(strings.TrimPrefix(rest, "="), " \t")
	if key == "proxycommand" || key == "knownhostscommand" {
		return key, []string{rest}, nil
	}
	for rest != "" && rest[0] != '#' {
		var arg string
		if arg, rest, err = word(rest); err != nil {
			return "", nil, err
		}
		args = append(args, arg)
	}
	return key, args, nil
}

// word takes the first word off, which may hold quotes.
func word(s string) (arg, rest string, err error) {
	var b strings.Builder
	quote := byte(0)
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quote != 0 && c == quote:
			quote = 0
		case quote != 0:
			b.WriteByte(c)
		case c == '"' || c == '\'':
			quote = c
		case c == ' ' || c == '\t':
			return b.String(), strings.TrimLeft(s[i:], " \t"), nil
		default:
			b.WriteByte(c)
		}
	}
	if quote != 0 {
		return "", "", errors.New("a quote without an end")
	}
	return b.String(), "", nil
}
