package winrm

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// endpoint is where a WS-Management service listens.
type endpoint struct {
	host  string // name or address, without brackets
	port  int
	https bool
	path  string
}

// url is the endpoint as a URL.
func (e endpoint) url() string {
	scheme := "http"
	if e.https {
		scheme = "https"
	}
	u := url.URL{Scheme: scheme, Host: e.hostPort(), Path: e.path}
	return u.String()
}

func (e endpoint) hostPort() string { return net.JoinHostPort(e.host, strconv.Itoa(e.port)) }

// The ports of WinRM 2.0 and later.
const (
	portHTTP  = 5985
	portHTTPS = 5986
)

// parseAddress reads host, host:port, an IPv6 address with or without brackets,
// or a URL.
func parseAddress(s string) (endpoint, error) {
	bad := func() (endpoint, error) { return endpoint{}, reason.Fail(reason.WinRMAddressOdd, "url", s) }
	e := endpoint{path: "/wsman", port: portHTTP}
	rest := s
	if strings.Contains(s, "://") {
		u, err := url.Parse(s)
		if err != nil || u.Host == "" {
			return bad()
		}
		switch {
		case u.User != nil:
			return endpoint{}, reason.Fail(reason.WinRMAddressSecret)
		case u.Scheme == "https":
			e.https, e.port = true, portHTTPS
		case u.Scheme != "http":
			return bad()
		}
		if u.Path != "" && u.Path != "/" {
			e.path = u.Path
		}
		rest = u.Host
	} else if strings.ContainsAny(s, "/@ ") {
		return bad()
	}
	host, port, err := net.SplitHostPort(rest)
	if err != nil {
		host, port = strings.Trim(rest, "[]"), ""
	}
	if host == "" {
		return bad()
	}
	e.host = host
	if port != "" {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 {
			return bad()
		}
		e.port = int(n)
		if n == portHTTPS && !strings.Contains(s, "://") {
			e.https = true
		}
	}
	return e, nil
}

// trust says which certificate the endpoint may show; nil over HTTP.
func trust(e endpoint, ca, pin string) (*tls.Config, error) {
	if !e.https {
		if ca != "" || pin != "" {
			return nil, reason.Fail(reason.TrustWithoutTLS)
		}
		return nil, nil
	}
	c := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: e.host}
	if ca != "" {
		pem, err := os.ReadFile(ca)
		if err != nil {
			return nil, reason.Wrap(err, reason.AuthoritiesUnread, "service", "winrm", "words", err)
		}
		c.RootCAs = x509.NewCertPool()
		if !c.RootCAs.AppendCertsFromPEM(pem) {
			return nil, reason.Fail(reason.AuthoritiesAbsent, "file", ca)
		}
	}
	if pin != "" {
		want, err := hex.DecodeString(strings.ReplaceAll(pin, ":", ""))
		if err != nil || len(want) != sha256.Size {
			return nil, reason.Fail(reason.PinOdd)
		}
		// The pin names one certificate; chain and name then add nothing.
		c.InsecureSkipVerify = true
		c.VerifyConnection = func(s tls.ConnectionState) error {
			if got := sha256.Sum256(s.PeerCertificates[0].Raw); string(got[:]) != string(want) {
				return fmt.Errorf("%w: it shows %x", errPin, got)
			}
			return nil
		}
	}
	return c, nil
}

// errPin is returned from a handshake with a certificate that is not the pinned one.
var errPin = errors.New("the certificate is not the pinned one")
