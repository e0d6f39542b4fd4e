package winrm

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/logon/distrust"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// explain makes one sentence of what kept a request from being answered. It
// says nothing of what the request held.
func (p *transport) explain(ctx context.Context, err error) error {
	at := p.endpoint.hostPort()
	if ctx.Err() != nil && errors.Is(context.Cause(ctx), context.Canceled) {
		return reason.Wrap(context.Canceled, reason.WaitCancelled, "address", at, "words", context.Canceled)
	}
	var (
		dns       *net.DNSError
		authority x509.UnknownAuthorityError
		name      x509.HostnameError
		invalid   x509.CertificateInvalidError
		record    tls.RecordHeaderError
		op        *net.OpError
		u         *url.Error
		timeout   net.Error
		kept      *distrust.Error
	)
	if errors.Is(err, errPin) || errors.As(err, &authority) || errors.As(err, &name) || errors.As(err, &invalid) {
		p.distrusted.Add(reason.New(reason.OtherCertificate, "protocol", "HTTPS", "address", at), p.lines.remote(), p.endpoint.host)
	}
	switch {
	case errors.As(err, &kept):
		return kept
	case errors.As(err, &dns):
		return reason.Wrap(err, reason.NameUnresolved, "service", "winrm", "host", p.endpoint.host, "address", at, "words", dns.Err)
	case errors.Is(err, errPin):
		return reason.Wrap(errPin, reason.PinMissed, "address", at)
	case errors.As(err, &authority):
		return reason.Wrap(err, reason.CertificateUntrusted, "address", at)
	case errors.As(err, &name), errors.As(err, &invalid):
		return reason.Wrap(err, reason.CertificateInvalid, "address", at, "words", err)
	case errors.As(err, &record), errors.Is(err, http.ErrSchemeMismatch):
		return reason.Wrap(err, reason.NoTLS, "address", at)
	}
	if errors.As(err, &u) {
		err = u.Err // without the method and URL, which say nothing new
	}
	dialing := errors.As(err, &op) && op.Op == "dial"
	isTimeout := ctx.Err() != nil || errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout()
	switch {
	case dialing && isTimeout:
		return reason.Wrap(err, reason.NothingAnswers, "service", "winrm", "address", at, "limit", p.timeout)
	case dialing:
		return reason.Wrap(err, vantage.Unconnected(op.Err), "service", "winrm", "address", at, "words", op.Err)
	case isTimeout:
		return reason.Wrap(context.DeadlineExceeded, reason.AnswerLimit, "address", at, "words", context.DeadlineExceeded)
	case strings.Contains(err.Error(), "server response headers exceeded"):
		return reason.Wrap(err, reason.AnswerEndless, "address", at)
	case strings.Contains(err.Error(), "malformed HTTP"):
		return reason.Wrap(err, reason.NotHTTP, "address", at)
	}
	return reason.Wrap(fmt.Errorf("%w: %w", errBroken, err), reason.ConnectionBroke, "address", at, "why", reason.Of(err))
}

// refusal is why a log-on was turned down.
type refusal struct{ why reason.Reason }

func (r refusal) Error() string { return r.why.Key() }

// Why is the reason, by code.
func (r refusal) Why() reason.List { return reason.List{r.why} }

// refused is the answer to a log-on that was turned down.
func (p *transport) refused() error {
	return refusal{reason.New(reason.WinRMRefused, "address", p.endpoint.hostPort(), "account", p.user)}
}

// notWinRM is for an HTTP answer that is no WS-Management.
func (p *transport) notWinRM(r answer) error {
	kind := r.contentType
	if kind == "" {
		kind = "no content type"
	}
	return reason.Fail(reason.NotWinRM, "address", p.endpoint.url(), "status", r.status, "type", begin(kind, 60))
}

// begin is the begin of what may be long.
func begin(s string, most int) string {
	if all := []rune(s); len(all) > most {
		return string(all[:most])
	}
	return s
}
