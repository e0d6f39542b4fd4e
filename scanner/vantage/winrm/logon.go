package winrm

import (
	"context"
	"crypto"
	_ "crypto/sha256" // for the channel binding
	_ "crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/bodgit/ntlmssp"
)

// basicHeader is the Authorization of HTTP Basic. Only sendBasic asks for it.
func basicHeader(user, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
}

// logOn authenticates the connection with NTLM under Negotiate. The three
// messages hold no password: the peer gets a challenge's answer.
func (p *transport) logOn(ctx context.Context) error {
	user, domain := splitUser(p.user)
	ntlm, err := ntlmssp.NewClient(ntlmssp.SetUserInfo(user, p.password), ntlmssp.SetDomain(domain), ntlmssp.SetVersion(ntlmssp.DefaultVersion()))
	if err != nil {
		return fmt.Errorf("NTLM could not be set up: %w", err)
	}
	hello, err := ntlm.Authenticate(nil, nil)
	if err != nil {
		return fmt.Errorf("NTLM could not be set up: %w", err)
	}
	r, err := p.exchange(ctx, nil, typeSOAP, "Negotiate "+base64.StdEncoding.EncodeToString(hello))
	if err != nil {
		return err
	}
	dials := p.dials
	token, err := p.challenge(r)
	if err != nil {
		return err
	}
	if !p.endpoint.https {
		if err := canSeal(token); err != nil {
			return fmt.Errorf("%s %w; nothing is sent to it in clear. Use https:// or allow message encryption there", p.endpoint.hostPort(), err)
		}
	}
	proof, err := authenticate(ntlm, token, binding(r))
	if err != nil {
		return fmt.Errorf("the NTLM challenge of %s cannot be answered: %w", p.endpoint.hostPort(), err)
	}
	r, err = p.exchange(ctx, nil, typeSOAP, "Negotiate "+base64.StdEncoding.EncodeToString(proof))
	switch {
	case err != nil:
		return err
	case p.dials != dials:
		return fmt.Errorf("%s closed the connection in the middle of the log-on", p.endpoint.hostPort())
	case r.status == http.StatusUnauthorized:
		return p.refused()
	case r.status >= 300 && r.status < 400, r.status == http.StatusForbidden, r.status == http.StatusNotFound:
		return p.notWinRM(r)
	}
	s := ntlm.SecuritySession()
	if s == nil {
		return fmt.Errorf("%s agreed on no session key; nothing is sent to it in clear", p.endpoint.hostPort())
	}
	p.session = &session{sealer: s, dials: dials}
	return nil
}

// authenticate answers a challenge. The library reads the peer's octets without
// looking at every length, so a panic there is an unreadable challenge.
func authenticate(c *ntlmssp.Client, challenge []byte, b *ntlmssp.ChannelBindings) (proof []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			proof, err = nil, errors.New("it is not well-formed")
		}
	}()
	return c.Authenticate(challenge, b)
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
			return nil, fmt.Errorf("the NTLM challenge of %s is not base64", p.endpoint.hostPort())
		}
		return token, nil
	}
	if len(offers) == 0 {
		offers = []string{"nothing"}
	}
	return nil, fmt.Errorf("%s offers %.80q where NTLM under Negotiate was asked for; no password was sent to it. For Basic say so with auth: basic, over https://", p.endpoint.hostPort(), strings.Join(offers, ", "))
}

// Flags of an NTLM challenge, [MS-NLMP] 2.2.2.5.
const (
	flagSign     = 0x00000010
	flagSeal     = 0x00000020
	flagExtended = 0x00080000
	flag128      = 0x20000000
	flagKeyExch  = 0x40000000
	flagsSealing = flagSign | flagSeal | flagExtended | flag128 | flagKeyExch
)

// canSeal fails unless the challenge agrees to sign and seal with 128 bits:
// without that the library would wrap a message by leaving it as it is.
func canSeal(challenge []byte) error {
	if len(challenge) < 32 || string(challenge[:8]) != "NTLMSSP\x00" || binary.LittleEndian.Uint32(challenge[8:]) != 2 {
		return errors.New("answered with something that is no NTLM challenge")
	}
	if f := binary.LittleEndian.Uint32(challenge[20:]); f&flagsSealing != flagsSealing {
		return fmt.Errorf("refuses to seal messages (NTLM flags %08x)", f)
	}
	return nil
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

// binding ties the log-on to the TLS connection (RFC 5929 4.1), so that nobody
// between can use it elsewhere; nil over HTTP.
func binding(r answer) *ntlmssp.ChannelBindings {
	if r.tls == nil || len(r.tls.PeerCertificates) == 0 {
		return nil
	}
	leaf := r.tls.PeerCertificates[0]
	hash := crypto.SHA256
	switch leaf.SignatureAlgorithm {
	case x509.SHA384WithRSA, x509.ECDSAWithSHA384, x509.SHA384WithRSAPSS:
		hash = crypto.SHA384
	case x509.SHA512WithRSA, x509.ECDSAWithSHA512, x509.SHA512WithRSAPSS:
		hash = crypto.SHA512
	}
	h := hash.New()
	h.Write(leaf.Raw)
	return &ntlmssp.ChannelBindings{ApplicationData: h.Sum([]byte(ntlmssp.TLSServerEndPoint + ":"))}
}
