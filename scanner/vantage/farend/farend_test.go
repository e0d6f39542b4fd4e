package farend

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// place is a vantage whose answers a test knows: the protocol is under test,
// not the sockets.
type place struct {
	mu      sync.Mutex
	waiting int
	watches int
	asked   vantage.WatchRequest // for the last one
	entered chan struct{}        // one for each call that waits
}

func newPlace() *place { return &place{entered: make(chan struct{}, 1<<16)} }

var (
	anAddr = netip.MustParseAddr("2001:db8::1")
	aReply = vantage.Reply{
		Class: run.Unreachable, From: anAddr, TTL: 63, ICMP: run.ICMP{Type: 3, Code: 1}, Data: []byte{0, 1, 2, 255}, RTT: 1234567,
		Note: "host unreachable (code 1) <&> \u2028 \x1b", Weak: "because",
	}
)

// Ping answers at once, but for Size 1, which waits for the end of the call.
func (p *place) Ping(ctx context.Context, q vantage.PingRequest) (vantage.Reply, error) {
	if q.Size == 1 {
		p.mu.Lock()
		p.waiting++
		p.mu.Unlock()
		p.entered <- struct{}{}
		<-ctx.Done()
		p.mu.Lock()
		p.waiting--
		p.mu.Unlock()
		return vantage.Reply{}, ctx.Err()
	}
	return vantage.Reply{Class: run.Answered, From: q.To, TTL: 64, RTT: time.Duration(q.Size)}, nil
}

func (p *place) Dial(context.Context, vantage.DialRequest) (vantage.Reply, error) { return aReply, nil }

// DialFrom has the ports above 1023.
func (p *place) DialFrom(_ context.Context, q vantage.DialFromRequest) (vantage.Reply, error) {
	if q.From < 1024 {
		return vantage.Reply{}, reason.Wrap(vantage.ErrSourcePort, reason.SourcePortNotGiven, "port", q.From, "words", "not permitted")
	}
	return aReply, nil
}

func (p *place) Exchange(_ context.Context, q vantage.DatagramRequest) (vantage.Reply, error) {
	if q.From != 0 && q.From < 1024 {
		return vantage.Reply{}, reason.Wrap(vantage.ErrSourcePort, reason.SourcePortNotGiven, "port", q.From, "words", "not permitted")
	}
	return vantage.Reply{Class: run.Answered, Data: q.Send}, nil
}

func (p *place) ReadRegistry(_ context.Context, key string) ([]registry.Value, error) {
	switch key {
	case "none":
		return nil, fmt.Errorf("read %s: %w", key, vantage.ErrNoKey)
	case "broken":
		return nil, errors.New("access is denied")
	case "large":
		return []registry.Value{{Key: key, Data: strings.Repeat("x", maxAnswer)}}, nil
	}
	return []registry.Value{{Key: key, Name: "n", Type: "REG_MULTI_SZ", Data: "a\x00b"}}, nil
}

func (p *place) Watch(ctx context.Context, q vantage.WatchRequest) (vantage.Watching, error) {
	p.mu.Lock()
	p.watches++
	p.asked = q
	p.mu.Unlock()
	if len(q.Hosts) == 0 { // a watch that is slow to be placed, and is placed all the same
		p.entered <- struct{}{}
		<-ctx.Done()
	}
	return &placeWatch{p}, nil
}

// aTime has all that crosses of a clock.
var aTime = time.Date(2026, 11, 23, 9, 0, 0, 123456789, time.UTC)

func (p *place) ReadClock(context.Context, vantage.ClockRequest) (vantage.ClockReading, error) {
	return vantage.ClockReading{Time: aTime}, nil
}

type placeWatch struct{ p *place }

func (w *placeWatch) Read(context.Context) (*vantage.Seen, error) {
	s := aSeen()
	return &s, nil
}

// aSeen has something in every field that may cross.
func aSeen() vantage.Seen {
	return vantage.Seen{
		Flows: []run.Flow{{
			Src: anAddr, Dst: anAddr, Kind: run.FlowESP, SrcPort: 1, DstPort: 65535, SPI: 0xffffffff, Passage: run.PassedOut,
			Interface: "eth0", From: "02:00:00:00:00:01", To: "02:00:00:00:00:02", Count: 3, MaxSize: 1400, Bytes: 1 << 40,
			First: 1, Last: 2, Packets: []run.WirePacket{{At: 1, Size: 1400}, {At: 2, Size: 60}},
		}},
		Interfaces: []run.WatchedInterface{{Name: "eth0", Link: "02:00:00:00:00:01", Addresses: []netip.Addr{anAddr}, Out: 7}},
		Overflow:   true,
	}
}

