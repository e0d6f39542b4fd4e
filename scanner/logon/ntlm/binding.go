package ntlm

import (
	"crypto"
	"crypto/md5"
	_ "crypto/sha256" // for Endpoint
	_ "crypto/sha512"
	"crypto/x509"
	"encoding/binary"
)

// Endpoint is the channel binding of a TLS connection whose server showed this
// certificate: tls-server-end-point, RFC 5929 4.1. Nobody between can use a
// log-on that carries it on another connection.
func Endpoint(leaf *x509.Certificate) []byte {
	hash := crypto.SHA256
	switch leaf.SignatureAlgorithm {
	case x509.SHA384WithRSA, x509.ECDSAWithSHA384, x509.SHA384WithRSAPSS:
		hash = crypto.SHA384
	case x509.SHA512WithRSA, x509.ECDSAWithSHA512, x509.SHA512WithRSAPSS:
		hash = crypto.SHA512
	}
	h := hash.New()
	h.Write(leaf.Raw)
	return h.Sum([]byte("tls-server-end-point:"))
}

// bindingHash is the MD5 of a gss_channel_bindings_struct with no addresses
// (RFC 2744 3.11), and 16 zeros without a connection to bind to
// ([MS-NLMP] 3.1.5.1.2).
func bindingHash(data []byte) []byte {
	if data == nil {
		return make([]byte, 16)
	}
	b := make([]byte, 16) // two addresses: type and length, both nothing
	b = binary.LittleEndian.AppendUint32(b, uint32(len(data)))
	h := md5.Sum(append(b, data...))
	return h[:]
}
