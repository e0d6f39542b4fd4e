package winrm

import (
	"context"
	"encoding/base64"
	"net/http"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/logon"
	"github.com/kmsiso/kmsiso/scanner/logon/ntlm"
	"github.com/kmsiso/kmsiso/scanner/reason"
)

// place is the endpoint as one where a secret is shown.
func (p *transport) place() logon.Place { return logon.Place{Name: p.endpoint.hostPort()} }

// logOn authenticates the connection with NTLM under Negotiate. The messages
// hold no password: the peer gets a challenge's answer, which is of use for its
// own service and connection only.
func (p *transport) logOn(ctx context.Context) error {
	r, err := p.exchange(ctx, nil, typeSOAP, "Negotiate "+base64.StdEncoding.EncodeToString(ntlm.Negotiate()))
	if err != nil {
		return err
	}
	dials := p.lines.dials()
	token, err := p.challenge(r)
	if err != nil {
		return err
	}
	challenge, err := ntlm.ReadChallenge(token)
	if err != nil {
		return reason.Wrap(err, reason.NTLMUnanswerable, "address", p.endpoint.hostPort(), "words", err)
	}
	if !p.endpoint.https {
		if err := challenge.CanSeal(); err != nil {
			return reason.Wrap(err, reason.SealingRefused, "address", p.endpoint.hostPort(), "words", err)
		}
	}
	user, domain := splitUser(p.user)
	as := ntlm.Logon{User: user, Domain: domain, Target: "HTTP/" + p.endpoint.host, Binding: binding(r)}
	return p.login.NTLM(ctx, p.place(), challenge, as, p.password, func(ctx context.Context, proof []byte, s *ntlm.Session) (logon.Reply, reason.List, error) {
		r, err := p.show(ctx, nil, "Negotiate "+base64.StdEncoding.EncodeToString(proof))
		switch {
		case err != nil:
			return p.unanswered(), nil, err
		case p.lines.dials() != dials:
			return logon.Unanswered, nil, reason.Fail(reason.LogonCut, "address", p.endpoint.hostPort())
		}
		reply, why, err := p.let(r)
		if err == nil {
			p.session = &session{sealer: s, dials: dials}
		}
		return reply, why, err
	})
}

// logOnBasic shows the password for the first time, with an empty message as NTLM
// does. Where nothing comes back there is no shell to delete, for which the
// password would have to be shown again.
func (p *transport) logOnBasic(ctx context.Context) error {
	return p.login.Basic(ctx, p.place(), p.user, p.password, false, func(ctx context.Context, authorization string) (logon.Reply, reason.List, error) {
		r, err := p.show(ctx, nil, authorization)
		if err != nil {
			return p.unanswered(), nil, err
		}
		return p.let(r)
	})
}

// show posts a message that shows the secret, unless the host has become
// distrusted while it waited for its turn.
func (p *transport) show(ctx context.Context, body []byte, authorization string) (answer, error) {
	p.reached = false
	if err := p.distrusted.Check(p.lines.remote(), p.endpoint.host); err != nil {
		return answer{}, err
	}
	r, err := p.exchange(ctx, body, typeSOAP, authorization)
	p.shown = p.shown || p.reached
	return r, err
}

// unanswered is what an error says of the secret that was to be shown: nothing
// left where there was no connection, or one with the certificate of another.
func (p *transport) unanswered() logon.Reply {
	if !p.reached {
		return logon.Unread
	}
	return logon.Unanswered
}

// let tells what the answer to a log-on says. It is Windows that answers 401; what
// comes later is of WinRM, which is asked only after that.
func (p *transport) let(r answer) (logon.Reply, reason.List, error) {
	switch {
	case r.status == http.StatusUnauthorized:
		return logon.Refused, reason.One(reason.Unauthorized), p.refused()
	case r.status >= 300 && r.status < 400, r.status == http.StatusForbidden, r.status == http.StatusNotFound:
		return logon.Unanswered, nil, p.notWinRM(r)
	}
	p.accepted = true
	return logon.Accepted, nil, nil
}

// challenge finds the NTLM challenge in the answer to the first message.
func (p *transport) challenge(r answer) ([]byte, error) {
	if r.status != http.StatusUnauthorized {
		return nil, p.notWinRM(r)
	}
	var offers []string
	for _, h := range r.header.Values("WWW-Authenticate") {
		scheme, rest, _ := strings.Cut(strings.TrimSpace(h), " ")
		offers = append(offers, scheme)
		if !strings.EqualFold(scheme, "Negotiate") || rest == "" {
			continue
		}
		token, err := base64.StdEncoding.DecodeString(strings.TrimSpace(rest))
		if err != nil {
			return nil, reason.Wrap(err, reason.NTLMUnanswerable, "address", p.endpoint.hostPort(), "words", err)
		}
		return token, nil
	}
	if len(offers) == 0 {
		offers = []string{"nothing"}
	}
	return nil, reason.Fail(reason.NTLMNotOffered, "address", p.endpoint.hostPort(), "offers", begin(strings.Join(offers, ", "), 80))
}

// splitUser reads DOMAIN\user and user@domain.
func splitUser(s string) (user, domain string) {
	if d, u, ok := strings.Cut(s, `\`); ok {
		if d == "." {
			d = ""
		}
		return u, d
	}
	if u, d, ok := strings.Cut(s, "@"); ok {
		return u, d
	}
	return s, ""
}

// binding ties the log-on to the TLS connection; nil over HTTP.
func binding(r answer) []byte {
	if r.tls == nil || len(r.tls.PeerCertificates) == 0 {
		return nil
	}
	return ntlm.Endpoint(r.tls.PeerCertificates[0])
}