func (w *placeWatch) Close() error {
	w.p.mu.Lock()
	defer w.p.mu.Unlock()
	w.p.watches--
	w.p.entered <- struct{}{}
	return errors.New("7 packets were lost, the flows are incomplete")
}

func (p *place) vantage() *vantage.Vantage {
	return &vantage.Vantage{
		Offers: vantage.Offering(vantage.Ping.By(p.Ping), vantage.TCP.By(p.Dial), vantage.TCPFrom.By(p.DialFrom), vantage.UDP.By(p.Exchange),
			vantage.Watch.By(p.Watch), vantage.Registry.By(p.ReadRegistry), vantage.Clock.By(p.ReadClock)),
		Missing:   map[vantage.Capability]reason.List{vantage.CapRaw: {reason.Quote("needs CAP_NET_RAW")}},
		OS:        "linux/amd64",
		Addresses: []netip.Addr{anAddr},
		Resolvers: []netip.AddrPort{netip.MustParseAddrPort("[2001:db8::53]:53")},
		Close:     func() error { return nil },
	}
}

// attached connects both ends in this process.
func attached(t testing.TB, p *place) (*vantage.Vantage, func() error) {
	t.Helper()
	toFar, fromNear := io.Pipe()
	toNear, fromFar := io.Pipe()
	served := make(chan error, 1)
	go func() {
		served <- Serve(context.Background(), toFar, fromFar, p.vantage(), "v1")
		fromFar.Close()
	}()
	v, err := Attach(t.Context(), toNear, fromNear, "v1")
	if err != nil {
		t.Fatal(err)
	}
	return v, sync.OnceValue(func() error { return errors.Join(v.Close(), <-served) })
}

func TestEverythingCrossesUnchanged(t *testing.T) {
	p := newPlace()
	v, end := attached(t, p)
	defer end()
	want := p.vantage()
	if v.OS != want.OS || !reflect.DeepEqual(v.Addresses, want.Addresses) || !reflect.DeepEqual(v.Resolvers, want.Resolvers) ||
		!reflect.DeepEqual(v.Missing, want.Missing) || v.Has(vantage.CapRaw) {
		t.Errorf("the vantage is %+v", v)
	}
	if r, err := vantage.TCP.At(v)(t.Context(), vantage.DialRequest{}); err != nil || !reflect.DeepEqual(r, aReply) {
		t.Errorf("reply %+v, %v", r, err)
	}
	if r, err := vantage.TCPFrom.At(v)(t.Context(), vantage.DialFromRequest{From: 1053}); err != nil || !reflect.DeepEqual(r, aReply) {
		t.Errorf("reply %+v, %v", r, err)
	}
	if _, err := vantage.TCPFrom.At(v)(t.Context(), vantage.DialFromRequest{From: 53}); !errors.Is(err, vantage.ErrSourcePort) {
		t.Errorf("a source port that is not to be had: %v", err)
	}
	big := make([]byte, 65507)
	if r, err := vantage.UDP.At(v)(t.Context(), vantage.DatagramRequest{Send: big}); err != nil || len(r.Data) != len(big) {
		t.Errorf("reply of %d octets, %v", len(r.Data), err)
	}
	if _, err := vantage.UDP.At(v)(t.Context(), vantage.DatagramRequest{From: 500}); !errors.Is(err, vantage.ErrSourcePort) {
		t.Errorf("a source port of UDP that is not to be had: %v", err)
	}
	if vs, err := vantage.Registry.At(v)(t.Context(), `HKLM\X`); err != nil || len(vs) != 1 || vs[0].Data != "a\x00b" {
		t.Errorf("registry %+v, %v", vs, err)
	}
	if _, err := vantage.Registry.At(v)(t.Context(), "none"); !errors.Is(err, vantage.ErrNoKey) || !strings.Contains(err.Error(), "read none") {
		t.Errorf("no key: %v", err)
	}
	if _, err := vantage.Registry.At(v)(t.Context(), "broken"); err == nil || errors.Is(err, vantage.ErrNoKey) {
		t.Errorf("unreadable key: %v", err)
	}
	if r, err := vantage.Clock.At(v)(t.Context(), vantage.ClockRequest{}); err != nil || !r.Time.Equal(aTime) {
		t.Errorf("clock %+v, %v", r, err)
	}
	q := vantage.WatchRequest{Hosts: []netip.Addr{anAddr}, Peers: []netip.Addr{anAddr}, Answers: true, Own: true}
	w, err := vantage.Watch.At(v)(t.Context(), q)
	if err != nil || !reflect.DeepEqual(p.asked, q) {
		t.Fatalf("asked for %+v, %v", p.asked, err)
	}
	if s, err := w.Read(t.Context()); err != nil || !reflect.DeepEqual(*s, aSeen()) {
		t.Errorf("seen %+v, %v", s, err)
	}
	if err := w.Close(); err == nil || !strings.Contains(err.Error(), "7 packets were lost") {
		t.Errorf("the end of the watch: %v", err)
	}
	if _, err := w.Read(t.Context()); err == nil {
		t.Error("a watch that ended still has flows")
	}
}

