package serve

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/common/expfmt"
)

// scrapeFresh is how long one answer is given to all who scrape: the ages in it
// are right to the second.
const scrapeFresh = time.Second

// scrape is one answer for all: the daemon's own metrics, which are few, and
// those of the run, which are shared by all answers as long as it is shown.
type scrape struct {
	at   time.Time
	own  []byte
	run  *shown // may be nil
	pack func() [][]byte
}

// scraped returns the answer of this moment.
func (d *daemon) scraped() (*scrape, error) {
	d.scraping.Lock()
	defer d.scraping.Unlock()
	now, last := time.Now(), d.shows()
	if s := d.scrape; s != nil && s.run == last && now.Sub(s.at) < scrapeFresh {
		return s, nil
	}
	families, err := d.registry.Gather()
	if err != nil {
		return nil, fmt.Errorf("gather metrics: %w", err)
	}
	var b bytes.Buffer
	e := expfmt.NewEncoder(&b, expfmt.NewFormat(expfmt.TypeTextPlain))
	for _, f := range families {
		if err := e.Encode(f); err != nil {
			return nil, fmt.Errorf("write %s: %w", f.GetName(), err)
		}
	}
	s := &scrape{at: now, own: b.Bytes(), run: last}
	s.pack = sync.OnceValue(s.gzip)
	d.scrape = s
	return s, nil
}

// changed says that the answer of this moment is no longer right.
func (d *daemon) changed() {
	d.scraping.Lock()
	defer d.scraping.Unlock()
	d.scrape = nil
}

// plain is the answer in parts, which nobody may change.
func (s *scrape) plain() [][]byte {
	if s.run == nil {
		return [][]byte{s.own}
	}
	return [][]byte{s.own, s.run.metrics}
}

// gzip is the answer as one member of gzip (RFC 1952), in parts. That of the
// run was compressed by itself, once, and ends the stream of deflate.
func (s *scrape) gzip() [][]byte {
	var end, run []byte
	if s.run == nil {
		end = deflated(nil, true)
	} else {
		end, run = s.run.packed(), s.run.metrics
	}
	sum := crc32.Update(crc32.ChecksumIEEE(s.own), crc32.IEEETable, run)
	tail := binary.LittleEndian.AppendUint32(nil, sum)
	tail = binary.LittleEndian.AppendUint32(tail, uint32(len(s.own)+len(run)))
	head := []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff}
	return [][]byte{append(head, deflated(s.own, false)...), end, tail}
}

// deflated compresses a part of a stream that ends on an octet (RFC 1951), and
// with it the stream, if it is the last.
func deflated(b []byte, last bool) []byte {
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.BestSpeed)
	if err == nil {
		_, err = w.Write(b)
	}
	if err == nil && last {
		err = w.Close()
	} else if err == nil {
		err = w.Flush()
	}
	if err != nil {
		panic(err) // a buffer takes everything
	}
	return out.Bytes()
}

// serveMetrics writes the daemon's own metrics and those of the last run as one
// exposition. All who ask within a second get the same octets, and no copy.
func (d *daemon) serveMetrics(w http.ResponseWriter, r *http.Request) {
	s, err := d.scraped()
	if err != nil {
		d.log.Error("no metrics", "error", err)
		http.Error(w, "metrics cannot be written", http.StatusInternalServerError)
		return
	}
	parts, h := s.plain(), w.Header()
	h.Set("Content-Type", string(expfmt.NewFormat(expfmt.TypeTextPlain)))
	h.Set("Vary", "Accept-Encoding")
	if takesGzip(r) {
		parts = s.pack()
		h.Set("Content-Encoding", "gzip")
	}
	size := 0
	for _, p := range parts {
		size += len(p)
	}
	h.Set("Content-Length", strconv.Itoa(size))
	for _, p := range parts {
		if _, err := w.Write(p); err != nil {
			return // the peer has gone; there is nobody to tell
		}
	}
}

// takesGzip reports whether a request accepts gzip (RFC 9110 12.5.3).
func takesGzip(r *http.Request) bool {
	for _, line := range r.Header.Values("Accept-Encoding") {
		for _, one := range strings.Split(line, ",") {
			coding, weight, _ := strings.Cut(one, ";")
			if !strings.EqualFold(strings.TrimSpace(coding), "gzip") {
				continue
			}
			q, has := strings.CutPrefix(strings.ReplaceAll(weight, " ", ""), "q=")
			n, err := strconv.ParseFloat(q, 64)
			return !has || err == nil && n > 0
		}
	}
	return false
}
