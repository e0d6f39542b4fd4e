// Package socket holds what all tries of this machine share: which requests can be
// made, which class an error of the system is, what the error queue of a socket tells,
// and how many sockets may be open. Nothing above this package looks at an errno.
//
// It knows no single capability.
package socket