func TestManyCallsAtOnce(t *testing.T) {
	v, end := attached(t, newPlace())
	defer end()
	var wg sync.WaitGroup
	for i := range 3000 {
		wg.Go(func() {
			r, err := vantage.Ping.At(v)(t.Context(), vantage.PingRequest{To: anAddr, Size: i + 2})
			if err != nil || r.RTT != time.Duration(i+2) {
				t.Errorf("call %d got %+v, %v", i, r, err)
			}
		})
	}
	wg.Wait()
}

func TestAnAnswerTooLongFailsItsCallOnly(t *testing.T) {
	v, end := attached(t, newPlace())
	defer end()
	if _, err := vantage.Registry.At(v)(t.Context(), "large"); err == nil || !strings.Contains(err.Error(), "longer than") {
		t.Errorf("error %v", err)
	}
	if _, err := vantage.Ping.At(v)(t.Context(), vantage.PingRequest{To: anAddr}); err != nil {
		t.Errorf("the next call: %v", err)
	}
}

func TestCancelReachesTheFarEnd(t *testing.T) {
	p := newPlace()
	v, end := attached(t, p)
	ctx, cancel := context.WithCancel(t.Context())
	got := make(chan error, 1)
	go func() {
		_, err := vantage.Ping.At(v)(ctx, vantage.PingRequest{Size: 1})
		got <- err
	}()
	<-p.entered
	cancel()
	if err := <-got; !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if r, err := vantage.Ping.At(v)(t.Context(), vantage.PingRequest{To: anAddr}); err != nil || r.Class != run.Answered {
		t.Errorf("the next call: %+v, %v", r, err)
	}
	if err := end(); err != nil {
		t.Error(err)
	}
	if p.waiting != 0 {
		t.Errorf("%d calls still run at the far end", p.waiting)
	}
}

func TestAWatchNobodyWaitedForIsEnded(t *testing.T) {
	p := newPlace()
	v, end := attached(t, p)
	ctx, cancel := context.WithCancel(t.Context())
	got := make(chan error, 1)
	go func() {
		_, err := vantage.Watch.At(v)(ctx, vantage.WatchRequest{})
		got <- err
	}()
	<-p.entered
	cancel()
	if err := <-got; !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	<-p.entered // its Close
	if err := end(); err != nil {
		t.Error(err)
	}
}

func TestCloseEndsRunningCallsAndWatches(t *testing.T) {
	p := newPlace()
	v, end := attached(t, p)
	if _, err := vantage.Watch.At(v)(t.Context(), vantage.WatchRequest{Hosts: []netip.Addr{anAddr}}); err != nil {
		t.Fatal(err)
	}
	got := make(chan error, 1)
	go func() {
		_, err := vantage.Ping.At(v)(t.Context(), vantage.PingRequest{Size: 1})
		got <- err
	}()
	<-p.entered
	if err := end(); err != nil {
		t.Error(err)
	}
	if err := <-got; err == nil {
		t.Error("a call outlived the stream")
	}
	if p.waiting != 0 || p.watches != 0 {
		t.Errorf("%d calls and %d watches are left", p.waiting, p.watches)
	}
	if _, err := vantage.Ping.At(v)(t.Context(), vantage.PingRequest{}); !reason.Of(err).Names(reason.FarEndClosed) {
		t.Errorf("a call after the end: %v", err)
	}
}

