package winrm

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	wsman "github.com/masterzen/winrm"
	"github.com/masterzen/winrm/soap"
)

// operationTimeout is how long the host holds a question for output before it
// says that there is none yet.
const operationTimeout = "PT10S"

// cleanupLimit is for deleting the shells of a host, all of them: it is also
// granted after a cancel.
const cleanupLimit = 5 * time.Second

// busyPauses are between the attempts to make a shell on a host whose quotas are
// used up by others.
var busyPauses = []time.Duration{time.Second, 2 * time.Second, 4 * time.Second}

// host is one machine with one shell. Commands run one after the other.
type host struct {
	post  *transport
	life  context.Context    // ends with close
	end   context.CancelFunc // ends life
	turn  chan struct{}      // holds a token while somebody uses the machine
	shell string
	left  []string // shells that are or may be on the machine and are to be deleted
	plain bool     // the machine does not let us name the shell
	noV6  *bool    // whether ping.exe knows no IPv6; nil until asked
}

func newHost(post *transport) *host {
	h := &host{post: post, turn: make(chan struct{}, 1)}
	h.life, h.end = context.WithCancel(context.Background())
	return h
}

// lock waits for the turn.
func (h *host) lock(ctx context.Context) error {
	select {
	case h.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (h *host) unlock() { <-h.turn }

// parameters are made for each message: the library's default ones are shared.
func parameters() *wsman.Parameters { return wsman.NewParameters(operationTimeout, "en-US", 153600) }

// ask sends one message and returns the answer, or the fault as an error.
func (h *host) ask(ctx context.Context, m *soap.SoapMessage, q question) (envelope, error) {
	q.message = m.String()
	m.Free()
	body, err := h.post.send(ctx, q)
	if err != nil {
		return envelope{}, err
	}
	e, err := readEnvelope(body)
	if err != nil {
		return e, err
	}
	return e, e.err()
}

// open makes a shell where there is none.
func (h *host) open(ctx context.Context) error {
	if h.shell != "" {
		return nil
	}
	h.sweep(ctx) // what a command that was cancelled left behind
	for _, pause := range append(slices.Clone(busyPauses), 0) {
		err := h.create(ctx)
		var f *hostFault
		if !errors.As(err, &f) || !f.busy() || pause == 0 {
			return err
		}
		if wait(ctx, pause) != nil {
			return err // says more
		}
	}
	return nil
}

// create makes a shell. We name it ourselves, [MS-WSMV] 2.2.4.37, so that it can
// be deleted even where the answer is lost. Machines that do not let us, or do
// not care, name it themselves.
func (h *host) create(ctx context.Context) error {
	id := ""
	if !h.plain {
		id = newShellID()
		h.left = append(h.left, id)
	}
	e, err := h.ask(ctx, createMessage(h.post.endpoint.url(), id), question{once: true})
	var (
		f *hostFault
		r refusal
	)
	switch {
	case errors.As(err, &f):
		h.forget(id) // a fault makes no shell
		if id != "" && f.quota() == "" && !f.denied() {
			h.plain = true
			return h.create(ctx)
		}
		return err
	case err != nil:
		if !h.post.posted || errors.As(err, &r) || errors.Is(err, errUnknownSession) {
			h.forget(id) // nobody was asked
		}
		return err
	}
	if h.shell = e.shell(); h.shell == "" {
		return unnamed("shell")
	}
	h.forget(id)
	return nil
}

// newShellID is a UUID in upper case, the form that Windows itself uses.
func newShellID() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80 // RFC 9562, version 4
	return fmt.Sprintf("%X-%X-%X-%X-%X", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// createMessage is the library's message for a new shell, with its name.
func createMessage(url, id string) *soap.SoapMessage {
	if id == "" {
		return wsman.NewOpenShellRequest(url, parameters())
	}
	p := parameters()
	m := soap.NewMessage()
	m.Header().
		To(url).
		ReplyTo("http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous").
		MaxEnvelopeSize(p.EnvelopeSize).
		Id("uuid:" + strings.ToLower(newShellID())).
		Locale(p.Locale).
		Timeout(p.Timeout).
		Action("http://schemas.xmlsoap.org/ws/2004/09/transfer/Create").
		ResourceURI("http://schemas.microsoft.com/wbem/wsman/1/windows/shell/cmd").
		AddOption(soap.NewHeaderOption("WINRS_NOPROFILE", "FALSE")).
		AddOption(soap.NewHeaderOption("WINRS_CODEPAGE", "65001")).
		Build()
	shell := m.CreateBodyElement("Shell", soap.DOM_NS_WIN_SHELL)
	shell.SetAttr("ShellId", id)
	m.CreateElement(shell, "InputStreams", soap.DOM_NS_WIN_SHELL).SetContent("stdin")
	m.CreateElement(shell, "OutputStreams", soap.DOM_NS_WIN_SHELL).SetContent("stdout stderr")
	return m
}

// forget takes a shell from those to be deleted.
func (h *host) forget(id string) {
	h.left = slices.DeleteFunc(h.left, func(s string) bool { return s == id })
}

// discard gives up the shell and deletes it, which ends what still runs in it.
// Where the caller has left already it is deleted later: at the next command, or
// at the end.
func (h *host) discard(ctx context.Context) {
	if h.shell != "" {
		h.left = append(h.left, h.shell)
		h.shell = ""
	}
	h.sweep(ctx)
}

// sweep deletes what is left. What could not be deleted stays in the list.
func (h *host) sweep(ctx context.Context) {
	if ctx.Err() == nil && h.post.ended == nil {
		_ = h.remove(ctx)
	}
}

// remove deletes all shells that are left, and returns what kept the first of
// them that stays.
func (h *host) remove(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, cleanupLimit)
	defer cancel()
	var stays error
	for _, id := range slices.Clone(h.left) {
		_, err := h.ask(ctx, wsman.NewDeleteShellRequest(h.post.endpoint.url(), id, parameters()), question{last: true})
		var f *hostFault
		switch {
		case err == nil, errors.As(err, &f) && f.unknown():
			h.forget(id)
		case stays == nil:
			stays = fmt.Errorf("a shell on %s could not be deleted (it goes by itself when idle): %w", h.post.endpoint.hostPort(), err)
		}
		if ctx.Err() != nil {
			break
		}
	}
	return stays
}

// close ends what runs and deletes every shell.
func (h *host) close() error {
	h.end()
	ctx, cancel := context.WithTimeout(context.Background(), cleanupLimit)
	defer cancel()
	if err := h.lock(ctx); err != nil {
		return fmt.Errorf("the shell on %s is still in use: %w", h.post.endpoint.hostPort(), err)
	}
	defer h.unlock()
	defer h.post.close()
	if h.shell != "" {
		h.left = append(h.left, h.shell)
		h.shell = ""
	}
	return h.remove(ctx)
}
