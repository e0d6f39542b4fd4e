// Package ntlm makes the messages of an NTLMv2 log-on, and seals what follows
// it, as a client [MS-NLMP].
//
// A log-on names the service that it is for, so that a peer cannot pass it on to
// another one, and the TLS connection that it is made on. There is no LM and no
// NTLMv1. The package makes messages only: it opens no connection, and it does
// not decide whether one may be sent.
package ntlm
