package simulate

import (
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// handWorked is a packet whose outcome was worked out by hand; see
// testdata/packets/README.md.
type handWorked struct {
	title string
	lines [][2]string // key and value
}

// readPackets reads a table of packets.
func readPackets(t *testing.T, path string) []handWorked {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var all []handWorked
	for _, line := range strings.Split(string(text), "\n") {
		title, isTitle := strings.CutPrefix(line, "== ")
		key, value, ok := strings.Cut(line, ": ")
		switch {
		case line == "":
		case isTitle:
			all = append(all, handWorked{title: title})
		case ok && len(all) > 0:
			k := &all[len(all)-1]
			k.lines = append(k.lines, [2]string{key, value})
		default:
			t.Fatalf("%s: %q is no line of a table", path, line)
		}
	}
	return all
}

func TestHandWorkedPackets(t *testing.T) {
	files, err := filepath.Glob("testdata/packets/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, file := range files {
		for _, k := range readPackets(t, file) {
			n++
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txt")+"/"+k.title, func(t *testing.T) { k.check(t) })
		}
	}
	if n < 120 {
		t.Errorf("only %d packets", n)
	}
}

func (k handWorked) check(t *testing.T) {
	w := newWorld()
	var ask, get, why string
	for _, l := range k.lines {
		switch l[0] {
		case "ask":
			ask = l[1]
		case "get":
			get = l[1]
		case "why":
			why = l[1]
		default:
			w.take(t, l[0], l[1])
		}
	}
	if ask == "" || get == "" || why == "" {
		t.Fatal("a packet needs ask, get and why")
	}
	out := w.ask(t, ask)
	got := inWords(t, ask, out)
	right := got == get
	if may, unknown := strings.CutPrefix(get, "unknown: "); unknown {
		right = strings.HasPrefix(got, "unknown: ")
		for _, m := range strings.Split(may, ", ") {
			right = right && slices.Contains(strings.Split(strings.TrimPrefix(got, "unknown: "), ", "), m)
		}
	}
	if !right {
		t.Errorf("%s is %s, want %s: %s\nfrom: %s (%s)\nto: %s (%s)\n%v", ask, got, get, why,
			out.From.Effect.Verdict, out.From.Effect.Why.Key(), out.To.Effect.Verdict, out.To.Effect.Why.Key(), out.Why.Key())
	}
}

// inWords says an outcome as the tables do.
func inWords(t *testing.T, ask string, out Outcome) string {
	from, rest, _ := strings.Cut(ask, " -> ")
	to, _, _ := strings.Cut(rest, " ")
	from, _, _ = strings.Cut(from, "@")
	var may []string
	for _, r := range out.May {
		word := string(r.Verdict)
		switch r.At {
		case AtFrom:
			word += " at " + from
		case AtTo:
			word += " at " + to
		}
		may = append(may, word)
	}
	text := strings.Join(may, ", ")
	if (out.Verdict == run.OutcomeUnknown) != (len(may) > 1) {
		t.Errorf("the verdict is %s, and the packet may be %s", out.Verdict, text)
	}
	if len(may) > 1 {
		text = "unknown: " + text
	}
	if out.Undocumented {
		text += ", looser reading"
	}
	return text
}

// ask asks the simulator of a world about "client -> host tcp 1688 over IPv6".
func (w *world) ask(t *testing.T, text string) Outcome {
	t.Helper()
	text, six := strings.CutSuffix(text, " over IPv6")
	like := netip.IPv4Unspecified()
	if six {
		like = netip.IPv6Unspecified()
	}
	fields := strings.Fields(text)
	f := Flow{Protocol: Protocol(fields[3])}
	if f.Protocol != Echo {
		f.Port = number(t, fields[4])
	}
	s := w.simulator()
	return s.Packet(w.end(t, s, fields[0], like), w.end(t, s, fields[2], like), f)
}

// end is an end by the name that the tables give it, at its first address.
func (w *world) end(t *testing.T, s *Simulator, name string, like netip.Addr) At {
	t.Helper()
	name, at, _ := strings.Cut(name, "@")
	var e *Endpoint
	switch v, declared := s.policy.Vantage(name); {
	case name == "host":
		e = s.Host(s.policy.Hosts[0])
		if w.own != nil {
			p, err := s.Applied("host")
			if err != nil {
				t.Fatal(err)
			}
			there := e.As(p)
			e = &there
		}
	case declared:
		e = s.Vantage(v)
	case name == "outsider":
		e = Outsider(name)
		e.Addrs = []netip.Addr{netip.MustParseAddr(at)}
	default:
		e = Nobody(name, reason.One(reason.AddressOfNobody, "address", name), netip.MustParseAddr(name))
	}
	if profile := w.profiles[name]; profile != "" {
		e.Env.Profile = profile
	}
	return s.Places(e, like)[0]
}
