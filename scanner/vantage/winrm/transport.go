package winrm

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// The ways to log on.
const (
	authNegotiate = "negotiate"
	authBasic     = "basic"
)

// maxAnswer bounds an answer. MaxEnvelopeSizekb is 500 by default [MS-WSMV]
// 2.2.4.10; four times that is no WS-Management message of ours.
const maxAnswer = 2 << 20

const typeSOAP = "application/soap+xml;charset=UTF-8"

// transport posts messages to one endpoint, one at a time, on one connection,
// because NTLM authenticates a connection [MS-NTHT].
type transport struct {
	endpoint endpoint
	auth     string
	user     string
	password string
	timeout  time.Duration
	client   *http.Client
	dials    int // connections made so far
	session  *session
}

func newTransport(e endpoint, t *tls.Config, auth, user, password string, timeout time.Duration) *transport {
	p := &transport{endpoint: e, auth: auth, user: user, password: password, timeout: timeout}
	dialer := net.Dialer{Timeout: timeout}
	p.client = &http.Client{
		Transport: &http.Transport{
			Proxy: nil, // a proxy would be a third party to the log-on
			DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
				p.dials++
				return dialer.DialContext(ctx, network, addr)
			},
			TLSClientConfig:     t,
			TLSHandshakeTimeout: timeout,
			MaxConnsPerHost:     1,
			MaxIdleConnsPerHost: 1,
			DisableCompression:  true,
			ForceAttemptHTTP2:   false,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return p
}

// close ends the connection.
func (p *transport) close() { p.client.CloseIdleConnections() }

// send posts one SOAP message and returns the SOAP answer. It logs on where the
// connection is not yet, or no longer, known to the peer.
func (p *transport) send(ctx context.Context, message string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, p.timeout)
	defer cancel()
	if p.auth == authBasic {
		return p.sendBasic(ctx, message)
	}
	for again := false; ; again = true {
		old := p.session != nil
		if p.session == nil || p.session.dials != p.dials {
			if err := p.logOn(ctx); err != nil {
				p.drop()
				return nil, err
			}
		}
		answer, err := p.sendNegotiated(ctx, message)
		if err == nil {
			return answer, nil
		}
		p.drop()
		// The peer may have closed the connection while it was idle, and the
		// session with it. All that is asked may be asked twice.
		if old && !again && (errors.Is(err, errUnknownSession) || errors.Is(err, errBroken)) {
			continue
		}
		return nil, err
	}
}

// drop forgets the session and its connection.
func (p *transport) drop() {
	p.session = nil
	p.client.CloseIdleConnections()
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
		return nil, fmt.Errorf("the host answered a sealed message in clear (HTTP %d): it refuses to seal; nothing is sent to it in clear. Use https:// or allow message encryption there", r.status)
	}
	return p.session.unseal(r.body)
}

func (p *transport) sendBasic(ctx context.Context, message string) ([]byte, error) {
	r, err := p.exchange(ctx, []byte(message), typeSOAP, basicHeader(p.user, p.password))
	if err != nil {
		return nil, err
	}
	return p.soap(r)
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
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.endpoint.url(), bytes.NewReader(body))
	if err != nil {
		return answer{}, fmt.Errorf("no request can be made for %s: %w", p.endpoint.url(), err)
	}
	req.GetBody = nil // the transport must not replay a body on another connection
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("User-Agent", "kmsiso")
	if authorization != "" {
		req.Header.Set("Authorization", authorization)
	}
	resp, err := p.client.Do(req)
	if err != nil {
		return answer{}, p.explain(ctx, err)
	}
	defer func() { _ = resp.Body.Close() }()
	read, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		return answer{}, p.explain(ctx, err)
	}
	if len(read) > maxAnswer {
		return answer{}, fmt.Errorf("the answer of %s is longer than %d octets: not WinRM", p.endpoint.hostPort(), maxAnswer)
	}
	return answer{
		status: resp.StatusCode, contentType: resp.Header.Get("Content-Type"),
		header: resp.Header, body: read, tls: resp.TLS,
	}, nil
}
