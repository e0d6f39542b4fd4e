// Package wire holds the codecs of what kmsiso puts on the network and of what
// comes back: the first messages of IKEv1, AuthIP and IKEv2, the DCE/RPC bind,
// and ESP datagrams.
//
// It is pure: octets in, octets or facts out, no socket, no clock, no source
// of randomness. It cannot build an RPC request, and nothing in kmsiso can.
package wire
