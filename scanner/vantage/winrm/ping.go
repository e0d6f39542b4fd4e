package winrm

import (
	"context"
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// pinger sends echo requests with ping.exe.
type pinger struct{ h *host }

// weakPing is why a ping through cmd alone never proves a pass.
const weakPing = "ping.exe's text cannot tell an answer from an ICMP error in all cases"

// pingOverhead is for starting ping.exe and carrying its text, beside the wait.
const pingOverhead = 30 * time.Second

// Ping sends one echo request.
func (p pinger) Ping(ctx context.Context, r vantage.PingRequest) (vantage.Reply, error) {
	if !r.To.IsValid() || r.To.Zone() != "" {
		return vantage.Reply{}, reason.Fail(reason.RequestUnusable, "try", "ping", "field", "address")
	}
	to := r.To.Unmap()
	if to.Is6() {
		if err := p.knowsIPv6(ctx); err != nil {
			return vantage.Reply{}, err
		}
	}
	out, err := p.h.run(ctx, pingCommand(to, r.Timeout, r.Size), r.Timeout+pingOverhead)
	if err != nil {
		return vantage.Reply{}, reason.Wrap(err, reason.PingToolFailed, "host", p.h.post.endpoint.host, "why", reason.Of(err))
	}
	reply, err := parsePing(out.stdout, out.exit, to, r.Timeout)
	if err != nil {
		return vantage.Reply{}, reason.Wrap(err, reason.PingToolFailed, "host", p.h.post.endpoint.host, "why", reason.Of(err))
	}
	return reply, nil
}

// knowsIPv6 fails where ping.exe cannot ping its own machine over IPv6. It is
// asked once.
func (p pinger) knowsIPv6(ctx context.Context) error {
	if p.h.noV6 == nil {
		out, err := p.h.run(ctx, pingCommand(netip.IPv6Loopback(), time.Second, 0), pingOverhead)
		if err != nil {
			return reason.Wrap(err, reason.PingToolFailed, "host", p.h.post.endpoint.host, "why", reason.Of(err))
		}
		no := out.exit != 0
		p.h.noV6 = &no
	}
	if *p.h.noV6 {
		return reason.Fail(reason.PingWithoutIPv6, "host", p.h.post.endpoint.host)
	}
	return nil
}

func pingCommand(to netip.Addr, wait time.Duration, size int) string {
	s := fmt.Sprintf("ping -n 1 -w %d ", max(1, wait.Milliseconds()))
	if size > 0 {
		s += fmt.Sprintf("-l %d ", size)
	}
	return s + to.String()
}

// statistics are the counts in any language: sent, received, lost. The spaces
// tell them from a reply ("bytes=32 time=2ms TTL=64").
var statistics = regexp.MustCompile(` = (\d+)[^\d=]* = (\d+)[^\d=]* = (\d+)`)

// roundTrip is the time of a reply in any language: "time=2ms", "Zeit<1ms",
// "temps=17 ms", "время=69мс".
var roundTrip = regexp.MustCompile(`[=<] ?(\d+) ?(?:ms|мс)`)

// timeLimit is the TTL of a reply; the token is never translated.
var timeLimit = regexp.MustCompile(`TTL=(\d+)`)

// timedOut are ping.exe's words for silence, in the languages that are known,
// folded. In another language silence is an error: "General failure." in that
// language looks the same to us.
var timedOut = []string{
	"Request timed out.",
	"Zeitüberschreitung der Anforderung.",
	"Délai d'attente de la demande dépassé.",
	"Tiempo de espera agotado para esta solicitud.",
	"Richiesta scaduta.",
	"Esgotado o tempo limite do pedido.",
	"Превышен интервал ожидания для запроса.",
	"Time-out bij opdracht.",
	"Vypršel časový limit žádosti.",
	"Upłynął limit czasu żądania.",
	"İstek zaman aşımına uğradı.",
	"要求がタイムアウトしました。",
	"请求超时。",
	"要求等候逾時。",
	"요청 시간이 만료되었습니다.",
}

// fold makes one letter of those that Windows and its translators use for one
// another: the apostrophes U+2019 and U+0027, and the spaces U+00A0 (no-break),
// U+202F (narrow no-break) and U+0020.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\u2018', r == '\u2019', r == '\u02bc', r == '\uff07':
			return '\''
		case r != ' ' && unicode.Is(unicode.Zs, r):
			return ' '
		}
		return r
	}, s)
}

