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
	bad := func(why string) (endpoint, error) {
		return endpoint{}, fmt.Errorf("address %q: %s; use host, host:port or https://host:5986/wsman", s, why)
	}
	e := endpoint{path: "/wsman", port: portHTTP}
	rest := s
	if strings.Contains(s, "://") {
		u, err := url.Parse(s)
		if err != nil || u.Host == "" {
			return bad("not a URL")
		}
		switch {
		case u.User != nil:
			return endpoint{}, errors.New("address: it holds a user or password; a secret belongs into a credential")
		case u.Scheme == "https":
			e.https, e.port = true, portHTTPS
		case u.Scheme != "http":
			return bad("not http or https")
		}
		if u.Path != "" && u.Path != "/" {
			e.path = u.Path
		}
		rest = u.Host
	} else if strings.ContainsAny(s, "/@ ") {
		return bad("not a host")
	}
	host, port, err := net.SplitHostPort(rest)
	if err != nil {
		host, port = strings.Trim(rest, "[]"), ""
	}
	if host == "" {
		return bad("no host")
	}
	e.host = host
	if port != "" {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 {
			return bad("not a port")
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
			return nil, errors.New("ca: and pin: are for HTTPS; write the address as https://host:5986/wsman")
		}
		return nil, nil
	}
	c := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: e.host}
	if ca != "" {
		pem, err := os.ReadFile(ca)
		if err != nil {
			return nil, fmt.Errorf("the file of ca: could not be read: %w", err)
		}
		c.RootCAs = x509.NewCertPool()
		if !c.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("ca: %s holds no certificate in PEM form", ca)
		}
	}
	if pin != "" {
		want, err := hex.DecodeString(strings.ReplaceAll(pin, ":", ""))
		if err != nil || len(want) != sha256.Size {
			return nil, errors.New("pin: is not the SHA-256 of a certificate (64 hexadecimal digits)")
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
