package serve

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/run"
)

// scrapes asks a handler for the metrics, with gzip or without.
func scrapes(t *testing.T, d *daemon, encoding string) *httptest.ResponseRecorder {
	t.Helper()
	r, w := request(t, http.MethodGet, "/metrics"), httptest.NewRecorder()
	r.Header.Set("Accept-Encoding", encoding)
	d.handler().ServeHTTP(w, r)
	return w
}

// What is compressed is one member of gzip, and the same as what is not.
func TestCompressedMetrics(t *testing.T) {
	for name, made := range map[string]bool{"before the first run": false, "after it": true} {
		t.Run(name, func(t *testing.T) {
			d := daemonOf(t, Server{Interval: time.Hour, Run: func(context.Context) *run.Run { return good() }})
			if made {
				if err := d.attempt(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			for encoding, packed := range map[string]bool{
				"": false, "identity": false, "gzip;q=0": false, "br": false, "deflate, gzip": true, "GZIP; q=0.5": true,
			} {
				plain, w := scrapes(t, d, ""), scrapes(t, d, encoding)
				if got := w.Header().Get("Content-Encoding") == "gzip"; got != packed {
					t.Errorf("%q: compressed %v", encoding, got)
				}
				body := io.Reader(w.Body)
				if packed {
					z, err := gzip.NewReader(body)
					if err != nil {
						t.Fatal(err)
					}
					z.Multistream(false)
					body = z
				}
				b, err := io.ReadAll(body)
				if err != nil || !bytes.Equal(b, plain.Body.Bytes()) || len(b) == 0 {
					t.Errorf("%q: %d octets, %v; %d in clear", encoding, len(b), err, plain.Body.Len())
				}
			}
		})
	}
}

// Of 2,000 scrapes at once none has a copy of its own: what they need together
// is a small part of what 2,000 copies would.
func TestManyScrapesShareOneAnswer(t *testing.T) {
	const scrapers, size = 2000, 4 << 20
	d := daemonOf(t, Server{
		Interval: time.Hour, Run: func(context.Context) *run.Run { return good() },
		Encode: func(*run.Run) ([]byte, error) {
			return []byte("# TYPE a gauge\n" + strings.Repeat("a 1\n", size/4)), nil
		},
	})
	if err := d.attempt(t.Context()); err != nil {
		t.Fatal(err)
	}
	h := d.handler()
	for _, encoding := range []string{"", "gzip"} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		var all sync.WaitGroup
		for range scrapers {
			all.Go(func() {
				r := request(t, http.MethodGet, "/metrics")
				r.Header.Set("Accept-Encoding", encoding)
				h.ServeHTTP(&sink{header: http.Header{}}, r)
			})
		}
		all.Wait()
		runtime.ReadMemStats(&after)
		// All that was ever allocated, collected or not.
		if got := (after.TotalAlloc - before.TotalAlloc) / scrapers; got > 64<<10 {
			t.Errorf("encoding %q: %d octets for each scrape of %d", encoding, got, size)
		}
	}
}

// sink takes an answer and keeps nothing.
type sink struct{ header http.Header }

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) Write(b []byte) (int, error) { return len(b), nil }
func (s *sink) WriteHeader(int)             {}

// Without an address given the server listens on this machine alone; a family
// that the machine does not have is no error, a port that is taken is.
func TestListensOnLoopback(t *testing.T) {
	listen := func(addresses ...string) error {
		before := Loopback
		Loopback = addresses
		defer func() { Loopback = before }()
		all, err := listen(t.Context(), nil)
		for _, l := range all {
			if !l.Addr().(*net.TCPAddr).IP.IsLoopback() {
				t.Errorf("listens on %s", l.Addr())
			}
		}
		closeAll(all)
		return err
	}
	if len(Loopback) != 2 || Loopback[0] != "127.0.0.1:9688" || Loopback[1] != "[::1]:9688" {
		t.Errorf("%v", Loopback)
	}
	if err := listen("127.0.0.1:0"); err != nil {
		t.Error(err)
	}
	if err := listen("127.0.0.1:0", "[2001:db8::1]:9688"); err != nil { // an address that this machine does not have
		t.Error(err)
	}
	if err := listen("[2001:db8::1]:9688"); err == nil {
		t.Error("it listens nowhere, and says nothing")
	}
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	if err := listen(taken.Addr().String()); err == nil {
		t.Error("a port that is taken is no error")
	}
}
