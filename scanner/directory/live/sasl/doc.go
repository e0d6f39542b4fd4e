// Package sasl binds to a directory with a Kerberos ticket and seals what is said from
// then on (RFC 4752, RFC 4121). It gets no ticket itself and shows no secret.
package sasl
