package serve

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"net/http"
	"time"
)

//go:embed page.html
var pageText string

var page = template.Must(template.New("page").Parse(pageText))

// shows returns what is shown, or nil.
func (d *daemon) shows() *shown {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.last
}

// handler answers all that the daemon answers.
func (d *daemon) handler() http.Handler {
	m := http.NewServeMux()
	m.HandleFunc("GET /metrics", d.serveMetrics)
	m.HandleFunc("GET /-/healthy", func(w http.ResponseWriter, _ *http.Request) {
		plain(w, http.StatusOK, "healthy\n")
	})
	m.HandleFunc("GET /-/ready", func(w http.ResponseWriter, _ *http.Request) {
		s := d.shows()
		if s == nil {
			plain(w, http.StatusServiceUnavailable, "no run yet\n")
			return
		}
		plain(w, http.StatusOK, fmt.Sprintf("ready: the run that is shown ended %s ago\n", age(s.run).Round(time.Second)))
	})
	m.HandleFunc("GET /run.json", d.guarded(func(w http.ResponseWriter, _ *http.Request) {
		s := d.shows()
		if s == nil {
			plain(w, http.StatusNotFound, "no run yet\n")
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(s.whole)
	}))
	m.Handle("POST /-/reload", http.NewCrossOriginProtection().Handler(d.guarded(d.serveReload)))
	m.HandleFunc("GET /{$}", d.guarded(d.servePage))
	return m
}

func plain(w http.ResponseWriter, code int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(code)
	_, _ = w.Write([]byte(text))
}

// servePage writes the small page for a person.
func (d *daemon) servePage(w http.ResponseWriter, _ *http.Request) {
	d.mu.RLock()
	last, failure := d.last, d.failure
	d.mu.RUnlock()
	var about struct {
		Title, Failure, Started, Age, Text string
		Kept                               bool
	}
	about.Title, about.Failure = "no run yet", failure
	if last != nil {
		about.Title = string(last.run.Answer()) + " " + last.run.Name
		about.Started = last.run.Started.UTC().Format(time.RFC3339)
		about.Age = age(last.run).Round(time.Second).String()
		about.Text, about.Kept = string(last.text), last.kept
	}
	var b bytes.Buffer
	if err := page.Execute(&b, about); err != nil {
		d.log.Error("the page cannot be written", "error", err)
		http.Error(w, "the page cannot be written", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(b.Bytes())
}