// parsePing reads what "ping -n 1 ADDRESS" printed. It believes the text only
// where words and statistics agree, and an answer only where the exit code does
// too.
func parsePing(out string, exit int, to netip.Addr, wait time.Duration) (vantage.Reply, error) {
	words := fmt.Sprintf("%.120s", clean(out))
	odd := func(flaw string) (vantage.Reply, error) {
		return vantage.Reply{}, reason.Fail(reason.PingAnswerOdd, "to", to, "flaw", flaw, "words", words)
	}
	heading, between, counts := pingParts(fold(out))
	switch {
	case counts == nil:
		return odd("statistics-missing")
	case !names(heading, to):
		return odd("another-address")
	}
	sent, received, lost := counts[1], counts[2], counts[3]
	if sent != "1" || (received != "1" || lost != "0") && (received != "0" || lost != "1") {
		return odd("several-packets")
	}
	line, from, n := replyLine(between)
	if n > 1 {
		return odd("several-replies")
	}
	ttl, rtt := number(timeLimit, line), number(roundTrip, line)
	reply := vantage.Reply{From: from, Note: clean(line), Weak: weakPing}
	answered := rtt >= 0 && (ttl > 0 || to.Is6() && ttl < 0)
	switch {
	case received == "1" && answered:
		if from != to {
			return odd("another-replied")
		}
		if exit != 0 {
			return vantage.Reply{}, reason.Fail(reason.PingAnswerOdd, "to", to, "exit", exit, "words", words)
		}
		reply.Class, reply.TTL, reply.RTT = run.Answered, max(0, ttl), time.Duration(rtt)*time.Millisecond
		reply.Note = ""
		return reply, nil
	case ttl >= 0 || rtt >= 0:
		return odd("reply-uncounted")
	case n == 1 && from == to:
		// "Reply from TARGET: Destination protocol unreachable."
		reply.Class = run.Refused
		return reply, nil
	case n == 1:
		// ping.exe counts an ICMP error as received in some versions, not in others.
		reply.Class = run.Unreachable
		if to.Is6() && strings.Contains(line, "prohibited") {
			reply.ICMP = run.ICMP{Type: 1, Code: 1} // RFC 4443 3.1; ping.exe has no such words for IPv4
		}
		return reply, nil
	case received == "1":
		return odd("reply-missing")
	}
	// The exit code says nothing more: Windows' is 1, wine's is 0.
	return local(strings.Join(between, " "), wait, odd)
}

// pingParts takes the output apart by place, which no translation changes: a
// heading, a line for what came back, a heading of the statistics, the counts.
func pingParts(out string) (heading string, between []string, counts []string) {
	var lines []string
	for l := range strings.Lines(out) {
		l = strings.TrimSpace(l)
		if l == "" {
			continue
		}
		if m := statistics.FindStringSubmatch(l); m != nil && len(lines) >= 2 {
			return lines[0], lines[1 : len(lines)-1], m
		}
		lines = append(lines, l)
	}
	return "", nil, nil
}

// local reads the words for a packet that nobody answered.
func local(out string, wait time.Duration, odd func(string) (vantage.Reply, error)) (vantage.Reply, error) {
	reply := vantage.Reply{Weak: weakPing}
	switch {
	case strings.Contains(out, "General failure."):
		// No route, no source address, or the machine's own IPsec or firewall:
		// status 11050, all of them the vantage's own.
		reply.Class, reply.Note = run.NoRoute, "General failure."
		return reply, nil
	case strings.Contains(out, "Negotiating IP Security."):
		reply.Class, reply.Note = run.NotPermitted, "Negotiating IP Security."
		return reply, nil
	}
	for _, words := range timedOut {
		if strings.Contains(out, words) {
			reply.Class, reply.RTT, reply.Note = run.Silent, wait, words
			return reply, nil
		}
	}
	return odd("words-unknown")
}

// replyLine finds the line that names an address: a reply or an ICMP error.
func replyLine(lines []string) (line string, from netip.Addr, n int) {
	for _, l := range lines {
		if a, ok := address(l); ok {
			line, from, n = l, a, n+1
		}
	}
	return line, from, n
}

// names reports whether the first address of a line is a.
func names(line string, a netip.Addr) bool {
	got, ok := address(line)
	return ok && got == a
}

// address finds the first address in a line. Some languages join the next
// letters to it ("198.18.10.30의 응답"), so it ends where no letter of an address
// follows.
func address(l string) (netip.Addr, bool) {
	for _, w := range strings.Fields(l) {
		w = strings.TrimLeft(w, "[(")
		if i := strings.IndexFunc(w, func(r rune) bool { return !strings.ContainsRune("0123456789abcdefABCDEF.:", r) }); i >= 0 {
			if r, _ := utf8.DecodeRuneInString(w[i:]); r < utf8.RuneSelf && !strings.ContainsRune("]),%", r) {
				continue // a word
			}
			w = w[:i]
		}
		for _, s := range []string{w, strings.TrimSuffix(w, ":")} {
			if a, err := netip.ParseAddr(s); err == nil {
				return a.WithZone("").Unmap(), true
			}
		}
	}
	return netip.Addr{}, false
}

// number is the first group of a match, or -1.
func number(re *regexp.Regexp, s string) int {
	m := re.FindStringSubmatch(s)
	if m == nil {
		return -1
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		return -1
	}
	return n
}
