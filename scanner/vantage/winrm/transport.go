package winrm

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"time"

	"github.com/kmsiso/kmsiso/scanner/logon"
	"github.com/kmsiso/kmsiso/scanner/logon/distrust"
	"github.com/kmsiso/kmsiso/scanner/reason"
)

// The ways to log on.
const (
	authNegotiate = "negotiate"
	authBasic     = "basic"
)

// The bounds of one message and its answer, in octets and in time. They hold
// whatever the peer does: no answer, a drop at a time, or one without end.
const (
	// maxAnswer: MaxEnvelopeSizekb is 500 by default [MS-WSMV] 2.2.4.10; four
	// times that is no WS-Management message of ours.
	maxAnswer = 2 << 20
	// maxHeader is for the lines before the body; a log-on's are below 64 KB.
	maxHeader = 128 << 10
	// messageLimit is the least that a message may take: a host holds a question
	// for output for operationTimeout, and a slow link needs some round trips.
	messageLimit = 20 * time.Second
)

const typeSOAP = "application/soap+xml;charset=UTF-8"

// transport posts messages to one endpoint, one at a time, on one connection,
// because NTLM authenticates a connection [MS-NTHT].
type transport struct {
	endpoint   endpoint
	auth       string
	user       string
	password   []byte
	login      *logon.Login
	timeout    time.Duration
	client     *http.Client
	lines      lines
	session    *session
	distrusted *distrust.Places
	reached    bool  // whether the last message had a connection to go on
	posted     bool  // whether the last message may have reached the peer
	shown      bool  // whether the peer was shown the secret
	accepted   bool  // whether it took it
	ended      error // why the endpoint is asked nothing more; nil while it is
	final      bool  // that it is not even asked to delete a shell
}

// dialFunc is the form of [net.Dialer.DialContext].
type dialFunc func(ctx context.Context, network, address string) (net.Conn, error)