// farText speaks the far side by hand: it sends text and reads nothing.
func farText(t *testing.T, text string) (*vantage.Vantage, error) {
	t.Helper()
	r, w := io.Pipe()
	near, drain := io.Pipe()
	go io.Copy(io.Discard, near)
	go func() {
		io.WriteString(w, text)
		w.Close()
	}()
	return Attach(t.Context(), r, drain, "v1")
}

const goodHello = `{"kmsiso":"far-end","protocol":4,"version":"v1","has":["ping"]}` + "\n"

func TestHelloErrorsSayWhatIsWrong(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"nothing":            {"", string(reason.FarEndWordless)},
		"a shell's greeting": {"Welcome to \x1b[31mDebian\x1b[0m\n$ ", `Welcome to [31mDebian`},
		"another version":    {strings.Replace(goodHello, "v1", "v2", 1), reason.New(reason.FarEndVersion, "there", "v2", "thereProtocol", Protocol, "here", "v1", "hereProtocol", Protocol).Key()},
		"another protocol":   {strings.Replace(goodHello, ":4", ":9", 1), "thereProtocol=9"},
		"an echo":            {`{"kmsiso":"controller","protocol":4,"version":"v1"}` + "\n", string(reason.NotAFarEnd)},
		"an endless line":    {strings.Repeat("x", maxHello+100), `xxx ..."`},
		"unknown capability": {strings.Replace(goodHello, "ping", "pong", 1), reason.New(reason.CapabilityUnknown, "capability", "pong").Key()},
	} {
		v, err := farText(t, c.text)
		if err == nil {
			v.Close()
			t.Errorf("%s: no error", name)
		} else if !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\x1b") {
			t.Errorf("%s: %v; want %q in it", name, err, c.want)
		}
	}
}

func TestHelloIsBounded(t *testing.T) {
	r, w := io.Pipe()
	defer w.Close()
	near, drain := io.Pipe()
	go io.Copy(io.Discard, near)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := Attach(ctx, r, drain, "v1"); !errors.Is(err, context.DeadlineExceeded) || !reason.Of(err).Has(reason.HelloMissing) {
		t.Errorf("error %v", err)
	}
}

func TestABrokenStreamIsAnErrorNeverAClass(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"unknown number":       {`7 ok {"class":"silent","rtt":0}` + "\n", `call=7 field="call"`},
		"unknown class":        {`1 ok {"class":"sleepy","rtt":0}` + "\n", `field="class" value="sleepy"`},
		"no class":             {`1 ok {}` + "\n", `field="class"`},
		"answered by an error": {`1 ok {"class":"answered","rtt":0,"icmp":{"type":3,"code":13}}` + "\n", `field="icmp" value="answered"`},
		"no such code":         {`1 ok {"class":"unreachable","rtt":0,"icmp":{"type":3,"code":256}}` + "\n", "256"},
		"other kind":           {`1 ok []` + "\n", "cannot unmarshal array"},
		"nothing in it":        {`1 ok` + "\n", reason.New(reason.FarEndAnswerOdd, "call", 1, "field", "kind", "value", "another").Key()},
		"another word":         {`1 fine {"class":"silent","rtt":0}` + "\n", `field="word" value="fine"`},
		"two answers":          {`1 ok {"class":"silent","rtt":0} {"class":"answered","rtt":0}` + "\n", "something else"},
		"an empty error":       {`1 failed {"why":[]}` + "\n", `field="error"`},
		"an unknown error":     {`1 failed {"why":"x","is":"no-key"}` + "\n", `field="error" value="no-key"`},
		"unknown field":        {`1 ok {"classes":{}}` + "\n", "unknown field"},
		"half":                 {`1 ok {"class":"si`, "unexpected EOF"},
		"no number":            {`0 ok {"class":"silent","rtt":0}` + "\n", "a number, a word"},
		"no message":           {"Killed\n", string(reason.FarEndUnread)},
		"end":                  {"", string(reason.FarEndEnded)},
	} {
		r, w := io.Pipe()
		near, drain := io.Pipe()
		go func() {
			io.WriteString(w, goodHello)
			b := make([]byte, 1)
			for n := 0; n < 2; { // the hello, then the call
				if _, err := near.Read(b); err != nil {
					break
				} else if b[0] == '\n' {
					n++
				}
			}
			io.WriteString(w, c.text)
			w.Close()
			io.Copy(io.Discard, near)
		}()
		v, err := Attach(t.Context(), r, drain, "v1")
		if err != nil {
			t.Fatal(err)
		}
		reply, err := vantage.Ping.At(v)(t.Context(), vantage.PingRequest{To: anAddr})
		if err == nil || !strings.Contains(err.Error(), c.want) || reply.Class != "" {
			t.Errorf("%s: %+v, %v; want %q", name, reply, err, c.want)
		}
		r.Close()
		v.Close()
	}
}

