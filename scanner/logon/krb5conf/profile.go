package krb5conf

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Limits of what is read: a krb5.conf has a few kilobytes.
const (
	mostOctets = 4 << 20
	mostFiles  = 1000
	mostDepth  = 10
)

// node is a section, a subsection or a relation.
type node struct {
	name  string
	value string
	group bool    // it has nodes in it, and no value
	final bool    // what comes later in other files of that name does not count
	in    []*node // of a group
	at    string  // file:line
}

// reader reads files into one tree.
type reader struct {
	root   node
	octets int
	files  []string
}

// file reads one file and those that it includes, where it includes them.
func (r *reader) file(path string, depth int) error {
	if depth > mostDepth {
		return fmt.Errorf("%s: it is included by more than %d others, one in another", path, mostDepth)
	}
	if len(r.files) == mostFiles {
		return fmt.Errorf("%s: more than %d files are included", path, mostFiles)
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is no file", path)
	}
	if r.octets += int(min(info.Size(), mostOctets+1)); r.octets > mostOctets {
		return fmt.Errorf("%s: all files together are larger than %d MiB", path, mostOctets>>20)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	r.files = append(r.files, path)
	return r.parse(path, string(text), depth)
}

// parse reads the lines of a file. Each file begins outside of all sections.
func (r *reader) parse(path, text string, depth int) error {
	var (
		stack   []*node // the section, and the groups that are open in it
		pending *node   // a name whose brace is to come on the next line
		closed  = r.finals(&r.root)
		number  int
	)
	bad := func(format string, a ...any) error {
		return fmt.Errorf("%s:%d: %s", path, number, fmt.Sprintf(format, a...))
	}
	for line := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		number++
		line = strings.TrimSpace(line)
		word, rest, _ := strings.Cut(strings.ReplaceAll(line, "\t", " "), " ")
		rest = strings.TrimSpace(rest)
		switch {
		case line == "" || line[0] == '#' || line[0] == ';':
		case strings.ContainsRune(line, 0):
			return bad("it holds a NUL; is it text in UTF-16?")
		case pending != nil:
			if line != "{" {
				return bad("%s has no value", pending.name)
			}
			pending.group = true
			stack, pending = append(stack, pending), nil
		case word == "module":
			return bad("a module decides what it says, which is not loaded")
		case word == "include" || word == "includedir":
			if err := r.include(word, rest, depth); err != nil {
				return bad("%s %s: %v", word, rest, err)
			}
		case line[0] == '[':
			name, after, ok := strings.Cut(line[1:], "]")
			if after = strings.TrimSpace(after); !ok || after != "" && after != "*" || strings.TrimSpace(name) == "" {
				return bad("a section is written [name]")
			}
			if len(stack) > 1 {
				return bad("%s, of %s, is not closed", stack[len(stack)-1].name, stack[len(stack)-1].at)
			}
			section := &node{name: strings.TrimSpace(name), group: true, final: after == "*", at: fmt.Sprintf("%s:%d", path, number)}
			if !closed[section.name] {
				r.root.in = append(r.root.in, section)
			}
			stack = []*node{section}
		case line[0] == '}':
			if len(stack) < 2 || strings.TrimLeft(line[1:], "* ") != "" {
				return bad("a brace closes nothing")
			}
			last := stack[len(stack)-1]
			last.final = last.final || strings.Contains(line, "*")
			stack = stack[:len(stack)-1]
		default:
			if len(stack) == 0 {
				return bad("it is in no section")
			}
			n, err := relation(line)
			if err != nil {
				return bad("%v", err)
			}
			n.at = fmt.Sprintf("%s:%d", path, number)
			parent := stack[len(stack)-1]
			parent.in = append(parent.in, n)
			switch {
			case n.group:
				stack = append(stack, n)
			case n.value == "":
				pending = n
			}
		}
	}
	if len(stack) > 1 || pending != nil {
		number++
		return bad("the file ends within braces")
	}
	return nil
}

// finals are the sections that files before this one have closed.
func (r *reader) finals(of *node) map[string]bool {
	all := map[string]bool{}
	for _, n := range of.in {
		all[n.name] = all[n.name] || n.final
	}
	return all
}

// relation is name = value, or name = {.
func relation(line string) (*node, error) {
	name, value, ok := strings.Cut(line, "=")
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	if !ok || name == "" {
		return nil, fmt.Errorf("want name = value")
	}
	n := &node{name: strings.TrimSpace(strings.TrimSuffix(name, "*")), final: strings.HasSuffix(name, "*")}
	if strings.ContainsAny(n.name, " \t") {
		return nil, fmt.Errorf("a name has no blanks")
	}
	switch {
	case value == "{":
		n.group = true
	case strings.HasPrefix(value, "{"):
		return nil, fmt.Errorf("what is within braces begins on a line of its own")
	case strings.HasPrefix(value, `"`):
		end := 1
		for end < len(value) && value[end] != '"' {
			if value[end] == '\\' {
				end++
			}
			end++
		}
		if end != len(value)-1 {
			return nil, fmt.Errorf("the quotes of the value do not end with it")
		}
		n.value = strings.NewReplacer(`\n`, "\n", `\t`, "\t", `\b`, "\b", `\\`, `\`, `\"`, `"`).Replace(value[1:end])
	default:
		n.value = value
	}
	return n, nil
}

// ownName is what a file in an included folder must be called to be read.
var ownName = regexp.MustCompile(`^([A-Za-z0-9_-]+|[^.].*\.conf)$`)

func (r *reader) include(word, path string, depth int) error {
	if !filepath.IsAbs(path) {
		return fmt.Errorf("want a whole path")
	}
	if word == "include" {
		return r.file(path, depth+1)
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return err
	}
	for _, e := range entries { // sorted
		if !ownName.MatchString(e.Name()) {
			continue
		}
		if err := r.file(filepath.Join(path, e.Name()), depth+1); err != nil {
			return err
		}
	}
	return nil
}

// find are the nodes at a path, in the order in which they count.
func (n *node) find(path ...string) []*node {
	if len(path) == 0 {
		return []*node{n}
	}
	var all []*node
	for _, c := range n.in {
		if c.name != path[0] || len(path) > 1 && !c.group {
			continue
		}
		all = append(all, c.find(path[1:]...)...)
		if c.final {
			break
		}
	}
	return slices.Clip(all)
}