func newTransport(e endpoint, t *tls.Config, auth, user string, password []byte, login *logon.Login, timeout time.Duration, dial dialFunc) *transport {
	p := &transport{endpoint: e, auth: auth, user: user, password: password, login: login, timeout: timeout}
	if dial == nil {
		dial = new(net.Dialer).DialContext
	}
	p.client = &http.Client{
		Transport: &http.Transport{
			Proxy: nil, // a proxy would be a third party to the log-on
			DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
				ctx, cancel := context.WithTimeout(ctx, timeout)
				defer cancel()
				conn, err := dial(ctx, network, addr)
				if err == nil {
					if err = p.distrusted.Check(conn.RemoteAddr(), e.host); err != nil {
						_ = conn.Close()
					}
				}
				return p.lines.add(conn, err)
			},
			TLSClientConfig:        t,
			TLSHandshakeTimeout:    timeout,
			MaxConnsPerHost:        1,
			MaxIdleConnsPerHost:    1,
			MaxResponseHeaderBytes: maxHeader,
			DisableCompression:     true,
			ForceAttemptHTTP2:      false,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return p
}

// close ends the connection.
func (p *transport) close() {
	p.client.CloseIdleConnections()
	p.lines.hangUp()
}

// question is one SOAP message and what may be done for its answer.
type question struct {
	message string
	// once says that it must not be asked again where the answer was lost: it
	// may have been answered, and a second answer would be another one.
	once bool
	// last says that it is asked even of a host that has stopped answering.
	last bool
}

// send posts one SOAP message and returns the SOAP answer. It logs on where the
// connection is not yet, or no longer, known to the peer. A peer that kept a
// message waiting for all its time is asked no more, because every further
// message would cost as much. So is one that was shown the secret and said nothing
// that takes it. One that turned the log-on down is not shown it a second time,
// not even to delete a shell.
func (p *transport) send(ctx context.Context, q question) ([]byte, error) {
	if p.ended != nil && (p.final || !q.last) {
		return nil, p.ended
	}
	p.posted = false
	bounded, cancel := context.WithTimeout(ctx, max(p.timeout, messageLimit))
	defer cancel()
	answer, err := p.deliver(bounded, q)
	var r refusal
	switch {
	case err == nil:
		p.accepted = true
	case errors.As(err, &r):
		p.ended, p.final = err, true
	case p.shown && !p.accepted && ctx.Err() == nil:
		p.ended = err
	case bounded.Err() != nil && ctx.Err() == nil:
		p.ended = reason.Wrap(err, reason.AskedNoMore, "why", reason.Of(err))
	}
	return answer, err
}

// deliver is send, without its bounds.
func (p *transport) deliver(ctx context.Context, q question) ([]byte, error) {
	for again := false; ; again = true {
		old := p.accepted && (p.session != nil || p.auth == authBasic)
		answer, err := p.try(ctx, q.message)
		if err == nil {
			return answer, nil
		}
		p.drop()
		// The peer may have closed the connection while it was idle, and the
		// session with it. What it did not know the session of, it did not do.
		if old && !again && (errors.Is(err, errUnknownSession) || !q.once && errors.Is(err, errBroken)) {
			continue
		}
		return nil, err
	}
}

// try posts a message once, on a connection that is logged on.
func (p *transport) try(ctx context.Context, message string) ([]byte, error) {
	if p.auth == authBasic {
		if !p.accepted {
			if err := p.logOnBasic(ctx); err != nil {
				return nil, err
			}
		}
		return p.sendBasic(ctx, message)
	}
	if p.session == nil || p.session.dials != p.lines.dials() {
		if err := p.logOn(ctx); err != nil {
			return nil, err
		}
	}
	return p.sendNegotiated(ctx, message)
}

// drop forgets the session and its connection.
func (p *transport) drop() {
	p.session = nil
	p.close()
}

// What becomes of a session that was idle for too long.
var (
	errUnknownSession = errors.New("the host no longer accepts the session; it may have been restarted")
	errBroken         = errors.New("the connection broke")
)

// sendNegotiated posts on a connection that has been logged on: sealed over
// HTTP, as it is inside TLS.
func (p *transport) sendNegotiated(ctx context.Context, message string) ([]byte, error) {
	if p.endpoint.https {
		r, err := p.exchange(ctx, []byte(message), typeSOAP, "")
		if err != nil {
			return nil, err
		}
		return p.soap(r)
	}
	r, err := p.exchange(ctx, p.session.seal([]byte(message)), typeSealed, "")
	if err != nil {
		return nil, err
	}
	if r.status == http.StatusUnauthorized {
		return nil, errUnknownSession
	}
	if !strings.HasPrefix(strings.ToLower(r.contentType), "multipart/encrypted") {
		return nil, reason.Fail(reason.SealingRefused, "address", p.endpoint.hostPort(), "status", r.status)
	}
	text, err := p.session.unseal(r.body)
	if err == nil {
		p.login.Proved(p.password)
	}
	return text, err
}

func (p *transport) sendBasic(ctx context.Context, message string) (body []byte, err error) {
	err = p.login.Basic(ctx, p.place(), p.user, p.password, true, func(ctx context.Context, authorization string) (logon.Reply, reason.List, error) {
		r, err := p.show(ctx, []byte(message), authorization)
		if err != nil {
			return p.unanswered(), nil, err
		}
		if body, err = p.soap(r); r.status == http.StatusUnauthorized {
			return logon.Refused, reason.One(reason.Unauthorized), err
		}
		return logon.Accepted, nil, err
	})
	return body, err
}

// soap returns the body of an answer that is not sealed, inside TLS.
func (p *transport) soap(r answer) ([]byte, error) {
	switch {
	case r.status == http.StatusUnauthorized && p.auth == authNegotiate:
		return nil, errUnknownSession
	case r.status == http.StatusUnauthorized:
		return nil, p.refused()
	case !strings.HasPrefix(strings.ToLower(r.contentType), "application/soap+xml"):
		return nil, p.notWinRM(r)
	}
	return r.body, nil
}

// answer is an HTTP answer, read whole.
type answer struct {
	status      int
	contentType string
	header      http.Header
	body        []byte
	tls         *tls.ConnectionState
}

// exchange is one HTTP request and its whole answer.
func (p *transport) exchange(ctx context.Context, body []byte, contentType, authorization string) (answer, error) {
	p.reached = false
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) {
		p.reached = true
		p.posted = p.posted || len(body) > 0 // a log-on has none
	}})
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.endpoint.url(), bytes.NewReader(body))
	if err != nil {
		return answer{}, reason.Wrap(err, reason.WinRMAddressOdd, "url", p.endpoint.url())
	}
	req.GetBody = nil // the transport must not replay a body on another connection
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("User-Agent", "kmsiso")
	if authorization != "" {
		req.Header.Set("Authorization", authorization)
	}
	defer p.lines.endWith(ctx)()
	resp, err := p.client.Do(req)
	if err != nil {
		return answer{}, p.explain(ctx, err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode == http.StatusSwitchingProtocols {
		// Its body is the bare connection: whatever comes, for as long as it comes.
		return answer{}, p.notWinRM(answer{status: resp.StatusCode, contentType: resp.Header.Get("Content-Type")})
	}
	read, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		return answer{}, p.explain(ctx, err)
	}
	if len(read) > maxAnswer {
		return answer{}, reason.Fail(reason.WinRMAnswerLong, "address", p.endpoint.hostPort(), "most", maxAnswer)
	}
	return answer{
		status: resp.StatusCode, contentType: resp.Header.Get("Content-Type"),
		header: resp.Header, body: read, tls: resp.TLS,
	}, nil
}