func TestServeRefusesWhatIsNoController(t *testing.T) {
	hello := `{"kmsiso":"controller","protocol":4,"version":"v1"}` + "\n"
	for name, c := range map[string]struct{ text, want string }{
		"a person":        {"help\n", `"help"`},
		"nobody":          {"", "before it said hello"},
		"another version": {strings.Replace(hello, "v1", "v0", 1), "the controller is kmsiso v0 (protocol 4), this far end is v1"},
		"no wish":         {hello + `1` + "\n", "a number, a word"},
		"no number":       {hello + `registry "x"` + "\n", "a number, a word"},
		"two wishes":      {hello + `1 registry "x" "y"` + "\n", "something else"},
		"no question":     {hello + `1 registry` + "\n", "nothing to read"},
		"not offered":     {hello + `1 raw {"to":"::1","protocol":50,"payload":""}` + "\n", "it cannot do"},
		"unknown field":   {hello + `1 ping {"exec":"rm"}` + "\n", "unknown field"},
		"unknown word":    {hello + `1 exec "rm"` + "\n", `no capability "exec"`},
		"no target":       {hello + `1 read x` + "\n", `read of "x"`},
		"too long":        {hello + `1 registry "` + strings.Repeat("x", maxRequest) + `"`, "longer than"},
	} {
		err := Serve(t.Context(), strings.NewReader(c.text), io.Discard, newPlace().vantage(), "v1")
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v; want %q", name, err, c.want)
		}
	}
	if err := Serve(t.Context(), strings.NewReader(hello), io.Discard, newPlace().vantage(), "v1"); err != nil {
		t.Errorf("a controller that ends at once: %v", err)
	}
}

func TestServeEndsWithItsContext(t *testing.T) {
	r, w := io.Pipe()
	defer w.Close()
	ctx, cancel := context.WithCancel(t.Context())
	out, far := io.Pipe()
	go func() {
		out.Read(make([]byte, 10))
		cancel()
		io.Copy(io.Discard, out)
	}()
	if err := Serve(ctx, r, far, newPlace().vantage(), "v1"); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

// TestWhatAFarEndLacks reads what it says of capabilities that it does not have.
func TestWhatAFarEndLacks(t *testing.T) {
	long := strings.Repeat("x", 500)
	for missing, want := range map[string]reason.List{
		`{}`:                        reason.One(reason.FarEndLacks),
		`{"tcp":[]}`:                reason.One(reason.FarEndLacks),
		`{"tcp":"needs root"}`:      {reason.Quote("needs root")},
		`{"tcp":"a \u001b[31m\nb"}`: {reason.Quote("a [31m b")},
		`{"tcp":[{"code":"quoted","args":{"words":"` + long + `"}}]}`: {reason.Quote(long[:400] + " ...")},
	} {
		v, err := farText(t, strings.Replace(goodHello, `"has"`, `"missing":`+missing+`,"has"`, 1))
		if err != nil {
			t.Fatal(err)
		}
		if got := v.Missing[vantage.CapTCP]; !got.Equal(want) {
			t.Errorf("%s: %s, want %s", missing, got.Key(), want.Key())
		}
		v.Close()
	}
	for _, bad := range []reason.List{reason.One("a\x1b[31m"), reason.One("a", "b\x1b", "c"), reason.One("a", "all", make([]string, 1<<14))} {
		if got := foreign(bad, 400); !got.Has(reason.Quoted) || len(got[0].Word("words")) > 410 || strings.Contains(got.Key(), "\x1b") {
			t.Errorf("%.200s becomes %.200s", bad.Key(), got.Key())
		}
	}
}
